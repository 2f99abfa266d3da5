/** A secret vote on this phone: the ballot is sealed here, and only here is it known what was chosen. */

import type { VoteScreenFragment } from '../generated/graphql';
import { inWords } from './ballot';
import { fromHex, toHex } from './bytes';
import { moment } from './page';
import { hashOf, leaf, listed, number, sealed } from './sealing';
import { get } from './transport';

/** What the phone keeps of its ballot; whoever is shown it knows the choice, and can show where it was lost. */
interface Kept {
  seed: string;
  marks: number[];
  replaces: number | null;
  hash: string;
  leaf: string;
  receipt: string;
  signature: string;
}

const place = (vote: string): string => `ballot ${vote}`;
const sent = (vote: string): string => `ballot sent ${vote}`;
const read = (key: string): Kept | null => (wx.getStorageSync(key) as Kept | '') || null;

const drawn = (): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    wx.getRandomValues({ length: 32, success: ({ randomValues }) => resolve(new Uint8Array(randomValues)), fail: () => reject(new Error('手机没有给出随机数，请重试。')) });
  });

/** The bytes to send for these marks. The same again where the answer was lost: one choice, one envelope. */
export async function envelope(vote: VoteScreenFragment, marks: number[], replaces: number | null): Promise<string> {
  const before = read(sent(vote.id));
  const isSame = before !== null && before.replaces === replaces && before.marks.join() === marks.join();
  const seed = isSame ? fromHex(before.seed) : await drawn();
  const ballot = sealed(vote.notice!.body, seed, marks);
  const kept: Kept = { seed: toHex(seed), marks, replaces, hash: hashOf(ballot), leaf: leaf(ballot), receipt: '', signature: '' };
  wx.setStorageSync(sent(vote.id), kept);
  return wx.arrayBufferToBase64(ballot.buffer as ArrayBuffer);
}

/** Keep the ballot that was sent, once the server gave its receipt. */
export function settle(vote: VoteScreenFragment): void {
  const own = vote.viewerEnvelope;
  const last = read(sent(vote.id));
  if (!own || last?.hash !== own.hash) return;
  wx.setStorageSync(place(vote.id), { ...last, receipt: own.receipt, signature: own.signature });
  wx.removeStorageSync(sent(vote.id));
}

/** The marks of the ballot that lies in the urn, as far as this phone knows them. */
export const known = (vote: VoteScreenFragment): number[] | null => {
  const kept = read(place(vote.id));
  return kept && kept.hash === vote.viewerEnvelope?.hash ? kept.marks : null;
};

/** What the voter's own ballot is, or what is wrong with it. */
export function own(vote: VoteScreenFragment): string {
  const kept = read(place(vote.id));
  const envelope = vote.viewerEnvelope;
  if (!envelope) return kept ? '服务器上没有您的选票，本机却有它的回执。请再投一次，并告诉监票人。' : '';
  const marks = known(vote);
  if (marks) return `${inWords(vote, marks)}（${moment(envelope.castAt)}，只有这部手机知道）`;
  return '您的选票已收到，但不是这部手机上投的这一张。如果您没有在别处投过票，请再投一次，并告诉监票人。';
}

/** Who keeps the keys, said before somebody votes. */
export const holders = ({ scrutineers }: VoteScreenFragment): string =>
  scrutineers.map(({ name, side }) => (side === 'PROGRAM' ? `${name}（程序）` : name)).join('、');

/** Look for the own ballot in the published file; empty where there is nothing to look for yet. */
export async function found(vote: VoteScreenFragment): Promise<string> {
  const kept = read(place(vote.id));
  if (!kept || !vote.publishedAt || !vote.filePath) return '';
  const { status, data } = await get(vote.filePath);
  if (status !== 200) return '';
  const seed = fromHex(kept.seed);
  if (!data.urn.includes(kept.leaf)) return '公布的票箱里没有您的选票，而服务器给过回执：请把本机的回执交给监票人。';
  if (data.ballots.length && !data.ballots.includes(listed(seed, kept.marks))) return '公布的选票里没有您的那一张：请把本机的回执交给监票人。';
  return `已在公布的选票中找到您的那一张，号码 ${number(seed)}。`;
}
