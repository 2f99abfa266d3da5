/** A petition's state and clocks in the words of a resident. */

import type { PetitionState } from '../generated/graphql';
import { left, moment } from './page';

const STATES: Record<PetitionState, string> = {
  SUBMITTED: '待受理',
  RETURNED: '请补充',
  NOT_ACCEPTED: '不予受理',
  MERGED: '已并案',
  ACCEPTED: '已受理',
  ASSIGNED: '已派单',
  DISPUTED: '派单中',
  IN_PROGRESS: '办理中',
  ESCALATED: '已上报',
  ANSWERED: '已答复',
  CALLBACK: '待回访',
  CLOSED: '已办结',
  REVIEW_REQUESTED: '复查中',
  WITHDRAWN: '已撤回',
};

/** What comes next, in every state: nobody stands before a letter without knowing what to do. */
const NEXT: Record<PetitionState, string> = {
  SUBMITTED: '居委会会在受理期限内答复是否受理。在那以前您可以撤回。',
  RETURNED: '居委会请您补充。看“经过”里的问题，补充后再次提交；期限在您提交后继续计算。',
  NOT_ACCEPTED: '没有受理，理由在“经过”里。您不同意的话可以申请复查，或者换个部门重新写。',
  MERGED: '与同一件事的其他诉求一起办，答复也会给您。',
  ACCEPTED: '已经受理，等待办理。',
  ASSIGNED: '已经派给办理的人。',
  DISPUTED: '办理的部门对派单有异议，居委会正在处理。',
  IN_PROGRESS: '正在办理，答复期限见上。',
  ESCALATED: '已经上报上一级办理，您不用再跑一次。',
  ANSWERED: '已经答复。请您评价是否解决了；没有解决可以要求重新办理。',
  CALLBACK: '请您评价是否解决了。您不评价，到期自动办结。',
  CLOSED: '已经办结。没有解决的话可以要求重新办理。',
  REVIEW_REQUESTED: '上一级正在复查，决定会写在“经过”里。',
  WITHDRAWN: '您已经撤回。需要的话可以重新写一件。',
};

const ACTIONS: Record<string, string> = {
  SUBMITTED: '提交',
  INFORMATION_REQUESTED: '请补充材料',
  RESUBMITTED: '补充后再次提交',
  ACCEPTED: '受理',
  REFUSED: '不予受理',
  MERGED: '并案',
  TOOK_IN: '并入一件',
  ASSIGNED: '派单',
  DISPUTED: '对派单有异议',
  STARTED: '开始办理',
  EXTENDED: '延期',
  ESCALATED: '上报一级',
  ANSWERED: '答复',
  ASKED_BACK: '请您评价',
  RATED: '评价',
  CLOSED: '办结',
  REOPENED: '重新办理',
  REVIEW_REQUESTED: '申请复查',
  REVIEWED: '复查决定',
  WITHDRAWN: '撤回',
  NOTED: '记录',
  ACK_OVERDUE: '受理逾期',
  RESOLVE_OVERDUE: '答复逾期',
  GOAL_REACHED: '联名达标',
  SUPERVISED: '督办',
  IMPORTED: '历史导入',
  CONVERTED: '转为议题',
};

interface Clocks {
  acknowledgeDueAt: string;
  isAcknowledgementOverdue: boolean;
  respondedAt?: string | null;
  resolveDueAt: string;
  isResolutionOverdue: boolean;
  isPaused: boolean;
}

export const state = (name: PetitionState): string => STATES[name];
export const next = (name: PetitionState): string => NEXT[name];
export const action = (name: string): string => ACTIONS[name] ?? name;

/** The two clocks, each in a line: until when somebody owes a response, and an answer. */
export function clocks(of: Clocks, isOpen: boolean): { name: string; words: string; late: boolean }[] {
  const paused = of.isPaused ? '暂停，等您补充' : '';
  return [
    {
      name: '受理',
      words: of.respondedAt ? `${moment(of.respondedAt)} 已响应` : left(of.acknowledgeDueAt),
      late: of.isAcknowledgementOverdue,
    },
    {
      name: '答复',
      words: isOpen ? paused || left(of.resolveDueAt) : `期限 ${moment(of.resolveDueAt)}`,
      late: of.isResolutionOverdue,
    },
  ];
}
