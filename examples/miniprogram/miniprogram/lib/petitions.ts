/** A petition's state and clocks in the words of a resident. */

import { left, moment } from './page';

const STATES: Record<string, string> = {
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
};

interface Clocks {
  acknowledgeDueAt: string;
  isAcknowledgementOverdue: boolean;
  respondedAt?: string | null;
  resolveDueAt: string;
  isResolutionOverdue: boolean;
  isPaused: boolean;
}

export const state = (name: string): string => STATES[name] ?? name;
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
