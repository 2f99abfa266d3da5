import { CastBallotDocument, FollowVoteDocument, type VoteScreenFragment } from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { empty, isBlank, rows, tapped } from '../../lib/ballot';
import { attempt } from '../../lib/page';
import { envelope, found, known, settle } from '../../lib/secret';
import { screen } from '../../lib/votes';

/** The version of the live ballot, to be handed back with a change; null before the first. */
const version = ({ viewerBallot, viewerEnvelope }: VoteScreenFragment): number | null => (viewerBallot ?? viewerEnvelope)?.version ?? null;

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
        this.show(node);
        this.setData({ found: await found(this.read!) });
      } else this.setData({ problem: '没有这项投票。' });
    });
  },

  /** What is marked and not sent yet stays, unless the ballot was changed meanwhile. */
  show(vote: VoteScreenFragment) {
    const isSame = this.read !== null && version(this.read) === version(vote);
    this.read = vote;
    settle(vote);
    this.setData({ vote: screen(vote) });
    this.hold(isSame ? this.marks : [...(vote.viewerBallot?.marks ?? known(vote) ?? empty(vote))]);
  },

  /** Take these marks on the ballot in hand; nothing is sent yet. */
  hold(marks: number[]) {
    this.marks = marks;
    const verb = version(this.read!) === null ? '投票' : '改票';
    this.setData({ options: rows(this.read!, marks), button: isBlank(marks) ? `${verb}：弃权` : verb });
  },

  onOption(event: WechatMiniprogram.TouchEvent) {
    const { place, mark } = event.currentTarget.dataset;
    if (this.data.busy || !this.data.vote?.mayCast) return;
    const marks = tapped(this.read!, this.marks, Number(place), Number(mark));
    if (marks) this.hold(marks);
    else wx.showToast({ title: this.data.vote.hint, icon: 'none' });
  },

  /** Pressing twice sends once; after a lost answer the same ballot goes again with the same key. */
  onCast() {
    if (this.data.busy || !this.read) return Promise.resolve();
    return attempt(this, async () => {
      const vote = this.read!;
      const replaces = version(vote);
      const isSecret = vote.secrecy === 'SECRET';
      const ballot = isSecret ? { sealed: await envelope(vote, this.marks, replaces), replaces } : { marks: this.marks, replaces };
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
