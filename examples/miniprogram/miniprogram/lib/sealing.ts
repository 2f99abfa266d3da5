/**
 * A secret ballot: 480 bytes from the choice, a seed and the scrutineers' keys, the same as the server's Python makes.
 *
 * The choice lies in two nested boxes (libsodium's sealed boxes), three times over: once for each pair of the three
 * scrutineers. All chance in it follows from the seed: whoever is shown the seed can make the same bytes again.
 */

import { blake2b } from '../vendor/blake2b';
import { box, hash as sha512 } from '../vendor/nacl';
import { fromHex, join, ofText, sha256, toHex } from './bytes';

const PAIRS = [[1, 2], [1, 3], [2, 3]] as const;
const MOST_OPTIONS = 48;
const ONION = 160;

interface Notice {
  holders: { seal: string }[];
}

const derived = (seed: Uint8Array, label: string): Uint8Array => sha512(join(seed, ofText(label))).slice(0, 32);

/** As libsodium's crypto_box_seal, with a secret that serves this box and no other. */
function boxed(to: Uint8Array, data: Uint8Array, secret: Uint8Array): Uint8Array {
  const { publicKey } = box.keyPair.fromSecretKey(secret);
  return join(publicKey, box(data, blake2b(join(publicKey, to), undefined, 24), to, secret));
}

/** The number by which the voter finds the ballot in the published list, in hexadecimal. */
export const number = (seed: Uint8Array): string => toHex(derived(seed, 'number').slice(0, 8));

/** How the ballot stands in the published list. */
export const listed = (seed: Uint8Array, marks: readonly number[]): string => number(seed) + toHex(Uint8Array.from(marks));

/** The 480 bytes that are sent; `notice` is the body of the vote's notice. */
export function sealed(notice: string, seed: Uint8Array, marks: readonly number[]): Uint8Array {
  const plain = new Uint8Array(16 + MOST_OPTIONS);
  plain.set(sha256(ofText(notice)).slice(0, 8));
  plain.set(fromHex(number(seed)), 8);
  plain.set(marks, 16);
  const keys = (JSON.parse(notice) as Notice).holders.map(({ seal }) => fromHex(seal));
  return join(
    ...PAIRS.map(([first, second]) =>
      boxed(keys[first - 1]!, boxed(keys[second - 1]!, plain, derived(seed, `inner ${first}${second}`)), derived(seed, `outer ${first}${second}`)),
    ),
  );
}

/** What stands for the ballot in the list of the urn: the SHA-256 of each onion, in hexadecimal. */
export const leaf = (ballot: Uint8Array): string => PAIRS.map((_, at) => toHex(sha256(ballot.slice(at * ONION, (at + 1) * ONION)))).join('');

/** The ballot's name in receipts, in hexadecimal. */
export const hashOf = (ballot: Uint8Array): string => toHex(sha256(fromHex(leaf(ballot))));
