/** The result of a vote: what came out, bars drawn to scale, and each comparison that the rule asks for. */

import type { VoteBase, VoteOutcome, VoteScreenFragment, VoteUnit } from '../generated/graphql';
import { squareMetres } from './entries';

type Result = NonNullable<VoteScreenFragment['result']>;
type Tally = Result['tallies'][number];
type Comparison = Result['trace'][number];

const OUTCOMES: Record<VoteOutcome, (winners: string) => string> = {
  PASSED: (winners) => `表决通过：${winners}`,
  FAILED_VOTES: () => '没有形成决定：同意的不够',
  FAILED_QUORUM: () => '没有形成决定：参加的不够',
  CHOSEN: (winners) => `意见最多的是：${winners}。仅供参考，不具约束力。`,
  TIE: () => '票数相同，不分先后',
};

/** A number in its unit. */
const UNITS: Record<VoteUnit, (count: number) => string> = {
  PERSONS: (count) => `${count} 人`,
  HOUSEHOLDS: (count) => `${count} 户`,
  REPRESENTATIVES: (count) => `${count} 名代表`,
  MEMBERS: (count) => `${count} 名成员`,
  HEADS: (count) => `${count} 名业主`,
  AREA: squareMetres,
};

export function outcome({ options, method }: VoteScreenFragment, result: Result) {
  const labels = options.map(({ label }) => label);
  const winners = result.winners.map((place) => labels[place]).join('、');
  return {
    words: OUTCOMES[result.outcome](winners),
    counts: result.tallies.flatMap((tally) =>
      method === 'RANKED'
        ? rounds(tally, labels, result)
        : [count(tally, labels, method === 'CANDIDATES', result)],
    ),
    isRanked: method === 'RANKED',
    trace: result.trace.map(({ sentence, isMet }) => ({ mark: isMet ? '✔' : '✘', sentence, isMet })),
  };
}

/** A ranked vote is counted in rounds, one after another in one list. */
function rounds(tally: Tally, labels: string[], result: Result) {
  return Array.from({ length: result.rounds.length / labels.length }, (_, round) => {
    const votes = result.rounds.slice(round * labels.length, (round + 1) * labels.length);
    const counted = count({ ...tally, votes }, labels, false, { ...result, trace: [] });
    return { ...counted, key: `${tally.unit} ${round}`, scale: `第 ${round + 1} 轮。${counted.scale}` };
  });
}

/** Where a threshold stands on a bar, in per cent of its length: > 1/2, ≥ 2/3. */
function threshold({ threshold: needed }: Comparison): number {
  const [part = 0, whole = 1] = needed.replace(/[^0-9/]/g, '').split('/').map(Number);
  return Math.round((part * 1000) / whole) / 10;
}

const BASES: Record<VoteBase, string> = { ELIGIBLE: '名册', ATTENDING: '到会', PARTICIPATING: '参加投票' };

/**
 * The count in one unit, its bars to scale. A full bar is what the rule compares with, and a line stands where the
 * threshold is; without a rule it is all who took part.
 */
function count(tally: Tally, labels: string[], isByCandidate: boolean, { winners, trace }: Pick<Result, 'winners' | 'trace'>) {
  const amount = UNITS[tally.unit];
  const own = trace.filter(({ unit }) => unit === tally.unit);
  const quorum = own.find(({ option }) => option == null);
  const passing = own.find(({ option }) => option != null);
  const whole = passing?.whole ?? tally.participating;
  const bar = (label: string, votes: number, of = whole, needed: Comparison | null = null, isWinner = false) => ({
    label,
    amount: amount(votes),
    width: of ? Math.min(100, Math.round((votes * 1000) / of) / 10) : 0,
    mark: needed ? threshold(needed) : 0,
    needs: needed ? `须 ${needed.threshold}` : '',
    isWinner,
  });
  const options = labels.flatMap((label, place) => {
    const needed = own.find(({ option }) => option === place) ?? null;
    const votes = bar(isByCandidate ? `同意${label}` : label, tally.votes[place] ?? 0, whole, needed, winners.includes(place));
    return isByCandidate ? [votes, bar(`反对${label}`, tally.against[place] ?? 0)] : [votes];
  });
  const present = tally.attending == null ? '' : `，到会 ${amount(tally.attending)}`;
  const scale = passing ? `，整条是${BASES[passing.base]}的 ${amount(whole)}` : '（整条的长度）';
  return {
    key: tally.unit as string,
    scale: `名册 ${amount(tally.eligible)}${present}，参加投票 ${amount(tally.participating)}${scale}`,
    bars: [
      ...(quorum ? [bar(`参加的，整条是${BASES[quorum.base]}的 ${amount(quorum.whole)}`, quorum.part, quorum.whole, quorum)] : []),
      ...options,
      bar('弃权', tally.abstained),
      ...(tally.void ? [bar('废票', tally.void)] : []),
    ],
  };
}
