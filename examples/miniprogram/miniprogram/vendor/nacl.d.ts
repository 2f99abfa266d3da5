/** What is used of tweetnacl 1.0.3. */
interface KeyPair {
  publicKey: Uint8Array;
  secretKey: Uint8Array;
}
export function hash(message: Uint8Array): Uint8Array;
export function scalarMult(secret: Uint8Array, point: Uint8Array): Uint8Array;
export namespace lowlevel {
  function crypto_core_hsalsa20(out: Uint8Array, input: Uint8Array, key: Uint8Array, constants: Uint8Array): void;
}
export namespace box {
  function keyPair(): never;
  namespace keyPair {
    function fromSecretKey(secret: Uint8Array): KeyPair;
  }
  namespace open {
    function after(sealed: Uint8Array, nonce: Uint8Array, shared: Uint8Array): Uint8Array | null;
  }
}
export function box(message: Uint8Array, nonce: Uint8Array, to: Uint8Array, secret: Uint8Array): Uint8Array;
export namespace sign {
  namespace keyPair {
    function fromSeed(seed: Uint8Array): KeyPair;
  }
  function detached(message: Uint8Array, secret: Uint8Array): Uint8Array;
  namespace detached {
    function verify(message: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean;
  }
}
