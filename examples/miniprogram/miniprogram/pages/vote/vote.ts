import { CastBallotDocument, FollowVoteDocument, type VoteScreenFragment } from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { empty, isBlank, rows, tapped } from '../../lib/ballot';
import { ballotOf, entriesOf, instructed, NOBODY } from '../../lib/entries';
import { attempt } from '../../lib/page';
import { envelope, found, known, settle } from '../../lib/secret';
import { screen } from '../../lib/votes';

Page({
  data: {
    busy: true,
    problem: '',
    id: '',
    vote: null as ReturnType<typeof screen> | null,
    options: [] as ReturnType<typeof rows>,
    button: '',
    /** Of a secret vote: whether the own ballot is in the published list. */
    found: '',
    idempotencyKey: '',
    /** What was sent with the key: other marks, or a change of another ballot, are sent with a new one. */
    sent: '',
  },

  /** The vote as it was read last, and the marks of the ballot in hand. */
  read: null as VoteScreenFragment | null,
  marks: [] as number[],
  /** For whom the viewer casts in a meeting of owners, and which of them the ballot in hand is of. */
  mine: NOBODY,
  entry: '',

  onLoad({ id }: { id?: string }) {
    this.setData({ id: id ?? '', idempotencyKey: key() });
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    wx.stopPullDownRefresh();
  },

  load() {
    return attempt(this, async () => {
      const { node } = await run(FollowVoteDocument, { id: this.data.id });
      if (node && 'question' in node) {
        this.mine = await entriesOf((node as VoteScreenFragment).meeting);
        this.entry ||= this.mine.entries[0]?.id ?? '';
        this.show(node);
        this.setData({ found: await found(this.read!) });
      } else this.setData({ problem: '没有这项投票。' });
    });
  },

  /** What is marked and not sent yet stays, unless the ballot was changed meanwhile. */
  show(vote: VoteScreenFragment) {
    const isSame = this.read !== null && this.version(this.read) === this.version(vote);
    this.read = vote;
    settle(vote);
    this.setData({ vote: screen(vote, this.mine, this.entry) });
    this.hold(isSame ? this.marks : this.before());
  },

  /** The version of the live ballot, to be handed back with a change; null before the first. */
  version(vote: VoteScreenFragment): number | null {
    return (vote.viewerEnvelope ?? ballotOf(vote, this.entry))?.version ?? null;
  },

  /** The marks to begin with: of the ballot that was cast, or what a proxy says. */
  before(): number[] {
    const vote = this.read!;
    const says = this.data.vote?.isProxy ? instructed(vote, this.mine, this.entry) : null;
    return [...(says ?? ballotOf(vote, this.entry)?.marks ?? known(vote) ?? empty(vote))];
  },

  onEntry(event: WechatMiniprogram.TouchEvent) {
    if (this.data.busy || !this.read) return;
    this.entry = String(event.currentTarget.dataset.id);
    this.setData({ vote: screen(this.read, this.mine, this.entry) });
    this.hold(this.before());
  },

  onMeeting() {
    wx.navigateTo({ url: `/pages/meeting/meeting?id=${this.data.vote!.meetingId}` });
  },

  /** Take these marks on the ballot in hand; nothing is sent yet. */
  hold(marks: number[]) {
    this.marks = marks;
    const verb = this.version(this.read!) === null ? '投票' : '改票';
    this.setData({ options: rows(this.read!, marks), button: isBlank(marks) ? `${verb}：弃权` : verb });
  },

  onOption(event: WechatMiniprogram.TouchEvent) {
    const { place, mark } = event.currentTarget.dataset;
    if (this.data.busy || !this.data.vote?.mayCast) return;
    if (this.data.vote.isProxy) {
      wx.showToast({ title: '按书面委托的意见投票，不能改动。', icon: 'none' });
      return;
    }
    const marks = tapped(this.read!, this.marks, Number(place), Number(mark));
    if (marks) this.hold(marks);
    else wx.showToast({ title: this.data.vote.hint, icon: 'none' });
  },

  /** Pressing twice sends once; after a lost answer the same ballot goes again with the same key. */
  onCast() {
    if (this.data.busy || !this.read) return Promise.resolve();
    return attempt(this, async () => {
      const vote = this.read!;
      const replaces = this.version(vote);
      const isSecret = vote.secrecy === 'SECRET';
      const ballot = isSecret ? { sealed: await envelope(vote, this.marks, replaces), replaces } : { marks: this.marks, replaces, entryId: this.entry || null };
      const sent = JSON.stringify(ballot);
      if (this.data.sent && this.data.sent !== sent) this.setData({ idempotencyKey: key() });
      this.setData({ sent });
      const input = { voteId: this.data.id, ...ballot, idempotencyKey: this.data.idempotencyKey };
      const { vote: cast } = done((await run(CastBallotDocument, { input })).castBallot);
      if (cast) this.show(cast);
      wx.showToast({ title: ballot.replaces === null ? '已投票' : '已改票', icon: 'success' });
    });
  },
});
