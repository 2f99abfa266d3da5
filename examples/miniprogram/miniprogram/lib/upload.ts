/** One picture, as `wx.uploadFile` sends it; what was uploaded and never used is forgotten by the server. */

import { API } from '../config';
import { token } from './session';
import { Failed, given, patiently, type Reply } from './transport';

const once = (filePath: string, held: string): Promise<Reply> =>
  new Promise((resolve) => {
    wx.uploadFile({
      url: `${API}/uploads`,
      filePath,
      name: 'file',
      header: { authorization: `Bearer ${held}` },
      success: ({ statusCode, data }) => resolve(reply(statusCode, data)),
      fail: ({ errMsg }) => resolve({ status: 0, data: errMsg, wait: 0 }),
    });
  });

/** Its data is a text, whatever it was, and its headers are not told: how long to wait stands in the error. */
function reply(status: number, text: string): Reply {
  try {
    const data = JSON.parse(text);
    return { status, data, wait: 1000 * (data.errors?.[0]?.extensions?.retryAfter ?? 0) };
  } catch {
    return { status, data: text, wait: 0 };
  }
}

/** Upload a file; gives the id that `uploadIds` takes. */
export async function upload(filePath: string): Promise<string> {
  const held = await token();
  if (held === null) throw new Failed('NOWHERE', '请先扫码入驻。');
  let answer = await patiently(() => once(filePath, held));
  if (answer.status === 401) {
    const fresh = await token(held);
    answer = await patiently(() => once(filePath, fresh!));
  }
  return given(answer).uploadId;
}
