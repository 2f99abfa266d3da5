/** What is used of blakejs 1.2.1. */
export function blake2b(message: Uint8Array, key: undefined, size: number): Uint8Array;
