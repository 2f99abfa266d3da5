/** One operation: typed by its document, of which only the id is sent. */

import type { TypedDocumentString } from '../generated/graphql';
import { token } from './session';
import { chinese, Failed, given, send } from './transport';

export async function run<R, V>(document: TypedDocumentString<R, V>, variables: V): Promise<R> {
  const body = { documentId: document.__meta__!.hash, variables };
  const held = await token();
  if (held === null) throw new Failed('NOWHERE', '请先扫码入驻。');
  let answer = await send('/graphql', body, held);
  if (answer.status === 401) answer = await send('/graphql', body, await token(held));
  return given(answer).data;
}

interface UserError {
  code: string;
  message: string;
  path?: readonly string[] | null;
}

/** What people call the fields of the forms: a refusal says which one it is about. */
const FIELDS: Record<string, string> = {
  displayName: '称呼',
  realName: '真实姓名',
  phone: '手机号',
  building: '楼栋',
  room: '室号',
  title: '标题',
  body: '正文',
  reason: '理由',
  categoryId: '分类',
};

/** What a change gave, or why it was refused: in Chinese, which stands first in every message. */
export function done<P extends { userErrors: readonly UserError[] }>(payload: P | null | undefined): P {
  const [refused] = payload?.userErrors ?? [];
  if (refused) {
    const field = FIELDS[refused.path?.slice(-1)[0] ?? ''];
    throw new Failed(refused.code, (field ? `${field}：` : '') + chinese(refused.message));
  }
  if (!payload) throw new Failed('UNKNOWN', '没有完成，请重试。');
  return payload;
}

/** A key for a form: made when it opens, and kept until what it sends has come about. */
export const key = (): string => {
  const random = () => Math.random().toString(36).slice(2, 10).padEnd(8, '0');
  return `${Date.now().toString(36)}-${random()}${random()}`;
};
