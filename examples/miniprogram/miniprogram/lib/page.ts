/** What every page does alike: it is busy while it works, and what goes wrong stands on it in words. */

import { Failed } from './transport';

interface Showing {
  setData(data: { busy?: boolean; problem?: string }): void;
}

export async function attempt(page: Showing, work: () => Promise<void>): Promise<void> {
  page.setData({ busy: true, problem: '' });
  try {
    await work();
  } catch (error) {
    if (error instanceof Failed && error.code === 'NOWHERE') {
      wx.reLaunch({ url: '/pages/join/join' });
      return;
    }
    const trace = error instanceof Failed && error.trace ? `（${error.trace}）` : '';
    page.setData({ problem: (error instanceof Error ? error.message : '出错了，请重试。') + trace });
  } finally {
    page.setData({ busy: false });
  }
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A moment as people write it: 11月27日 09:05; with its year where it is not this one. */
export function moment(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const year = at.getFullYear() === now.getFullYear() ? '' : `${at.getFullYear()}年`;
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** How long until then, or since: 还有 3 天, 已逾期 2 小时, 还有 20 分钟. */
export function left(iso: string, now = Date.now()): string {
  const hours = (new Date(iso).getTime() - now) / 3_600_000;
  const far = Math.abs(hours);
  const short = far >= 1 ? `${Math.floor(far)} 小时` : `${Math.max(1, Math.floor(far * 60))} 分钟`;
  const long = far >= 48 ? `${Math.floor(far / 24)} 天` : short;
  return hours >= 0 ? `还有 ${long}` : `已逾期 ${long}`;
}
