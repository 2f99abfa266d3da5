// One operation and what came of it, as the page shows it.

import type { Fetcher } from '@graphiql/toolkit';
import { Kind, parse } from 'graphql';

import { refreshed, SignInFailed, type Session } from './session';

export interface Problem {
  code: string;
  message: string;
  path: string;
}

export interface Outcome {
  milliseconds: number;
  cost: number | null;
  remaining: number | null;
  trace: string;
  problems: Problem[];
  /** The SQL of the operation, without its values, where the server shows it. */
  statements: string[];
}

/** What is said of an operation that the server did not answer. */
const untold = (code: string, message: string): Outcome => ({
  milliseconds: 0,
  cost: null,
  remaining: null,
  trace: '',
  problems: [{ code, message, path: '' }],
  statements: [],
});

const number = (text: string | null): number | null => (text === null ? null : Number(text));
const joined = (path: unknown): string => (Array.isArray(path) ? path.join('.') : '');
const placed = (locations: any): string => locations?.map(({ line, column }: any) => `${line}:${column}`).join(', ') ?? '';

/** What went wrong, of the request (`errors`) and of each change (`userErrors`). */
function problems(answer: any): Problem[] {
  const found: Problem[] = (answer.errors ?? []).map((error: any) => ({
    code: error.extensions?.code ?? 'UNKNOWN',
    message: error.message,
    path: joined(error.path) || placed(error.locations),
  }));
  for (const [name, payload] of Object.entries<any>(answer.data ?? {})) {
    for (const error of payload?.userErrors ?? []) {
      const path = [name, joined(error.path)].filter(Boolean).join(': ');
      found.push({ code: error.code ?? 'UNKNOWN', message: error.message ?? '', path });
    }
  }
  return found;
}

export async function run(session: Session | null, body: unknown): Promise<{ answer: any; status: number; outcome: Outcome }> {
  const begun = performance.now();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json',
      'content-type': 'application/json',
      'x-statement': '1',
      ...(session ? { authorization: `Bearer ${session.access}` } : {}),
    },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  const outcome = {
    milliseconds: Math.round(performance.now() - begun),
    cost: number(response.headers.get('x-cost')),
    remaining: number(response.headers.get('x-ratelimit-remaining')),
    trace: response.headers.get('x-trace-id') ?? '',
    problems: problems(answer),
    statements: answer.extensions?.statements ?? [],
  };
  // it stands in a place of its own
  delete answer.extensions;
  return { answer, status: response.status, outcome };
}

/** The names of a document's operations; none, if it cannot be read: the server says why. */
function names(text: string): string[] {
  try {
    return parse(text).definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION && each.name ? [each.name.value] : []));
  } catch {
    return [];
  }
}

/** GraphiQL's way to the server: a token that has ended is renewed once, where it can be. */
export function fetcher(
  current: () => Session | null,
  renew: (session: Session | null) => void,
  tell: (outcome: Outcome) => void,
): Fetcher {
  return async ({ query, variables, operationName }) => {
    // GraphiQL reads the name a little after the text has changed: one that stood there before is left out
    const body = { query, variables, ...(operationName && names(query).includes(operationName) ? { operationName } : {}) };
    let session = current();
    try {
      let done = await run(session, body);
      if (done.status === 401 && session?.refresh) {
        session = await refreshed(session);
        renew(session);
        done = await run(session, body);
      }
      tell(done.outcome);
      return done.answer;
    } catch (error) {
      // an ended session is no session; otherwise the server is away, or something else answers for it
      const isEnded = error instanceof SignInFailed;
      if (isEnded) renew(null);
      const outcome = isEnded ? untold('UNAUTHENTICATED', error.message) : untold('NO_ANSWER', '没有收到服务器的回答。The server did not answer.');
      tell(outcome);
      return { errors: outcome.problems.map(({ message }) => ({ message })) };
    }
  };
}
