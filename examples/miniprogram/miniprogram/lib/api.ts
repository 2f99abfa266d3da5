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
}

/** What a change gave, or why it was refused: in Chinese, which stands first in every message. */
export function done<P extends { userErrors: readonly UserError[] }>(payload: P | null | undefined): P {
  const [refused] = payload?.userErrors ?? [];
  if (refused) throw new Failed(refused.code, chinese(refused.message));
  if (!payload) throw new Failed('UNKNOWN', '没有完成，请重试。');
  return payload;
}

/** A key for a form: made when it opens, and kept until what it sends has come about. */
export const key = (): string => {
  const random = () => Math.random().toString(36).slice(2, 10).padEnd(8, '0');
  return `${Date.now().toString(36)}-${random()}${random()}`;
};
