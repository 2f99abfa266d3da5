import { VotesDocument } from '../../generated/graphql';
import { run } from '../../lib/api';
import { attempt } from '../../lib/page';
import { card } from '../../lib/votes';

Page({
  data: {
    busy: true,
    problem: '',
    votes: [] as ReturnType<typeof card>[],
    after: null as string | null,
    isWhole: false,
  },

  /** Whoever comes back from a vote sees what they did. */
  onShow() {
    return this.read(null);
  },

  async onPullDownRefresh() {
    await this.read(null);
    wx.stopPullDownRefresh();
  },

  onReachBottom() {
    return this.data.busy || this.data.isWhole ? Promise.resolve() : this.more();
  },

  /** The next page; the button below does the same where a page failed. */
  more() {
    return this.read(this.data.after);
  },

  read(after: string | null) {
    return attempt(this, async () => {
      const { community } = await run(VotesDocument, { after });
      if (!community?.votes) return;
      const { nodes, pageInfo } = community.votes;
      const before = after === null ? [] : this.data.votes;
      const open = after === null ? (community.open?.nodes ?? []) : [];
      // open votes stand first, and in their place in time too: none is shown twice
      const known = new Set([...before, ...open].map((vote) => vote.id));
      const fresh = [...open, ...nodes.filter((vote) => !known.has(vote.id))].map(card);
      this.setData({ votes: [...before, ...fresh], after: pageInfo.endCursor ?? null, isWhole: !pageInfo.hasNextPage });
    });
  },

  onVote(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/vote/vote?id=${event.currentTarget.dataset.id}` });
  },
});
