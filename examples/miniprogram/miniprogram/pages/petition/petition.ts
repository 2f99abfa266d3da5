import {
  FollowPetitionDocument,
  RecordCallbackDocument,
  ReopenPetitionDocument,
  RequestReviewDocument,
  ResubmitPetitionDocument,
  WithdrawPetitionDocument,
  type FollowPetitionQuery,
  type PetitionSolved,
} from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { attempt, moment } from '../../lib/page';
import { action, clocks, next, state } from '../../lib/petitions';

const OPEN = new Set(['SUBMITTED', 'RETURNED', 'ACCEPTED', 'ASSIGNED', 'DISPUTED', 'IN_PROGRESS', 'ESCALATED', 'REVIEW_REQUESTED']);

type Petition = NonNullable<FollowPetitionQuery['petition']>;

/** What its author can do with a letter, and what is asked of them then. */
const STEPS = {
  resubmitPetition: { words: '补充后再次提交', asks: '补充的内容，写完整的诉求', isNeeded: true },
  reopenPetition: { words: '没有解决，要求重新办理', asks: '还有什么没有解决', isNeeded: true },
  requestPetitionReview: { words: '不同意，申请复查', asks: '为什么不同意', isNeeded: true },
  withdrawPetition: { words: '撤回这件诉求', asks: '理由，可以不写', isNeeded: false },
} as const;

type Verb = keyof typeof STEPS;

const SOLVED: { value: PetitionSolved; words: string }[] = [
  { value: 'YES', words: '解决了' },
  { value: 'PARTLY', words: '部分解决' },
  { value: 'NO', words: '没有解决' },
];
const STARS = [
  { value: 5, words: '非常满意' },
  { value: 4, words: '满意' },
  { value: 3, words: '一般' },
  { value: 2, words: '不满意' },
  { value: 1, words: '非常不满意' },
];

const steps = ({ viewerCan }: Petition) =>
  (Object.keys(STEPS) as Verb[]).filter((verb) => viewerCan[verb].allowed).map((verb) => ({ verb, ...STEPS[verb] }));

Page({
  data: {
    busy: true,
    problem: '',
    id: '',
    title: '',
    body: '',
    state: '',
    next: '',
    clocks: [] as ReturnType<typeof clocks>,
    images: [] as Petition['images'],
    answer: '',
    events: [] as { key: number; at: string; what: string; words: string }[],
    mayRate: false,
    solved: -1,
    stars: -1,
    solutions: SOLVED,
    marks: STARS,
    steps: [] as ReturnType<typeof steps>,
    /** The step whose form is open, its place in `steps`; -1: none. */
    step: -1,
    words: '',
    idempotencyKey: '',
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
        next: next(petition.state),
        clocks: clocks(petition.clocks, OPEN.has(petition.state)),
        images: petition.images,
        answer: petition.answer?.body ?? '',
        events: petition.events.nodes.map((event, place) => ({
          key: place,
          at: moment(event.at),
          what: action(event.action),
          words: event.body ?? '',
        })),
        mayRate: petition.viewerCan.recordCallback.allowed,
        steps: steps(petition),
        step: -1,
        words: '',
        idempotencyKey: key(),
      });
    });
  },

  onSolved(event: WechatMiniprogram.TouchEvent) {
    this.setData({ solved: Number(event.currentTarget.dataset.place) });
  },

  onStars(event: WechatMiniprogram.TouchEvent) {
    this.setData({ stars: Number(event.currentTarget.dataset.place) });
  },

  /** Only its author says whether it is solved, and how satisfied they are. */
  onRate() {
    const solved = SOLVED[this.data.solved];
    const mark = STARS[this.data.stars];
    if (!solved || !mark) {
      this.setData({ problem: '请选择是否解决，以及是否满意。' });
      return Promise.resolve();
    }
    return attempt(this, async () => {
      const input = { petitionId: this.data.id, solved: solved.value, satisfaction: mark.value, idempotencyKey: this.data.idempotencyKey };
      done((await run(RecordCallbackDocument, { input })).recordCallback);
      await this.load();
    });
  },

  onImage(event: WechatMiniprogram.TouchEvent) {
    const urls = this.data.images.map((image) => image.url);
    wx.previewImage({ urls, current: urls[Number(event.currentTarget.dataset.place)]! });
  },

  /** Open the form of a step, or close it. */
  onStep(event: WechatMiniprogram.TouchEvent) {
    const place = Number(event.currentTarget.dataset.place);
    const isOpen = this.data.step === place;
    const words = this.data.steps[place]!.verb === 'resubmitPetition' ? this.data.body : '';
    this.setData({ step: isOpen ? -1 : place, words });
  },

  onWords(event: WechatMiniprogram.Input) {
    this.setData({ words: event.detail.value });
  },

  onTake() {
    const step = this.data.steps[this.data.step];
    if (this.data.busy || !step) return Promise.resolve();
    if (step.isNeeded && !this.data.words.trim()) {
      this.setData({ problem: `请写${step.asks}。` });
      return Promise.resolve();
    }
    return attempt(this, async () => {
      await this.take(step.verb, this.data.words.trim());
      await this.load();
    });
  },

  async take(verb: Verb, words: string) {
    const { id: petitionId, idempotencyKey } = this.data;
    if (verb === 'resubmitPetition') {
      done((await run(ResubmitPetitionDocument, { input: { petitionId, body: words, idempotencyKey } })).resubmitPetition);
    } else if (verb === 'reopenPetition') {
      done((await run(ReopenPetitionDocument, { input: { petitionId, reason: words, idempotencyKey } })).reopenPetition);
    } else if (verb === 'requestPetitionReview') {
      done((await run(RequestReviewDocument, { input: { petitionId, reason: words, idempotencyKey } })).requestPetitionReview);
    } else {
      done((await run(WithdrawPetitionDocument, { input: { petitionId, reason: words || null } })).withdrawPetition);
    }
  },
});
