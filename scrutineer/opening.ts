/**
 * What a scrutineer does: two keys of one seed, and one layer of each box. The same as the server's Python,
 * byte for byte (tenants/votes/secret/opening.py); everything that is opened is checked before.
 */

import { fromHex, join, ofText, sha256, toHex } from '../examples/miniprogram/miniprogram/lib/bytes';
import { blake2b } from '../examples/miniprogram/miniprogram/vendor/blake2b';
import { box, hash as sha512, lowlevel, scalarMult, sign } from '../examples/miniprogram/miniprogram/vendor/nacl';

export interface KeyFile {
  format: string;
  path: string;
  vote: string;
  place: number;
  seed: string;
  server: string;
  urn: string | null;
}

interface Said {
  body: string;
  signature: string;
}

/** What the server hands out at `/boxes`: what was said so far, and base64 of the leaves and the boxes, joined. */
export interface Boxes {
  said: Said[];
  leaves: string;
  boxes: string;
}

/** What is handed in at `/openings`. */
export interface Opening {
  to: 'openings';
  first: number;
  second: number;
  body: string;
  signature: string;
  items: string;
}

type Pair = readonly [number, number];

export class Unfit extends Error {}

export const FORMAT = 'linli-scrutineer-1';
const PAIRS: readonly Pair[] = [[1, 2], [1, 3], [2, 3]];
const LEAF = 96;
const INNER = 112;
const ONION = 160;
const SIGMA = ofText('expand 32-byte k');

export const base64 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
};
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
const parted = (joined: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(joined.length / size) }, (_, at) => joined.slice(at * size, (at + 1) * size));
const hashed = (items: readonly Uint8Array[]): string[] => items.map((item) => toHex(sha256(item))).sort();
const isSame = (one: readonly string[], other: readonly string[]): boolean => one.length === other.length && one.every((item, at) => item === other[at]);

/** The keys of a seed: one opens, the other signs. */
export function keysOf(seed: string) {
  const half = (label: string) => sha512(join(fromHex(seed), ofText(label))).slice(0, 32);
  return { seal: box.keyPair.fromSecretKey(half('seal')), sign: sign.keyPair.fromSeed(half('sign')) };
}

const signed = (key: KeyFile, text: string): string => toHex(sign.detached(ofText(text), keysOf(key.seed).sign.secretKey));

/** What `acceptScrutiny` takes. */
export function accepted(key: KeyFile) {
  const { seal, sign } = keysOf(key.seed);
  const [sealKey, signKey] = [toHex(seal.publicKey), toHex(sign.publicKey)];
  return { sealKey, signKey, signature: signed(key, `linli scrutiny v1\naccept ${key.vote} ${sealKey} ${signKey}`) };
}

/** What is handed in at `/keys`, to say that the keys are still there, or at `/destroyed`. */
export function shown(to: 'keys' | 'destroyed', key: KeyFile, now: Date) {
  const { sealKey, signKey } = accepted(key);
  const at = Math.floor(now.getTime() / 1000);
  return { to, place: key.place, sealKey, signKey, at, signature: signed(key, `linli scrutiny v1\n${to} ${key.vote} ${sealKey} ${signKey} ${at}`) };
}

/** JSON as RFC 8785 has it, of texts, whole numbers and lists of texts. */
const canonical = (body: Record<string, unknown>): string =>
  `{${Object.keys(body).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify(body[name])}`).join(',')}}`;

/** The root of a tree over leaves in their order, as in RFC 6962, 2.1. */
function root(leaves: readonly Uint8Array[]): string {
  let level = leaves.map((leaf) => sha256(join(Uint8Array.of(0), leaf)));
  if (!level.length) return toHex(sha256(new Uint8Array(0)));
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) above.push(at + 1 < level.length ? sha256(join(Uint8Array.of(1), level[at]!, level[at + 1]!)) : level[at]!);
    level = above;
  }
  return toHex(level[0]!);
}

const ensure = (holds: boolean, why: string): void => {
  if (!holds) throw new Unfit(why);
};

/** What was given to open, after looking that it is the whole urn of this vote. */
export interface Checked {
  pair: Pair;
  boxes: Uint8Array[];
  before: string;
  urn: string;
  count: number;
}

/** Check what is given to open; throws Unfit with the first thing that does not hold. */
export function checked(key: KeyFile, given: Boxes, now: Date): Checked {
  const said = given.said.map(({ body }) => JSON.parse(body));
  const extended = said.filter(({ type }) => type === 'extended').slice(0, 1);
  const isFirst = said[said.length - 1]?.type === 'closed';
  const kinds = ['notice', ...extended.map(() => 'extended'), 'closed', ...(isFirst ? [] : ['opened'])];
  ensure(isSame(said.map(({ type }) => type), kinds), '声明不全 not the statements so far');
  const [notice, closed, opened] = [said[0], said[1 + extended.length], said[2 + extended.length]];
  ensure(said.every(({ vote }) => vote === key.vote), '不是这把密钥的投票 not the vote of this key');
  said.slice(1).forEach(({ previous }, at) => ensure(previous === toHex(sha256(ofText(given.said[at]!.body))), '声明不相接 a statement does not follow from the one before'));
  given.said.forEach(({ body, signature }, at) => {
    const author = said[at] === opened ? notice.holders[opened.by - 1].sign : key.server;
    ensure(sign.detached.verify(ofText(`linli vote v1\n${body}`), fromHex(signature), fromHex(author)), '签名不对 a statement is not signed by its author');
  });
  ensure(Date.parse([notice, ...extended].pop()!.closes_at) <= now.getTime(), '投票还没有截止 the vote is not closed yet');
  const leaves = parted(fromBase64(given.leaves), LEAF);
  ensure(root(leaves) === closed.root && leaves.length === closed.count, '不是封箱时的票箱 not the urn that was closed');
  ensure(key.urn === null || key.urn === closed.root, '这把密钥已开过另一个票箱 this key has opened another urn of the vote');
  const boxes = parted(fromBase64(given.boxes), isFirst ? ONION : INNER);
  const listed = hashed(boxes);
  const mine = PAIRS.filter((pair) => (isFirst ? pair[0] === key.place : pair[0] === opened.by && pair[1] === key.place));
  const pair = mine.find((each) => {
    const at = PAIRS.indexOf(each) * 32;
    return !isFirst || isSame(listed, leaves.map((leaf) => toHex(leaf.slice(at, at + 32))).sort());
  });
  if (!pair) throw new Unfit('不是轮到您开的选票 not the boxes that are yours to open');
  ensure(isFirst || root(listed.map(fromHex)) === opened.root, '不是前一位交出的选票 not the boxes that were handed on');
  return { pair, boxes, before: given.said[said.length - 1]!.body, urn: closed.root, count: closed.count };
}

/** Open one layer of every box; `progress` hears of each hundred, and lets the page draw. */
export async function opened(key: KeyFile, found: Checked, progress: (done: number) => Promise<void>): Promise<Opening> {
  const { seal } = keysOf(key.seed);
  const items = new Set<string>();
  const unreadable: string[] = [];
  let contents = 0;
  for (const [at, each] of found.boxes.entries()) {
    if (at % 100 === 0) await progress(at);
    const content = unsealed(each, seal);
    if (content) {
      contents += 1;
      items.add(toHex(content));
    } else unreadable.push(toHex(sha256(each)));
  }
  const sorted = [...items].sort().map(fromHex);
  const body = canonical({
    type: 'opened',
    vote: key.vote,
    count: sorted.length,
    root: root(hashed(sorted).map(fromHex)),
    repeated: contents - sorted.length,
    unreadable: unreadable.sort(),
    by: key.place,
    previous: toHex(sha256(ofText(found.before))),
  });
  const [first, second] = found.pair;
  return { to: 'openings', first, second, body, signature: signed(key, `linli vote v1\n${body}`), items: base64(join(...sorted)) };
}

/** As libsodium's crypto_box_seal_open, which refuses a point that makes every secret zero; null if it does not open. */
function unsealed(sealed: Uint8Array, { publicKey, secretKey }: { publicKey: Uint8Array; secretKey: Uint8Array }): Uint8Array | null {
  const from = sealed.slice(0, 32);
  if (from.length < 32) return null;
  const shared = scalarMult(secretKey, from);
  if (shared.every((byte) => byte === 0)) return null;
  const secret = new Uint8Array(32);
  lowlevel.crypto_core_hsalsa20(secret, new Uint8Array(16), shared, SIGMA);
  return box.open.after(sealed.slice(32), blake2b(join(from, publicKey), undefined, 24), secret);
}
