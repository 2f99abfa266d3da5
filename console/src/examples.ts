// The examples in examples/queries: the documents that the tests run, read as tests/examples.py reads them.

import { run } from './api';
import type { Session } from './session';

export interface Example {
  name: string;
  roles: string[];
  zh: string;
  en: string;
  ids: string | null;
  variables: unknown;
  text: string;
}

const FILES = import.meta.glob<string>('../../examples/queries/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function read(path: string, file: string): Example {
  const lines = file.trimEnd().split('\n');
  const heads = lines.map((line) => /^# (roles|zh|en|ids|variables): (.+)$/.exec(line)).filter((found) => found !== null);
  const head = Object.fromEntries(heads.map((found) => [found[1], found[2]!]));
  return {
    name: path.replace(/^.*\/(.+)\.graphql$/, '$1'),
    roles: head.roles!.split(', '),
    zh: head.zh!,
    en: head.en!,
    ids: head.ids ?? null,
    variables: JSON.parse(head.variables ?? '{}'),
    text: lines.slice(heads.length).join('\n'),
  };
}

export const EXAMPLES = Object.entries(FILES).map(([path, file]) => read(path, file));

const DAY = 86_400_000;

/** Go one step of a path: to what has that name or number, or with `name=value` to the first where that is so. */
function at(found: any, step: string): any {
  const [name, wanted] = step.split('=') as [string, string?];
  return wanted === undefined ? found?.[name] : found?.find((each: any) => JSON.stringify(each[name]) === wanted);
}

/** A new key. A page without TLS has no `crypto.randomUUID`. */
function key(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Put ids of the answer, a new key and moments to come where `$…` stands. */
function filled(value: unknown, answer: any): unknown {
  if (typeof value === 'string' && value.startsWith('$')) {
    if (value === '$key') return key();
    const days = /^\$in(\d+)days$/.exec(value);
    if (days) return new Date(Date.now() + Number(days[1]) * DAY).toISOString();
    return value.slice(1).split('.').reduce(at, answer) ?? '';
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, answer)]));
}

/** The text and the variables to show for an example, with ids of what this person can see; without, if they cannot be had. */
export async function prepared(example: Example, session: Session | null): Promise<{ text: string; variables: string }> {
  const asked = example.ids && session ? run(session, { query: example.ids }) : null;
  const answer = await asked?.then((done) => done.answer.data, () => null);
  const variables = filled(example.variables, answer);
  const title = `# ${example.zh}\n# ${example.en}\n`;
  return { text: title + example.text, variables: JSON.stringify(variables, null, 2) };
}
