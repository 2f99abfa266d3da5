// The types of visit.mjs, for codegen.ts.

export const given: { url: string; token: string };
export function noted(address: string, options: RequestInit): Promise<Response>;
export function visit(signedIn: unknown, operations: unknown): Promise<{ refused: [null, { code: never }[]] }>;
export function print(told: unknown): void;
