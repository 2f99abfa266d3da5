/** A meeting in the words of a resident: what is announced, who may vote and why, who came. */

import type { FollowMeetingQuery, MeetingScreenFragment, MeetingState, OwnersSilence, VoteObjectionState, VoteState } from '../generated/graphql';
import { given, isOwn, property, type Mine } from './entries';
import { left, moment } from './page';
import { STATES } from './votes';

const MEETINGS: Record<MeetingState, string> = { DRAFT: '筹备中', NOTICED: '已公告', CANCELLED: '已取消' };
const OBJECTIONS: Record<VoteObjectionState, string> = { OPEN: '等待答复', SUSTAINED: '成立', DISMISSED: '不成立' };
const SILENCE: Record<OwnersSilence, string> = {
  NOTHING: '没投票的不算参加',
  ABSTENTION: '选票已送达而没投票的，算参加并弃权',
  MAJORITY: '选票已送达而没投票的，算同意多数意见',
};

/** Why somebody is on the roll or is not: what stands in it, and until when it may be objected to. */
function onRoll(meeting: MeetingScreenFragment, mine: Mine) {
  const lines = mine.entries.map((entry) => {
    const what = property(entry);
    const how = isOwn(entry, mine) ? '您在名册上' : '您受委托投票';
    const by = entry.document ? `，依据：${entry.document}` : '';
    const served = entry.service ? `；选票 ${moment(entry.service.servedAt)} 送达` : '';
    return `${how}：${what}${by}${served}`;
  });
  if (lines.length) return lines;
  if (meeting.viewerIsOnRoll) return ['您在名册上。'];
  return [
    meeting.assembly
      ? '您不在名册上：登记册里没有与您的账号对应的业主。是业主的，请到居委登记；共有的，由共有人共同推定一人投票。'
      : `您不在名册上：名册由居委在公告时登记，您不在其中。${meeting.viewerCan.objectToRoll.allowed ? '有误的，请在投票开始前提异议。' : ''}`,
  ];
}

function rules({ assembly }: MeetingScreenFragment): string {
  if (!assembly) return '';
  const from = assembly.rulesFrom ? `依业主的议事规则（${assembly.rulesDecision ?? ''}）` : '业主没有另定议事规则，从严';
  return `${from}：${SILENCE[assembly.silence]}；${assembly.isElectronicAdmitted ? '可以线上投票' : '只收纸质票'}；车位${assembly.isParkingCounted ? '' : '不'}计入。`;
}

function course({ state, noticedAt, opensAt, closesAt, cancellationReason }: MeetingScreenFragment): string {
  if (state === 'CANCELLED') return cancellationReason ?? '';
  const isOpen = Date.parse(opensAt) <= Date.now();
  const isOver = Date.parse(closesAt) <= Date.now();
  const votes = isOver ? `${moment(closesAt)} 已截止` : isOpen ? `${moment(closesAt)} 截止，${left(closesAt)}` : `${moment(opensAt)} 开始，${moment(closesAt)} 截止`;
  return `${noticedAt ? `${moment(noticedAt)} 公告；` : ''}投票${votes}`;
}

export function screen({ decisionRules }: FollowMeetingQuery, meeting: MeetingScreenFragment, mine: Mine) {
  const rule = decisionRules?.find(({ code }) => code === meeting.ruleCode);
  return {
    title: meeting.title,
    state: MEETINGS[meeting.state],
    rule: rule ? `${rule.name}（${rule.source}）` : '',
    held: `${moment(meeting.heldAt)}，${meeting.location}`,
    course: course(meeting),
    agenda: meeting.agenda ?? '',
    party: meeting.partyRecord ? `党组织已研究讨论：${meeting.partyRecord}` : '',
    area: meeting.assembly?.area?.name ?? '',
    rules: rules(meeting),
    roll: `名册共 ${meeting.roll.totalCount} ${meeting.assembly ? '户' : '人'}`,
    mine: onRoll(meeting, mine),
    proxies: given(mine),
    mayObject: meeting.viewerCan.objectToRoll.allowed,
    objections: meeting.objections.nodes.map(({ id, kind, body, state, decisionReason }) => ({
      id,
      about: kind === 'ROLL' ? '对名册' : '对结果',
      body,
      state: OBJECTIONS[state],
      reason: decisionReason ?? '',
    })),
    attended: meeting.attendance.totalCount ? `到会 ${meeting.attendance.totalCount} ${meeting.assembly ? '户' : '人'}` : '',
    // owners come for their property, under names that are masked
    people: meeting.assembly ? '' : meeting.attendance.nodes.map(({ voter }) => voter?.displayName ?? '已迁出的邻居').join('，'),
    matters: meeting.matters.map(({ id, question, state }: { id: string; question: string; state: VoteState }) => ({ id, question, state: STATES[state] ?? state })),
  };
}
