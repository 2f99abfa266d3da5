import { HomeDocument, MarkReadDocument, type MemberState } from '../../generated/graphql';
import { done, run } from '../../lib/api';
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

Page({
  data: {
    busy: true,
    problem: '',
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
        name: viewer.displayName,
        community: viewer.community?.name ?? '',
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

  onPetition(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/petition/petition?id=${event.currentTarget.dataset.id}` });
  },

  onWrite() {
    wx.navigateTo({ url: '/pages/write/write' });
  },
});
