/** The result of a vote: what came out, bars drawn to scale, and each comparison that the rule asks for. */

import type { VoteOutcome, VoteScreenFragment, VoteUnit } from '../generated/graphql';

type Result = NonNullable<VoteScreenFragment['result']>;
type Tally = Result['tallies'][number];

const OUTCOMES: Record<VoteOutcome, (winners: string) => string> = {
  PASSED: (winners) => `表决通过：${winners}`,
  FAILED_VOTES: () => '没有形成决定：同意的不够',
  FAILED_QUORUM: () => '没有形成决定：参加的不够',
  CHOSEN: (winners) => `意见最多的是：${winners}。仅供参考，不具约束力。`,
  TIE: () => '票数相同，不分先后',
};

/** A number in its unit; an area comes in 0.01 m². */
const UNITS: Record<VoteUnit, (count: number) => string> = {
  PERSONS: (count) => `${count} 人`,
  HOUSEHOLDS: (count) => `${count} 户`,
  REPRESENTATIVES: (count) => `${count} 名代表`,
  MEMBERS: (count) => `${count} 名成员`,
  HEADS: (count) => `${count} 名业主`,
  AREA: (count) => `${(count / 100).toFixed(2)} 平方米`,
};

export function outcome({ options, method }: VoteScreenFragment, result: Result) {
  const labels = options.map(({ label }) => label);
  const winners = result.winners.map((place) => labels[place]).join('、');
  return {
    words: OUTCOMES[result.outcome](winners),
    counts: result.tallies.flatMap((tally) =>
      method === 'RANKED'
        ? rounds(tally, labels, result)
        : [count(tally, labels, method === 'CANDIDATES', result.winners)],
    ),
    isRanked: method === 'RANKED',
    trace: result.trace.map(({ sentence, isMet }) => ({ mark: isMet ? '✔' : '✘', sentence, isMet })),
  };
}

/** A ranked vote is counted in rounds, one after another in one list. */
function rounds(tally: Tally, labels: string[], result: Result) {
  return Array.from({ length: result.rounds.length / labels.length }, (_, round) => {
    const votes = result.rounds.slice(round * labels.length, (round + 1) * labels.length);
    const counted = count({ ...tally, votes }, labels, false, result.winners);
    return { ...counted, key: `${tally.unit} ${round}`, scale: `第 ${round + 1} 轮。${counted.scale}` };
  });
}

/** The count in one unit: a full bar is all who took part, so that bars can be compared. */
function count(tally: Tally, labels: string[], isByCandidate: boolean, winners: readonly number[]) {
  const amount = UNITS[tally.unit];
  const bar = (label: string, votes: number, isWinner = false) => ({
    label,
    amount: amount(votes),
    width: tally.participating ? Math.round((votes * 1000) / tally.participating) / 10 : 0,
    isWinner,
  });
  const bars = labels.flatMap((label, place) => {
    const votes = bar(isByCandidate ? `同意${label}` : label, tally.votes[place] ?? 0, winners.includes(place));
    return isByCandidate ? [votes, bar(`反对${label}`, tally.against[place] ?? 0)] : [votes];
  });
  const present = tally.attending == null ? '' : `，到会 ${amount(tally.attending)}`;
  return {
    key: tally.unit as string,
    scale: `名册 ${amount(tally.eligible)}${present}，参加投票 ${amount(tally.participating)}（整条的长度）`,
    bars: [...bars, bar('弃权', tally.abstained), ...(tally.void ? [bar('废票', tally.void)] : [])],
  };
}
