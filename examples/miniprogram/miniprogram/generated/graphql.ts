/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** `applyForMembership` 的输入。The input of `applyForMembership`. */
export type ApplyForMembershipInput = {
  /** 楼栋，如 3号楼，1–20 字。Building, 1 to 20 characters. */
  building: string;
  /** 您已阅读的 IDENTITY 同意书版本。The version of the IDENTITY text that you agree to. */
  consentVersion: string;
  /** 邻居所见的称呼，可随意，1–30 字。What neighbours see, as you like, 1 to 30 characters. */
  displayName: string;
  /** 身份证号，可不填。Id number; may be left out. */
  idNumber?: string | null | undefined;
  /**
   * 幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。保留 7 天。
   * 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. Kept for 7 days.
   */
  idempotencyKey: string;
  /** 居住情况。How you belong to the household. */
  kind: ResidentKind;
  /**
   * 手机号，加密保存；大陆以外的号码写上国家或地区代码，须当面核实。
   * Mobile number, kept encrypted; beyond the mainland with its country's code, and checked in person.
   */
  phone: string;
  /** 真实姓名，加密保存，无理由不得查看，1–40 字。Real name, kept encrypted, shown to nobody without a reason, 1 to 40 characters. */
  realName: string;
  /** 室号，如 502，1–20 字。Room, 1 to 20 characters. */
  room: string;
};

/** `castBallot` 的输入。The input of `castBallot`. */
export type CastBallotInput = {
  /**
   * 名册上的哪一户，见 `Meeting.viewerEntries`；只有一户不必填。
   * The entry of the roll, as in `Meeting.viewerEntries`; left out where there is one.
   */
  entryId?: string | number | null | undefined;
  /**
   * 幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。保留 7 天。
   * 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. Kept for 7 days.
   */
  idempotencyKey: string;
  /**
   * 每个选项一个数：0 未选，1 选中（候选人：1 同意、2 反对；排序：1 为首选）。
   * One number for each option: 0 none, 1 chosen (candidates: 1 for, 2 against; ranked: 1 first).
   * 全为 0 即弃权。秘密投票不填。All 0 is an abstention. Left out of a secret vote.
   */
  marks?: Array<number> | null | undefined;
  /**
   * 改票时填您现有选票的 `version`；首次投票不填。
   * To change your ballot: its `version`. Left out for the first one.
   */
  replaces?: number | null | undefined;
  /** 秘密投票：在本机封好的 480 字节，base64。Of a secret vote: the 480 bytes sealed on this device, as base64. */
  sealed?: string | null | undefined;
  /** 投票。The vote. */
  voteId: string | number;
};

/** 个人信息的用途。What personal data is used for. */
export type ConsentPurpose =
  /** 核实居民身份。To check who a resident is. */
  | 'IDENTITY'
  /** 发送服务通知。To send service messages. */
  | 'SERVICE_MESSAGES';

/** 帖子或评论的状态。The state of a post or comment. */
export type ContentState =
  /** 作者已删除。Its author deleted it. */
  | 'DELETED'
  /** 待审，只有作者和居委可见。It waits to be checked; its author and the staff see it. */
  | 'HELD'
  /** 已隐藏，只有作者和居委可见。It was hidden; its author and the staff see it. */
  | 'HIDDEN'
  /** 可见。Members see it. */
  | 'PUBLISHED';

/** `createPost` 的输入。The input of `createPost`. */
export type CreatePostInput = {
  /** 版块。The board. */
  boardId: string | number;
  /** 正文，1–2500 字。Body, 1 to 2500 characters. */
  body: string;
  /**
   * 幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。保留 7 天。
   * 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. Kept for 7 days.
   */
  idempotencyKey: string;
  /** 标题，1–80 字。Title, 1 to 80 characters. */
  title: string;
  /**
   * 图片，至多 9 张：`POST /uploads` 所得的 `uploadId`，各用一次。
   * Images, 9 at most: an `uploadId` of `POST /uploads` each, to be used once.
   */
  uploadIds?: Array<string | number>;
};

/** `markRead` 的输入。The input of `markRead`. */
export type MarkReadInput = {
  /** 帖子，最多 50 个。The posts, at most 50. */
  postIds: Array<string | number>;
};

/**
 * 成员资格的状态；只有 ACTIVE 可发言、提诉求、表决。
 * The state of a membership; only ACTIVE members may post, petition and vote.
 */
export type MemberState =
  /** 正式成员。A member. */
  | 'ACTIVE'
  /** 已注销，个人信息已删除。Erased; the personal data is gone. */
  | 'ANONYMISED'
  /** 已申请，待实名。Applied; the real name is not checked yet. */
  | 'APPLIED'
  /** 已实名，待提交。The real name is checked; not submitted yet. */
  | 'IDENTITY_OK'
  /** 已迁出。Left the community. */
  | 'MOVED_OUT'
  /** 已退回，可改后重报。Returned by the committee; may apply again. */
  | 'RETURNED'
  /** 暂停资格，只能浏览和申诉。Suspended; may read and appeal. */
  | 'SUSPENDED'
  /** 待居委审核。Submitted; waits for the committee. */
  | 'UNDER_REVIEW';

/** 诉求上发生的事。What happened to a petition. */
export type PetitionAction =
  /** 受理。Its desk took it on. */
  | 'ACCEPTED'
  /** 首次响应超时。The limit for the first response passed. */
  | 'ACK_OVERDUE'
  /** 答复。Its desk answered. */
  | 'ANSWERED'
  /** 系统回访。The system asked its author whether it is solved. */
  | 'ASKED_BACK'
  /** 派单。It was assigned to a handler or department. */
  | 'ASSIGNED'
  /** 办结。It was closed. */
  | 'CLOSED'
  /** 派单有异议。Who it was assigned to disputes the assignment. */
  | 'DISPUTED'
  /** 上报。It went up a level. */
  | 'ESCALATED'
  /** 延期。Its limit was extended. */
  | 'EXTENDED'
  /** 联名达到人数。Enough residents signed it. */
  | 'GOAL_REACHED'
  /** 由旧系统导入。It was imported from another system. */
  | 'IMPORTED'
  /** 要求补充。Its desk asked for more information. */
  | 'INFORMATION_REQUESTED'
  /** 并入另一诉求。It was merged into another petition. */
  | 'MERGED'
  /** 记录。A note was added. */
  | 'NOTED'
  /** 本人评价。Its author said whether it is solved. */
  | 'RATED'
  /** 不予受理。Its desk did not take it on. */
  | 'REFUSED'
  /** 重新打开。Its author opened it again. */
  | 'REOPENED'
  /** 办结超时。The limit for the answer passed. */
  | 'RESOLVE_OVERDUE'
  /** 补充后再提交。Its author sent more information. */
  | 'RESUBMITTED'
  /** 复查决定。The level above decided the review. */
  | 'REVIEWED'
  /** 申请复查。Its author asked the level above for a review. */
  | 'REVIEW_REQUESTED'
  /** 开始办理。Work on it began. */
  | 'STARTED'
  /** 提交。It was submitted. */
  | 'SUBMITTED'
  /** 被督办。An order was issued about it. */
  | 'SUPERVISED'
  /** 并入了另一诉求。Another petition was merged into it. */
  | 'TOOK_IN'
  /** 撤回。Its author withdrew it. */
  | 'WITHDRAWN';

/** 诉求上的事由谁所为。Who acted on a petition. */
export type PetitionActor =
  /** 诉求人。Its author. */
  | 'AUTHOR'
  /** 办理台。The desk that has it. */
  | 'DESK'
  /** 联名人。Somebody who signed it. */
  | 'SUPPORTER'
  /** 系统。The system. */
  | 'SYSTEM';

/** 诉求写给谁。To whom a petition was addressed. */
export type PetitionAddressee =
  /** 居委。The residents' committee. */
  | 'COMMUNITY'
  /** 越级致职能部门。A department, past the committee. */
  | 'DEPARTMENT'
  /** 越级致街镇。The street, past the committee. */
  | 'STREET';

/** 诉求的种类。What a petition asks for. */
export type PetitionKind =
  /** 投诉。A remedy for a complaint. */
  | 'COMPLAINT'
  /** 咨询。Advice. */
  | 'CONSULTATION'
  /** 求助。Help. */
  | 'HELP'
  /** 举报。That a wrong be looked into. */
  | 'REPORT'
  /** 建议。That a suggestion be considered. */
  | 'SUGGESTION';

/** 诉求所在的层级。The level that a petition has reached. */
export type PetitionLevel =
  /** 社区。The community. */
  | 'COMMUNITY'
  /** 区。The district. */
  | 'DISTRICT'
  /** 街镇。The street or town. */
  | 'STREET';

/** 谁能看到诉求。Who may read a petition. */
export type PetitionSecrecy =
  /** 本社区成员。Members of the community. */
  | 'MEMBERS'
  /** 不公开，只有诉求人和办理台。Its author and its desks alone. */
  | 'PRIVATE'
  /** 公开。Everybody in the community, guests too. */
  | 'PUBLIC';

/** 是否解决，只由诉求人说。Whether it is solved, as its author says and nobody else. */
export type PetitionSolved =
  /** 未解决。It is not solved. */
  | 'NO'
  /** 部分解决。It is solved in part. */
  | 'PARTLY'
  /** 已解决。It is solved. */
  | 'YES';

/** 诉求的状态。The state of a petition. */
export type PetitionState =
  /** 已受理。Its desk took it on. */
  | 'ACCEPTED'
  /** 已答复。Answered by its desk. */
  | 'ANSWERED'
  /** 已派单。Assigned to a handler or a department. */
  | 'ASSIGNED'
  /** 回访中，待诉求人评价。Its author is asked whether it is solved. */
  | 'CALLBACK'
  /** 已办结。Closed. */
  | 'CLOSED'
  /** 派单有异议，时限暂停。The assignment is disputed; the clocks stand still. */
  | 'DISPUTED'
  /** 已上报，待上级受理。Went up a level; waits for the desk there. */
  | 'ESCALATED'
  /** 办理中。Being worked on. */
  | 'IN_PROGRESS'
  /** 已并入另一诉求。Merged into another petition. */
  | 'MERGED'
  /** 不予受理。Its desk did not take it on. */
  | 'NOT_ACCEPTED'
  /** 待诉求人补充，时限暂停。Waits for more from its author; the clocks stand still. */
  | 'RETURNED'
  /** 复查中，由上一级决定。The level above is asked to review the answer. */
  | 'REVIEW_REQUESTED'
  /** 已提交，待办理台受理。Sent; waits for its desk. */
  | 'SUBMITTED'
  /** 已撤回。Withdrawn by its author. */
  | 'WITHDRAWN';

/** `recordCallback` 的输入。The input of `recordCallback`. */
export type RecordCallbackInput = {
  /**
   * 幂等键，可不填；填了，断网后以同一个键重试，答的是所做之事，而非已经做过。保留 7 天。
   * May be left out; a retry with the same one is told what was done, and not that it is done already. Kept for 7 days.
   */
  idempotencyKey?: string | null | undefined;
  /** 意见，≤1000 字。In words, at most 1000 characters. */
  note?: string | null | undefined;
  /** 诉求。The petition. */
  petitionId: string | number;
  /** 满意度，1–5。Satisfaction, 1 to 5. */
  satisfaction: number;
  /** 是否解决。Whether it is solved. */
  solved: PetitionSolved;
};

/** 居民与住所的关系。How a resident relates to the home. */
export type ResidentKind =
  /** 业主，不在此居住。Owns it and lives elsewhere. */
  | 'ABSENT_OWNER'
  /** 户籍在此。Registered there. */
  | 'REGISTERED'
  /** 租户。Rents it. */
  | 'RENTER';

/** 监票人代表哪一方。On whose behalf a scrutineer keeps a key. */
export type ScrutineerSide =
  /** 居委。The residents' committee. */
  | 'COMMITTEE'
  /** 律师或公证。A lawyer or notary. */
  | 'LAWYER'
  /** 程序自动监票。A program, with nobody watching it. */
  | 'PROGRAM'
  /** 居民。The residents. */
  | 'RESIDENTS'
  /** 街道。The street. */
  | 'STREET'
  /** 居务监督。The supervisors of the committee. */
  | 'SUPERVISORS';

/** `submitForReview` 的输入。The input of `submitForReview`. */
export type SubmitForReviewInput = {
  /**
   * 幂等键，可不填；填了，断网后以同一个键重试，答的是所做之事，而非已经做过。保留 7 天。
   * May be left out; a retry with the same one is told what was done, and not that it is done already. Kept for 7 days.
   */
  idempotencyKey?: string | null | undefined;
};

/** `submitPetition` 的输入。The input of `submitPetition`. */
export type SubmitPetitionInput = {
  /** 致居委，或越级。The committee; or past it, who then does not see a private one. */
  addressee?: PetitionAddressee;
  /** 正文，1–10000 字。Body, 1 to 10000 characters. */
  body: string;
  /** 分类。Its category. */
  categoryId: string | number;
  /** 致部门时：哪个部门。Which department, if to one. */
  departmentId?: string | number | null | undefined;
  /** 联名依据的规则。The rule by which signatures are collected. */
  goalRuleId?: string | number | null | undefined;
  /**
   * 幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。保留 7 天。
   * 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. Kept for 7 days.
   */
  idempotencyKey: string;
  /** 类别。What is asked for. */
  kind: PetitionKind;
  /** 地点，≤200 字。Where, in words, at most 200 characters. */
  location?: string | null | undefined;
  /** 谁能看。Who may read it: nobody else, by default. */
  secrecy?: PetitionSecrecy;
  /** 标题，1–100 字。Title, 1 to 100 characters. */
  title: string;
  /**
   * 图片，至多 9 张：`POST /uploads` 所得的 `uploadId`，各用一次。
   * Images, 9 at most: an `uploadId` of `POST /uploads` each, to be used once.
   */
  uploadIds?: Array<string | number>;
};

/**
 * 修改被拒绝的原因；今后可能增加，客户端须容忍未知的值。
 * Why a change was refused; the list may grow, and clients must bear unknown values.
 */
export type UserErrorCode =
  /** 已经做过了。It was done already. */
  | 'ALREADY_DONE'
  /** 内容未通过检查。The text did not pass its check. */
  | 'CONTENT_REJECTED'
  /** 看得到，但不许做。You see it and may not do this. */
  | 'FORBIDDEN'
  /** 幂等键已用于别的请求。The key was used with another input. */
  | 'IDEMPOTENCY_MISMATCH'
  /** 输入有误。The input is invalid. */
  | 'INVALID'
  /** 没有表决资格。You are not eligible. */
  | 'NOT_ELIGIBLE'
  /** 没有找到，或您看不到。It is missing, or not for you to see. */
  | 'NOT_FOUND'
  /** 超出数量限制。A limit of number is reached. */
  | 'QUOTA_EXCEEDED'
  /** 缺少必填的内容。Something required is missing. */
  | 'REQUIRED'
  /** 所依据的规定尚未核实。The rule that it rests on is not confirmed. */
  | 'RULE_UNCONFIRMED'
  /** 文字太长。A text is too long. */
  | 'TOO_LONG'
  /** 已被他人修改，请刷新后重试。Somebody changed it meanwhile: read it again. */
  | 'VERSION_CONFLICT'
  /** 表决已结束。The vote is closed. */
  | 'VOTE_CLOSED'
  /** 当前状态不允许。Its present state does not allow it. */
  | 'WRONG_STATE';

/** `verifyPhone` 的输入。The input of `verifyPhone`. */
export type VerifyPhoneInput = {
  /** `getPhoneNumber` 按钮给出的 code，五分钟内一次有效。From the button; five minutes, once. */
  code: string;
};

/** 选票怎样填写。How a ballot is marked. */
export type VoteMethod =
  /** 对每位候选人同意或反对。For or against each candidate. */
  | 'CANDIDATES'
  /** 选若干项。Some of the options. */
  | 'MULTIPLE'
  /** 同意或反对，不选为弃权。For or against; no mark is an abstention. */
  | 'PROPOSAL'
  /** 按喜好排序。An order of preference. */
  | 'RANKED'
  /** 选一项。One of the options. */
  | 'SINGLE';

/** 计票的结果。What a count comes to. */
export type VoteOutcome =
  /** 意见最多，仅供参考。Most want it; of a poll, which decides nothing. */
  | 'CHOSEN'
  /** 未形成有效决定：参与数不足。No valid decision: too few took part; nothing is decided. */
  | 'FAILED_QUORUM'
  /** 未形成有效决定：同意数不足。No valid decision: too few votes for it; nothing else is decided. */
  | 'FAILED_VOTES'
  /** 表决通过。Passed. */
  | 'PASSED'
  /** 票数相同，未分先后。Equal votes; a tie is a result and is not broken. */
  | 'TIE';

/** 谁知道谁怎么投。Who learns how somebody voted. */
export type VoteSecrecy =
  /** 记名投票。By name; the list is published with the result. */
  | 'RECORDED'
  /** 秘密投票，选票在手机上封好，由三位监票人中的两位先后开封。Secret: sealed on the voter's device, opened by two of three scrutineers. */
  | 'SECRET';

/** 投票的进展。How far a vote is. */
export type VoteState =
  /** 法院已撤销。Annulled by a court. */
  | 'ANNULLED'
  /** 已截止。Closed for ballots; a poll ends so, with its result published. */
  | 'CLOSED'
  /** 已截止，监票人正在开票。Closed; the scrutineers open the secret ballots. */
  | 'COUNTING'
  /** 未开始。Drafted or scheduled; not open yet. */
  | 'DRAFT'
  /** 结果已生效。The objection period is over. */
  | 'FINAL'
  /** 已公告，名册可提异议。Announced; the roll may be objected to. */
  | 'NOTICED'
  /** 投票中。Open for ballots. */
  | 'OPEN'
  /** 已责令改正。The district or street ordered a correction. */
  | 'ORDERED_TO_CORRECT'
  /** 结果已公布，可提异议。The result is published; it may be objected to. */
  | 'PUBLISHED'
  /** 已被上级会议撤销。Revoked by the meeting that may do so. */
  | 'REVOKED'
  /** 已计票，待确认公布。Counted; waits to be certified and published. */
  | 'TALLIED'
  /** 已作废，不算数。Void: it decides nothing, whatever was counted. */
  | 'VOID';

/** 投票的用途。What a vote is for. */
export type VoteTrack =
  /** 会议表决事项。A matter of a meeting, decided by its rule set. */
  | 'DECISION'
  /** 意见征询，不具约束力。A question to neighbours, which decides nothing. */
  | 'POLL';

/** 按什么计票；各项分开计，从不相加。What is counted; units are never added. */
export type VoteUnit =
  /** 专有部分面积。Area of exclusive parts, in 0.01 m². */
  | 'AREA'
  /** 业主人数。Owners, one for each owner or group of co-owners. */
  | 'HEADS'
  /** 户数。Households. */
  | 'HOUSEHOLDS'
  /** 组成人员数。Members of a committee or of a representatives' meeting. */
  | 'MEMBERS'
  /** 人数。Persons. */
  | 'PERSONS'
  /** 代表数。Representatives. */
  | 'REPRESENTATIVES';

export type BoardQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type BoardQuery = { board: { id: string, viewerCan: { createPost: { allowed: boolean, message: string | null } }, pinnedPosts: Array<{ id: string, title: string, body: string, createdAt: string, pinned: boolean, commentCount: number, author: { displayName: string, building: string | null } | null, images: Array<{ url: string, thumbnailUrl: string }> }>, posts: { nodes: Array<{ id: string, title: string, body: string, createdAt: string, pinned: boolean, commentCount: number, author: { displayName: string, building: string | null } | null, images: Array<{ url: string, thumbnailUrl: string }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type PostCardFragment = { id: string, title: string, body: string, createdAt: string, pinned: boolean, commentCount: number, author: { displayName: string, building: string | null } | null, images: Array<{ url: string, thumbnailUrl: string }> };

export type CreatePostMutationVariables = Exact<{
  input: CreatePostInput;
}>;


export type CreatePostMutation = { createPost: { post: { id: string, state: ContentState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type HomeQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeQuery = { viewer: { displayName: string, member: { state: MemberState } | null, community: { name: string } | null, petitions: { nodes: Array<{ id: string, title: string, state: PetitionState, isOpen: boolean, clocks: { acknowledgeDueAt: string, isAcknowledgementOverdue: boolean, respondedAt: string | null, resolveDueAt: string, isResolutionOverdue: boolean, isPaused: boolean } }> } | null } | null, board: { unreadCount: number | null, posts: { nodes: Array<{ id: string, title: string, body: string, createdAt: string, viewerHasRead: boolean }> } } | null };

export type MarkReadMutationVariables = Exact<{
  input: MarkReadInput;
}>;


export type MarkReadMutation = { markRead: { readIds: Array<string>, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } | null };

export type JoinQueryVariables = Exact<{ [key: string]: never; }>;


export type JoinQuery = { viewer: { id: string, member: { state: MemberState, record: { returnReason: string | null } | null } | null } | null, community: { name: string } | null, consentTexts: Array<{ purpose: ConsentPurpose, version: string, text: string }> | null };

export type ApplyMutationVariables = Exact<{
  input: ApplyForMembershipInput;
}>;


export type ApplyMutation = { applyForMembership: { member: { state: MemberState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type VerifyPhoneMutationVariables = Exact<{
  input: VerifyPhoneInput;
}>;


export type VerifyPhoneMutation = { verifyPhone: { userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } | null };

export type SubmitForReviewMutationVariables = Exact<{
  input: SubmitForReviewInput;
}>;


export type SubmitForReviewMutation = { submitForReview: { member: { state: MemberState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } | null };

export type CategoriesQueryVariables = Exact<{ [key: string]: never; }>;


export type CategoriesQuery = { community: { petitionCategories: Array<{ id: string, topic: string, name: string }> } | null };

export type SubmitPetitionMutationVariables = Exact<{
  input: SubmitPetitionInput;
}>;


export type SubmitPetitionMutation = { submitPetition: { petition: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type FollowPetitionQueryVariables = Exact<{
  id: string | number;
}>;


export type FollowPetitionQuery = { petition: { id: string, title: string, body: string, state: PetitionState, level: PetitionLevel, submittedAt: string, images: Array<{ url: string, thumbnailUrl: string }>, clocks: { acknowledgeDueAt: string, isAcknowledgementOverdue: boolean, respondedAt: string | null, resolveDueAt: string, isResolutionOverdue: boolean, isPaused: boolean }, answer: { body: string, answeredAt: string } | null, events: { nodes: Array<{ at: string, action: PetitionAction, actorKind: PetitionActor, body: string | null }> }, viewerCan: { recordCallback: { allowed: boolean }, withdrawPetition: { allowed: boolean } } } | null };

export type RecordCallbackMutationVariables = Exact<{
  input: RecordCallbackInput;
}>;


export type RecordCallbackMutation = { recordCallback: { petition: { id: string, state: PetitionState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } | null };

export type VotesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type VotesQuery = { community: { open: { nodes: Array<{ id: string, track: VoteTrack, state: VoteState, question: string, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, viewerIsOnRoll: boolean, viewerBallot: { version: number } | null, viewerEnvelope: { version: number } | null }> } | null, votes: { nodes: Array<{ id: string, track: VoteTrack, state: VoteState, question: string, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, viewerIsOnRoll: boolean, viewerBallot: { version: number } | null, viewerEnvelope: { version: number } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type VoteCardFragment = { id: string, track: VoteTrack, state: VoteState, question: string, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, viewerIsOnRoll: boolean, viewerBallot: { version: number } | null, viewerEnvelope: { version: number } | null };

export type FollowVoteQueryVariables = Exact<{
  id: string | number;
}>;


export type FollowVoteQuery = { node:
    | { id: string, track: VoteTrack, state: VoteState, question: string, details: string | null, method: VoteMethod, mostMarks: number, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, eligible: number | null, turnoutPercent: number | null, viewerIsOnRoll: boolean, secrecy: VoteSecrecy, publishedAt: string | null, filePath: string | null, options: Array<{ position: number, label: string }>, meeting: { title: string } | null, scrutineers: Array<{ name: string, side: ScrutineerSide }>, notice: { body: string } | null, viewerBallot: { marks: Array<number>, castAt: string, version: number } | null, viewerEnvelope: { hash: string, castAt: string, version: number, receipt: string, signature: string } | null, viewerCan: { castBallot: { allowed: boolean, message: string | null } }, result: { outcome: VoteOutcome, winners: Array<number>, rounds: Array<number>, tallies: Array<{ unit: VoteUnit, eligible: number, attending: number | null, participating: number, votes: Array<number>, against: Array<number>, abstained: number, void: number }>, trace: Array<{ sentence: string, isMet: boolean }> } | null, ballots: { totalCount: number, nodes: Array<{ marks: Array<number>, voter: { displayName: string, building: string | null } | null }> } }
    | Record<PropertyKey, never>
   | null };

export type CastBallotMutationVariables = Exact<{
  input: CastBallotInput;
}>;


export type CastBallotMutation = { castBallot: { vote: { id: string, track: VoteTrack, state: VoteState, question: string, details: string | null, method: VoteMethod, mostMarks: number, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, eligible: number | null, turnoutPercent: number | null, viewerIsOnRoll: boolean, secrecy: VoteSecrecy, publishedAt: string | null, filePath: string | null, options: Array<{ position: number, label: string }>, meeting: { title: string } | null, scrutineers: Array<{ name: string, side: ScrutineerSide }>, notice: { body: string } | null, viewerBallot: { marks: Array<number>, castAt: string, version: number } | null, viewerEnvelope: { hash: string, castAt: string, version: number, receipt: string, signature: string } | null, viewerCan: { castBallot: { allowed: boolean, message: string | null } }, result: { outcome: VoteOutcome, winners: Array<number>, rounds: Array<number>, tallies: Array<{ unit: VoteUnit, eligible: number, attending: number | null, participating: number, votes: Array<number>, against: Array<number>, abstained: number, void: number }>, trace: Array<{ sentence: string, isMet: boolean }> } | null, ballots: { totalCount: number, nodes: Array<{ marks: Array<number>, voter: { displayName: string, building: string | null } | null }> } } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type VoteScreenFragment = { id: string, track: VoteTrack, state: VoteState, question: string, details: string | null, method: VoteMethod, mostMarks: number, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, eligible: number | null, turnoutPercent: number | null, viewerIsOnRoll: boolean, secrecy: VoteSecrecy, publishedAt: string | null, filePath: string | null, options: Array<{ position: number, label: string }>, meeting: { title: string } | null, scrutineers: Array<{ name: string, side: ScrutineerSide }>, notice: { body: string } | null, viewerBallot: { marks: Array<number>, castAt: string, version: number } | null, viewerEnvelope: { hash: string, castAt: string, version: number, receipt: string, signature: string } | null, viewerCan: { castBallot: { allowed: boolean, message: string | null } }, result: { outcome: VoteOutcome, winners: Array<number>, rounds: Array<number>, tallies: Array<{ unit: VoteUnit, eligible: number, attending: number | null, participating: number, votes: Array<number>, against: Array<number>, abstained: number, void: number }>, trace: Array<{ sentence: string, isMet: boolean }> } | null, ballots: { totalCount: number, nodes: Array<{ marks: Array<number>, voter: { displayName: string, building: string | null } | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const PostCardFragmentDoc = new TypedDocumentString(`
    fragment PostCard on Post {
  id
  title
  body
  createdAt
  pinned
  commentCount
  author {
    displayName
    building
  }
  images {
    url
    thumbnailUrl
  }
}
    `, {"fragmentName":"PostCard"}) as unknown as TypedDocumentString<PostCardFragment, unknown>;
export const VoteCardFragmentDoc = new TypedDocumentString(`
    fragment VoteCard on Vote {
  id
  track
  state
  question
  opensAt
  closesAt
  objectionsUntil
  voidReason
  overturnReason
  viewerIsOnRoll
  viewerBallot {
    version
  }
  viewerEnvelope {
    version
  }
}
    `, {"fragmentName":"VoteCard"}) as unknown as TypedDocumentString<VoteCardFragment, unknown>;
export const VoteScreenFragmentDoc = new TypedDocumentString(`
    fragment VoteScreen on Vote {
  id
  track
  state
  question
  details
  method
  mostMarks
  opensAt
  closesAt
  objectionsUntil
  voidReason
  overturnReason
  eligible
  turnoutPercent
  viewerIsOnRoll
  options {
    position
    label
  }
  meeting {
    title
  }
  secrecy
  publishedAt
  filePath
  scrutineers {
    name
    side
  }
  notice {
    body
  }
  viewerBallot {
    marks
    castAt
    version
  }
  viewerEnvelope {
    hash
    castAt
    version
    receipt
    signature
  }
  viewerCan {
    castBallot {
      allowed
      message
    }
  }
  result {
    outcome
    winners
    rounds
    tallies {
      unit
      eligible
      attending
      participating
      votes
      against
      abstained
      void
    }
    trace {
      sentence
      isMet
    }
  }
  ballots(first: 50) {
    totalCount
    nodes {
      marks
      voter {
        displayName
        building
      }
    }
  }
}
    `, {"fragmentName":"VoteScreen"}) as unknown as TypedDocumentString<VoteScreenFragment, unknown>;
export const BoardDocument = {"__meta__":{"hash":"sha256:35d67cb1b3725b4b9e2cc257b7f28b4b528f90ca20874b40571a63b82eddc586"}} as unknown as TypedDocumentString<BoardQuery, BoardQueryVariables>;
export const CreatePostDocument = {"__meta__":{"hash":"sha256:660140f63b9aa4f0d435357422d07ced7e16e4225b42621363817c3df628256b"}} as unknown as TypedDocumentString<CreatePostMutation, CreatePostMutationVariables>;
export const HomeDocument = {"__meta__":{"hash":"sha256:9674cdb4afe8a95324fce5645a1d28fea0951ca014baf706e0c8bab8b428286f"}} as unknown as TypedDocumentString<HomeQuery, HomeQueryVariables>;
export const MarkReadDocument = {"__meta__":{"hash":"sha256:40470dbd1d3a9b22609c833e0430b317f16b1db32ec2c2f063c3955669577a9a"}} as unknown as TypedDocumentString<MarkReadMutation, MarkReadMutationVariables>;
export const JoinDocument = {"__meta__":{"hash":"sha256:d87e3708c75f1bc435db6c8f687900dc8010ca8ea0c9d083aad99c5b19f6b5bd"}} as unknown as TypedDocumentString<JoinQuery, JoinQueryVariables>;
export const ApplyDocument = {"__meta__":{"hash":"sha256:dd4eedb772cd381fe984bf3b06cb057f57fc68e4fa2b85da1d1958a4cca694f9"}} as unknown as TypedDocumentString<ApplyMutation, ApplyMutationVariables>;
export const VerifyPhoneDocument = {"__meta__":{"hash":"sha256:293e2876de1668109d39d47686315cf77a055e158ab906b2e2d88b6c6805bbef"}} as unknown as TypedDocumentString<VerifyPhoneMutation, VerifyPhoneMutationVariables>;
export const SubmitForReviewDocument = {"__meta__":{"hash":"sha256:10e70beec22b65055faf4722d9d9ffadc863d2e2c7368981a914619a29bb2626"}} as unknown as TypedDocumentString<SubmitForReviewMutation, SubmitForReviewMutationVariables>;
export const CategoriesDocument = {"__meta__":{"hash":"sha256:535c78662a4cc42d4a9696a06b1bfa1edac869dcf926aeab9521ed176f3e2266"}} as unknown as TypedDocumentString<CategoriesQuery, CategoriesQueryVariables>;
export const SubmitPetitionDocument = {"__meta__":{"hash":"sha256:8466bba37a335250ff2c997b6befe2efb991b9237f8f3fb1e7c7d779adc70b06"}} as unknown as TypedDocumentString<SubmitPetitionMutation, SubmitPetitionMutationVariables>;
export const FollowPetitionDocument = {"__meta__":{"hash":"sha256:39a6959d063064733b71f5da9b14097830d5c79ad1bb4c7cb6074e3be3ef03c9"}} as unknown as TypedDocumentString<FollowPetitionQuery, FollowPetitionQueryVariables>;
export const RecordCallbackDocument = {"__meta__":{"hash":"sha256:b07d8bd476e115739fbc2d058b5788b060a24ba6123a18233417ad40c6d630fd"}} as unknown as TypedDocumentString<RecordCallbackMutation, RecordCallbackMutationVariables>;
export const VotesDocument = {"__meta__":{"hash":"sha256:89607df899f0612bf0e5248bfd7576f820490d0d39e896ad59abb44f139c20f6"}} as unknown as TypedDocumentString<VotesQuery, VotesQueryVariables>;
export const FollowVoteDocument = {"__meta__":{"hash":"sha256:7c7bfd5381aff8d6557d5115c67e36508fa2e761bf07b21fb41feb6316afe397"}} as unknown as TypedDocumentString<FollowVoteQuery, FollowVoteQueryVariables>;
export const CastBallotDocument = {"__meta__":{"hash":"sha256:7061e2634222171e949f316fbed8159d1dcfb753b184989d8a9a7c919a503ff0"}} as unknown as TypedDocumentString<CastBallotMutation, CastBallotMutationVariables>;