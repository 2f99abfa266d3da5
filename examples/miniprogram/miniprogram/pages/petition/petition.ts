import { FollowPetitionDocument, RecordCallbackDocument } from '../../generated/graphql';
import { done, run } from '../../lib/api';
import { attempt, moment } from '../../lib/page';
import { action, clocks, state } from '../../lib/petitions';

const OPEN = new Set(['SUBMITTED', 'RETURNED', 'ACCEPTED', 'ASSIGNED', 'DISPUTED', 'IN_PROGRESS', 'ESCALATED', 'REVIEW_REQUESTED']);

Page({
  data: {
    busy: true,
    problem: '',
    id: '',
    title: '',
    body: '',
    state: '',
    clocks: [] as ReturnType<typeof clocks>,
    answer: '',
    events: [] as { key: number; at: string; what: string; words: string }[],
    mayRate: false,
  },

  onLoad({ id }: { id?: string }) {
    this.setData({ id: id ?? '' });
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    wx.stopPullDownRefresh();
  },

  load() {
    return attempt(this, async () => {
      const { petition } = await run(FollowPetitionDocument, { id: this.data.id });
      if (!petition) {
        this.setData({ problem: '没有这件诉求。' });
        return;
      }
      this.setData({
        title: petition.title,
        body: petition.body,
        state: state(petition.state),
        clocks: clocks(petition.clocks, OPEN.has(petition.state)),
        answer: petition.answer?.body ?? '',
        events: petition.events.nodes.map((event, place) => ({
          key: place,
          at: moment(event.at),
          what: action(event.action),
          words: event.body ?? '',
        })),
        mayRate: petition.viewerCan.recordCallback.allowed,
      });
    });
  },

  /** Only its author says that it is solved. */
  onRate(event: WechatMiniprogram.TouchEvent) {
    const solved = event.currentTarget.dataset.solved === 'yes';
    return attempt(this, async () => {
      const input = { petitionId: this.data.id, solved: solved ? ('YES' as const) : ('NO' as const), satisfaction: solved ? 5 : 2 };
      done((await run(RecordCallbackDocument, { input })).recordCallback);
      await this.load();
    });
  },
});
