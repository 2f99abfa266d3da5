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

interface Reply extends Answer {
  wait: number;
}

const once = (path: string, data: object, token: string | null): Promise<Reply> =>
  new Promise((resolve) => {
    wx.request({
      url: API + path,
      method: 'POST',
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
export async function patiently<R extends Answer & { wait?: number }>(attempt: () => Promise<R>): Promise<R> {
  for (let tries = 1; ; tries += 1) {
    const reply = await taken(attempt);
    if (!PASSING.has(reply.status) || tries === TRIES) return reply;
    const pause = reply.wait || PAUSE * 2 ** (tries - 1);
    await new Promise((go) => setTimeout(go, Math.min(pause, LONGEST)));
  }
}

export const send = (path: string, data: object, token: string | null = null): Promise<Answer> =>
  patiently(() => once(path, data, token));

export const unreachable = (): Failed => new Failed('NO_ANSWER', '网络不通，请稍后再试。');
