import { FollowMeetingDocument, ObjectToRollDocument, type MeetingScreenFragment } from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { entriesOf } from '../../lib/entries';
import { screen } from '../../lib/meetings';
import { attempt } from '../../lib/page';

Page({
  data: {
    busy: true,
    problem: '',
    id: '',
    meeting: null as ReturnType<typeof screen> | null,
    body: '',
    idempotencyKey: '',
  },

  onLoad({ id }: { id?: string }) {
    this.setData({ id: id ?? '', idempotencyKey: key() });
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    wx.stopPullDownRefresh();
  },

  load() {
    return attempt(this, () => this.read());
  },

  async read() {
    const found = await run(FollowMeetingDocument, { id: this.data.id });
    if (found.node && 'ruleCode' in found.node) {
      const meeting = found.node as MeetingScreenFragment;
      this.setData({ meeting: screen(found, meeting, await entriesOf(meeting)) });
    } else this.setData({ problem: '没有这次会议。' });
  },

  onBody(event: WechatMiniprogram.Input) {
    this.setData({ body: event.detail.value });
  },

  /** After a lost answer the same objection goes again with the same key. */
  onObject() {
    if (this.data.busy) return Promise.resolve();
    return attempt(this, async () => {
      const input = { meetingId: this.data.id, body: this.data.body, idempotencyKey: this.data.idempotencyKey };
      done((await run(ObjectToRollDocument, { input })).objectToRoll);
      this.setData({ body: '', idempotencyKey: key() });
      wx.showToast({ title: '已提出', icon: 'success' });
      await this.read();
    });
  },

  onMatter(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/vote/vote?id=${event.currentTarget.dataset.id}` });
  },
});
