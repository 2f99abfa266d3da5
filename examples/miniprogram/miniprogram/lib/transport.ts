/** One request over `wx.request`: at most ten at a time, sent again where its answer was lost. */

import { API } from '../config';

export interface Answer {
  /** 0 where there was no answer at all. */
  status: number;
  data: any;
}

/** The request failed as a whole: a code of the closed list, words for people, and the trace for whoever asks. */
export class Failed extends Error {
  constructor(readonly code: string, message: string, readonly trace = '') {
    super(message);
  }
}

const MOST = 10; // WeChat's own bound: what is over it waits there, out of sight
const TRIES = 8;
const PAUSE = 250; // ms, doubled each time
const LONGEST = 8000;
const TIMEOUT = 20000;
const PASSING = new Set([0, 429, 502, 503, 504]);

let running = 0;
const waiting: (() => void)[] = [];

export async function taken<T>(work: () => Promise<T>): Promise<T> {
  if (running < MOST) running += 1;
  else await new Promise<void>((go) => waiting.push(go));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

export interface Reply extends Answer {
  /** How long the server asks to wait, in ms; 0 where it does not say. */
  wait: number;
}

const once = (path: string, data: object, token: string | null, method: 'GET' | 'POST' = 'POST'): Promise<Reply> =>
  new Promise((resolve) => {
    wx.request({
      url: API + path,
      method,
      data,
      timeout: TIMEOUT,
      header: { accept: 'application/graphql-response+json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      // called for any status
      success: ({ statusCode, data, header }) => {
        const named = Object.keys(header).find((name) => name.toLowerCase() === 'retry-after');
        resolve({ status: statusCode, data, wait: named ? Number(header[named]) * 1000 : 0 });
      },
      fail: ({ errMsg }) => resolve({ status: 0, data: errMsg, wait: 0 }),
    });
  });

/** Try until there is an answer; what is tried must be safe to do twice. */
export async function patiently(attempt: () => Promise<Reply>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const reply = await taken(attempt);
    const pause = reply.wait || Math.min(PAUSE * 2 ** (tries - 1), LONGEST);
    if (!PASSING.has(reply.status) || tries === TRIES || pause > LONGEST) return reply;
    await new Promise((go) => setTimeout(go, pause));
  }
}

export const send = (path: string, data: object, token: string | null = null): Promise<Answer> =>
  patiently(() => once(path, data, token));

export const get = (path: string): Promise<Answer> => patiently(() => once(path, {}, null, 'GET'));

export const unreachable = (): Failed => new Failed('NO_ANSWER', '网络不通，请稍后再试。');

const WORDS: Record<string, string> = {
  RATE_LIMITED: '操作太频繁，请稍后再试。',
  TIMEOUT: '服务器忙，请稍后再试。',
  INTERNAL: '服务器出错了，请稍后再试。',
};

/** The Chinese of a message, which stands first. Looking behind in a pattern is not for iOS before 16.4. */
export const chinese = (message: string): string => message.slice(0, message.indexOf('。') + 1) || message;

/** The Chinese of a long text that has both languages, the Chinese first. */
export const chinesePart = (text: string): string => {
  const at = text.search(/[。！？）]\s*[A-Z]/);
  return at < 0 ? text : text.slice(0, at + 1);
};

/** What an answer gives; refused as a whole, or given by something before the API, it is a Failed. */
export function given({ status, data }: Answer): any {
  if (status === 0) throw unreachable();
  const [error] = data?.errors ?? [];
  if (error) {
    const code = error.extensions?.code ?? 'UNKNOWN';
    throw new Failed(code, WORDS[code] ?? chinese(error.message), error.extensions?.traceId);
  }
  if (status >= 300 || typeof data !== 'object') throw new Failed('NO_ANSWER', '服务暂时不可用，请稍后再试。');
  return data;
}
