import { AppealSuspensionDocument, HomeDocument, MarkReadDocument, type HomeQuery, type MemberState } from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { attempt, moment } from '../../lib/page';
import { clocks, state } from '../../lib/petitions';

const IN: MemberState[] = ['ACTIVE', 'SUSPENDED'];

interface Notice {
  id: string;
  title: string;
  body: string;
  at: string;
  isRead: boolean;
  isOpen: boolean;
}

interface Row {
  id: string;
  title: string;
  state: string;
  clocks: ReturnType<typeof clocks>;
}

type Kept = NonNullable<NonNullable<NonNullable<HomeQuery['viewer']>['member']>['record']>;

/** Why somebody is suspended, until when, and what they can do about it. */
function suspension(record: Kept | null | undefined) {
  const appeal = record?.suspensionAppeal;
  const waits = appeal ? `您已向街镇申诉，${moment(appeal.dueAt)} 以前答复。` : '';
  const decided = appeal?.decisionReason ? `街镇的答复：${appeal.decisionReason}` : waits;
  return {
    reason: record?.suspensionReason ?? '',
    until: record?.suspendedUntil ? `到 ${moment(record.suspendedUntil)} 为止` : '没有期限',
    appeal: decided,
    mayAppeal: record?.viewerCan.appealSuspension.allowed ?? false,
  };
}

Page({
  data: {
    busy: true,
    problem: '',
    isSuspended: false,
    suspension: suspension(null),
    words: '',
    idempotencyKey: '',
    name: '',
    community: '',
    unread: 0,
    notices: [] as Notice[],
    petitions: [] as Row[],
  },

  onShow() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    wx.stopPullDownRefresh();
  },

  /** One screen, one query. */
  load() {
    return attempt(this, async () => {
      const { viewer, board } = await run(HomeDocument, {});
      if (!viewer || (viewer.member && !IN.includes(viewer.member.state))) {
        wx.reLaunch({ url: '/pages/join/join' }); // who is on the way in has no screen of their own yet
        return;
      }
      this.setData({
        isSuspended: viewer.member?.state === 'SUSPENDED',
        suspension: suspension(viewer.member?.record),
        idempotencyKey: this.data.idempotencyKey || key(),
        name: viewer.displayName,
        community: viewer.community?.name ?? '',
        // what is new since one joined; older ones are not marked as unread either
        unread: board?.unreadCount ?? 0,
        notices: (board?.posts.nodes ?? []).map(({ id, title, body, createdAt, viewerHasRead }) => ({
          id,
          title,
          body,
          at: moment(createdAt),
          isRead: viewerHasRead,
          isOpen: false,
        })),
        petitions: (viewer.petitions?.nodes ?? []).map((petition) => ({
          id: petition.id,
          title: petition.title,
          state: state(petition.state),
          clocks: clocks(petition.clocks, petition.isOpen),
        })),
      });
    });
  },

  /** Opening a notice reads it. */
  onNotice(event: WechatMiniprogram.TouchEvent) {
    const place = Number(event.currentTarget.dataset.place);
    const notice = this.data.notices[place]!;
    this.setData({ [`notices[${place}].isOpen`]: !notice.isOpen });
    if (notice.isRead) return Promise.resolve();
    return attempt(this, async () => {
      done((await run(MarkReadDocument, { input: { postIds: [notice.id] } })).markRead);
      this.setData({ [`notices[${place}].isRead`]: true, unread: Math.max(0, this.data.unread - 1) });
    });
  },

  onWords(event: WechatMiniprogram.Input) {
    this.setData({ words: event.detail.value });
  },

  onAppeal() {
    if (this.data.busy) return Promise.resolve();
    return attempt(this, async () => {
      const input = { body: this.data.words, idempotencyKey: this.data.idempotencyKey };
      done((await run(AppealSuspensionDocument, { input })).appealSuspension);
      this.setData({ words: '', idempotencyKey: key() });
      await this.load();
    });
  },

  onPetition(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/petition/petition?id=${event.currentTarget.dataset.id}` });
  },

  onMe() {
    wx.navigateTo({ url: '/pages/me/me' });
  },

  onWrite() {
    wx.navigateTo({ url: '/pages/write/write' });
  },
});
