/** A vote in the words of a resident: what it is for, how far it is, until when. */

import type { VoteCardFragment, VoteScreenFragment, VoteState, VoteTrack } from '../generated/graphql';
import { hint, inWords } from './ballot';
import { left, moment } from './page';
import { choices, given, type Mine } from './entries';
import { holders, own } from './secret';
import { outcome } from './results';
import { chinese } from './transport';

const KINDS: Record<VoteTrack, string> = {
  POLL: '意见征询，不具约束力',
  DECISION: '会议表决，按法定规则计票',
};

export const STATES: Record<VoteState, string> = {
  DRAFT: '未开始',
  NOTICED: '已公告',
  OPEN: '投票中',
  CLOSED: '已截止',
  COUNTING: '正在开票',
  TALLIED: '已计票',
  PUBLISHED: '已公布',
  FINAL: '已生效',
  VOID: '已作废',
  ANNULLED: '法院已撤销',
  ORDERED_TO_CORRECT: '已责令改正',
  REVOKED: '已被撤销',
};

/** Said before somebody votes: who will see it, and when. */
const BY_NAME: Record<VoteTrack, string> = {
  POLL: '这是记名投票。截止以前，邻居和居委都看不到您投了什么；截止后公布结果和名单，邻居都能看到谁投了什么。',
  DECISION: '这是记名投票。结果公布以前，邻居和居委都看不到您投了什么；计票并确认后公布结果和名单，邻居都能看到谁投了什么。',
};

/** Of a secret vote. */
const SECRET =
  '这是秘密投票。您的手机先把选票封进两层信封再寄出，服务器打不开；截止后由监票人中的两位一前一后各拆一层、各打乱一遍，再公布全部选票，没有姓名。' +
  '除非两位监票人和管数据库的人串通，没有人知道您选了什么。如果大家都投得一样，结果也就说明了每个人的选择。';

type Course = Pick<VoteCardFragment, 'track' | 'state' | 'opensAt' | 'closesAt' | 'objectionsUntil' | 'voidReason' | 'overturnReason'>;

/** How far it is, with the time that matters now. */
function course(vote: Course): string {
  const { track, state, opensAt, closesAt } = vote;
  if (state === 'DRAFT' || state === 'NOTICED') return `${moment(opensAt)} 开始投票`;
  if (state === 'OPEN' && new Date(closesAt).getTime() > Date.now()) return `${moment(closesAt)} 截止，${left(closesAt)}`;
  if (state === 'COUNTING') return `${moment(closesAt)} 已截止，监票人正在开票`;
  if (state === 'OPEN' || state === 'CLOSED') return `${moment(closesAt)} 已截止${track === 'POLL' && state === 'CLOSED' ? '' : '，等待计票'}`;
  if (state === 'TALLIED') return '票已计好，等待确认后公布';
  if (state === 'PUBLISHED' && vote.objectionsUntil) return `对结果有异议，${moment(vote.objectionsUntil)} 以前可以提`;
  if (state === 'FINAL') return '异议期已过，结果生效';
  return vote.voidReason ?? vote.overturnReason ?? '';
}

export const card = (vote: VoteCardFragment) => ({
  id: vote.id,
  question: vote.question,
  kind: KINDS[vote.track],
  state: STATES[vote.state] ?? vote.state,
  course: course(vote),
  // owners may cast for several entries: the vote itself says which
  mine: vote.meeting?.assembly ? '' : vote.viewerBallot || vote.viewerEnvelope ? '您已投票' : vote.state === 'OPEN' && vote.viewerIsOnRoll ? '您还没有投票' : '',
});

/** All that stands on the screen of one vote, but the ballot in hand, which is of the entry that is chosen. */
export function screen(vote: VoteScreenFragment, mine: Mine, chosen: string) {
  const entries = choices(vote, mine, chosen);
  const { allowed, message } = vote.viewerCan.castBallot;
  const ballot = vote.viewerBallot;
  return {
    question: vote.question,
    details: vote.details ?? '',
    kind: KINDS[vote.track],
    meeting: vote.meeting?.title ?? '',
    meetingId: vote.meeting?.id ?? '',
    alarm: vote.alarmedAt ? `监票人还没有到位（${moment(vote.alarmedAt)} 起）：出示密钥的太少，这次投票可能开不了票。` : '',
    entries,
    isProxy: entries.some(({ isChosen, isProxy }) => isChosen && isProxy),
    proxies: given(mine),
    state: STATES[vote.state] ?? vote.state,
    course: course(vote),
    turnout: turnout(vote),
    byName: vote.secrecy === 'SECRET' ? `${SECRET}监票人：${holders(vote)}。` : BY_NAME[vote.track],
    hint: hint(vote),
    isByCandidate: vote.method === 'CANDIDATES',
    mayCast: allowed,
    whyNot: !allowed && vote.state === 'OPEN' && message ? chinese(message) : '',
    mine: entries.length ? '' : ballot ? `${inWords(vote, ballot.marks)}（${moment(ballot.castAt)}）` : own(vote),
    outcome: vote.result ? outcome(vote, vote.result) : null,
    ballots: vote.ballots.nodes.map(({ voter, marks }, place) => ({
      key: place,
      who: voter ? [voter.displayName, voter.building].filter(Boolean).join(' · ') : '已迁出的邻居',
      words: inWords(vote, marks),
    })),
    ballotCount: vote.ballots.totalCount,
  };
}

function turnout({ state, eligible, turnoutPercent, meeting }: VoteScreenFragment): string {
  if (eligible == null) return '';
  const all = `可投票 ${eligible} ${meeting?.assembly ? '户' : '人'}`;
  return turnoutPercent == null ? all : `${all}，参与率 ${turnoutPercent}%${state === 'OPEN' ? '，每十分钟更新' : ''}`;
}
