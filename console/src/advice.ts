// What to do about each code: both closed lists of the schema, and nothing else (a test compares them).

interface Advice {
  zh: string;
  en: string;
}

// Said by this page itself, where there was no answer.
export const NO_ANSWER: Advice = { zh: '请检查网络和服务器，稍后再运行一次；修改用同一个幂等键重发是安全的。', en: 'Check the network and the server, then run it again; a change is safe to repeat with its key.' };

export const ADVICE: Record<string, Advice> = {
  // of a request: `errors[].extensions.code`
  UNAUTHENTICATED: { zh: '请先登录；令牌已过期或角色已变，则刷新令牌后再试一次。', en: 'Sign in first; if the token ended or roles changed, refresh it and try once more.' },
  FORBIDDEN: { zh: '您的角色或令牌的权限范围不够：换一位有此权限的人，或申请相应权限。', en: 'Your role, or the token’s scopes, do not reach: ask as somebody who has the scope.' },
  BAD_REQUEST: { zh: '请求本身有误，照消息改正后再发。', en: 'The request is malformed: put right what the message says.' },
  GRAPHQL_PARSE_FAILED: { zh: '语法有误，看消息中的行和列。', en: 'A syntax error: see the line and column.' },
  GRAPHQL_VALIDATION_FAILED: { zh: '文档与模式不符：字段、参数或类型写错了。', en: 'The document does not fit the schema: a field, argument or type is wrong.' },
  BAD_USER_INPUT: { zh: '变量的值不符合类型。', en: 'A variable’s value does not fit its type.' },
  BAD_CURSOR: { zh: '`after` 只能是同一列表给出的 `endCursor`。', en: '`after` must be an `endCursor` of the same list.' },
  QUERY_TOO_COMPLEX: { zh: '一次要得太多：少要几层、几条，或分几次查询。', en: 'Too much at once: fewer levels, fewer items, or several queries.' },
  RATE_LIMITED: { zh: '额度用完了，按 `retryAfter` 的秒数等一等。', en: 'The budget is spent: wait for `retryAfter` seconds.' },
  PERSISTED_QUERY_NOT_FOUND: { zh: '已发布的客户端只能发送已登记文档的 `documentId`。', en: 'A released client sends the `documentId` of a registered document.' },
  PERSISTED_QUERY_NOT_SUPPORTED: { zh: '不支持以散列代替文档：发送完整的文档，或已登记的 `documentId`。', en: 'No hash stands for a document here: send the document, or a registered `documentId`.' },
  TIMEOUT: { zh: '服务器忙，稍后再试；修改用同一个幂等键重发是安全的。', en: 'The server is busy: try again; a change is safe to repeat with its key.' },
  INTERNAL: { zh: '服务器出错了，请把追踪号告诉管理员。', en: 'A fault of the server: tell whoever runs it the trace id.' },
  // of a change: `userErrors[].code`
  INVALID: { zh: '按消息改正 `path` 所指的字段。', en: 'Put right the field that `path` names.' },
  TOO_LONG: { zh: '`path` 所指的内容太长或太多。', en: 'What `path` names is too long, or too many.' },
  REQUIRED: { zh: '`path` 所指的字段必填。', en: 'The field that `path` names is required.' },
  NOT_FOUND: { zh: '没有这个对象，或您看不到它：检查标识，或换一个您看得到的。', en: 'There is none, or you may not see it: check the id.' },
  WRONG_STATE: { zh: '当前状态不允许：重新读取，看 `viewerCan` 允许什么。', en: 'Not in its present state: read it again and see what `viewerCan` allows.' },
  ALREADY_DONE: { zh: '已经做过了，不必再做。', en: 'It was done already; nothing is left to do.' },
  VOTE_CLOSED: { zh: '表决已结束。', en: 'The vote is closed.' },
  NOT_ELIGIBLE: { zh: '您不在有权参加的人之列。', en: 'You are not among those entitled.' },
  CONTENT_REJECTED: { zh: '内容未通过检查，修改文字后再发。', en: 'The text was rejected: change the words.' },
  QUOTA_EXCEEDED: { zh: '数量已到上限，办结或删除一些后再试。', en: 'A limit is reached: finish or remove some first.' },
  VERSION_CONFLICT: { zh: '别人刚改过：重新读取，带上新的 `version` 再改。', en: 'Somebody changed it meanwhile: read it again and send the new `version`.' },
  IDEMPOTENCY_MISMATCH: { zh: '这个幂等键已用于别的内容：新的内容用新的键。', en: 'The key was used for something else: new words, new key.' },
  RULE_UNCONFIRMED: { zh: '所依据的规则尚未核实，不能据此办理。', en: 'The rule behind it is not confirmed yet: nothing can rest on it.' },
};
