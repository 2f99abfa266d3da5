/** What is used of tweetnacl 1.0.3. */
export function hash(message: Uint8Array): Uint8Array;
export namespace box {
  function keyPair(): never;
  namespace keyPair {
    function fromSecretKey(secret: Uint8Array): { publicKey: Uint8Array };
  }
}
export function box(message: Uint8Array, nonce: Uint8Array, to: Uint8Array, secret: Uint8Array): Uint8Array;
