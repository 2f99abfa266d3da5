/** Who is signed in. The refresh token outlives the app, in WeChat's storage; the access token does not. */

import { Failed, send, unreachable } from './transport';

export interface Place {
  org: string;
  name: string;
  state: string | null;
  roles: string[];
}

interface Pair {
  access_token: string | null;
  refresh_token: string;
  places: Place[];
}

const KEY = 'linli.refresh';
const CODES = 5;
let access: string | null = null;
let under: Promise<Pair> | null = null; // way: all who need a token wait for the same one

const login = (): Promise<string> =>
  new Promise((resolve, reject) => {
    wx.login({ success: ({ code }) => resolve(code), fail: () => reject(unreachable()) });
  });

/** Ask the door; the new refresh token is kept before the new access token is used. */
async function knock(path: string, given: object): Promise<Pair> {
  const { status, data } = await send(`/auth/${path}`, given);
  if (status === 0) throw unreachable();
  if (status !== 200) throw new Failed(data?.error ?? 'UNKNOWN', data?.error_description ?? '登录失败，请重试。');
  wx.setStorageSync(KEY, data.refresh_token);
  access = data.access_token;
  return data;
}

/** A code of `wx.login` is good once: where it was used and the answer lost, another is asked for. */
async function begin(codes = CODES): Promise<Pair> {
  try {
    return await knock('wechat', { code: await login() });
  } catch (error) {
    if (codes === 1 || !(error instanceof Failed) || error.code !== 'invalid_grant') throw error;
    return begin(codes - 1);
  }
}

async function renewed(): Promise<Pair> {
  const refresh = wx.getStorageSync(KEY);
  if (!refresh) return begin();
  try {
    return await knock('refresh', { refresh_token: refresh });
  } catch (error) {
    if (!(error instanceof Failed) || error.code !== 'invalid_grant') throw error;
    wx.removeStorageSync(KEY); // ended elsewhere, or too long ago
    return begin();
  }
}

/** Renew the pair, once however many ask. */
export function renew(): Promise<Pair> {
  under ??= renewed().finally(() => {
    under = null;
  });
  return under;
}

/** A token to send; null for whoever belongs nowhere yet. `stale` is one that was just refused. */
export async function token(stale: string | null = null): Promise<string | null> {
  if (access === null || access === stale) await renew();
  return access;
}

/** Become a guest of the community whose code was scanned. */
export async function join(code: string): Promise<void> {
  await token();
  await knock('join', { refresh_token: wx.getStorageSync(KEY), join_code: code });
}

/** The places where one is someone: known from the last pair, or from a new one. */
export async function places(): Promise<Place[]> {
  return (await renew()).places;
}

/** Go on in another of one's communities. */
export async function change(org: string): Promise<void> {
  await token();
  await knock('switch', { refresh_token: wx.getStorageSync(KEY), org });
}

/** Accept an invitation to an office; gives the places one has then. */
export async function accept(invitation: string): Promise<Place[]> {
  await token();
  return (await knock('accept', { refresh_token: wx.getStorageSync(KEY), invitation })).places;
}

/** End the session on this phone. Where the server is not reached, it is forgotten here all the same. */
export async function leave(): Promise<void> {
  await send('/auth/logout', { refresh_token: wx.getStorageSync(KEY) });
  wx.removeStorageSync(KEY);
  access = null;
}
