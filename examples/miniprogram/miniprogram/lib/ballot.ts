/** A ballot while it is filled in: one mark for each option, as the method of the vote allows. */

import type { VoteMethod } from '../generated/graphql';

interface Paper {
  method: VoteMethod;
  mostMarks: number;
  options: readonly { position: number; label: string }[];
}

/** For a candidate; for every other method 1 is what was chosen, or the first choice. */
const FOR = 1;
const AGAINST = 2;

const HINTS: Record<VoteMethod, (most: number) => string> = {
  PROPOSAL: () => '同意还是反对，请点一个。',
  SINGLE: () => '请点一项。',
  MULTIPLE: (most) => `可以点几项，最多 ${most} 项。`,
  CANDIDATES: (most) => `每位候选人都可以点同意或反对，最多同意 ${most} 人。`,
  RANKED: (most) => `先点最想要的，再点其次的，最多排 ${most} 项。`,
};

/** What to do, in one sentence. */
export const hint = ({ method, mostMarks }: Paper): string => HINTS[method](mostMarks);

export const empty = ({ options }: Paper): number[] => options.map(() => 0);

export const isBlank = (marks: number[]): boolean => marks.every((mark) => mark === 0);

/**
 * The marks after an option was tapped; tapped again, its mark is gone. Null where it would be one too many.
 * `mark` is FOR or AGAINST, which only candidates tell apart.
 */
export function tapped({ method, mostMarks }: Paper, marks: number[], place: number, mark: number): number[] | null {
  const before = marks[place] ?? 0;
  const put = (value: number): number[] => marks.map((each, at) => (at === place ? value : each));
  if (method === 'PROPOSAL' || method === 'SINGLE') return marks.map((_, at) => (at === place && !before ? FOR : 0));
  if (method === 'CANDIDATES') return within(put(before === mark ? 0 : mark), mostMarks);
  if (method === 'MULTIPLE') return within(put(before ? 0 : FOR), mostMarks);
  // the choices after the one that is taken back move up
  if (before) return put(0).map((each) => (each > before ? each - 1 : each));
  const next = marks.filter(Boolean).length + 1;
  return next > mostMarks ? null : put(next);
}

const within = (marks: number[], most: number): number[] | null =>
  marks.filter((mark) => mark === FOR).length > most ? null : marks;

/** The options as they stand on the ballot. */
export const rows = ({ method, options }: Paper, marks: number[]) =>
  options.map(({ position: place, label }) => {
    const mark = marks[place] ?? 0;
    return {
      place,
      label,
      isMarked: mark !== 0,
      isFor: mark === FOR,
      isAgainst: method === 'CANDIDATES' && mark === AGAINST,
      mark: mark === 0 ? '' : method === 'RANKED' ? `第 ${mark}` : '✔',
    };
  });

/** A ballot in a few words: 东门, 西门. */
export function inWords({ method, options }: Paper, marks: readonly number[]): string {
  const labelled = options.map(({ position: place, label }) => ({ label, mark: marks[place] ?? 0 })).filter(({ mark }) => mark);
  if (!labelled.length) return '弃权';
  if (method === 'CANDIDATES') return labelled.map(({ label, mark }) => `${mark === FOR ? '同意' : '反对'}${label}`).join('，');
  return labelled.sort((one, other) => one.mark - other.mark).map(({ label }) => label).join(method === 'RANKED' ? ' → ' : '、');
}
