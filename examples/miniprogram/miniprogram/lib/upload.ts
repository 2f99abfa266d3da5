/** One picture, as `wx.uploadFile` sends it; what was uploaded and never used is forgotten by the server. */

import { API } from '../config';
import { token } from './session';
import { Failed, patiently, unreachable, type Answer } from './transport';

const once = (filePath: string, held: string): Promise<Answer> =>
  new Promise((resolve) => {
    wx.uploadFile({
      url: `${API}/uploads`,
      filePath,
      name: 'file',
      header: { authorization: `Bearer ${held}` },
      // its data is a text, whatever it was
      success: ({ statusCode, data }) => resolve({ status: statusCode, data: JSON.parse(data) }),
      fail: ({ errMsg }) => resolve({ status: 0, data: errMsg }),
    });
  });

/** Upload a file; gives the id that `uploadIds` takes. */
export async function upload(filePath: string): Promise<string> {
  const held = await token();
  if (held === null) throw new Failed('NOWHERE', '请先扫码入驻。');
  let answer = await patiently(() => once(filePath, held));
  if (answer.status === 401) {
    const fresh = await token(held);
    answer = await patiently(() => once(filePath, fresh!));
  }
  if (answer.status === 0) throw unreachable();
  const [error] = answer.data.errors ?? [];
  if (error) throw new Failed(error.extensions.code, error.message.split(/(?<=。)/)[0], error.extensions.traceId);
  return answer.data.uploadId;
}
