import { CategoriesDocument, SubmitPetitionDocument, type CategoriesQuery, type PetitionSecrecy } from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { attempt } from '../../lib/page';
import { USUAL, wordsOf } from '../../lib/usual';

type Category = NonNullable<CategoriesQuery['community']>['petitionCategories'][number];

const SECRECIES: { value: PetitionSecrecy; words: string }[] = [
  { value: 'PRIVATE', words: '只给居委看' },
  { value: 'MEMBERS', words: '邻居也能看' },
  { value: 'PUBLIC', words: '公开' },
];

const MOST_FOUND = 12;

Page({
  data: {
    busy: true,
    problem: '',
    categories: [] as Category[],
    /** What is mostly written about: one tap. */
    usual: [] as { id: string; words: string }[],
    /** What the search or the topic leaves to choose from. */
    found: [] as Category[],
    topics: [] as string[],
    topic: '',
    search: '',
    category: '',
    chosen: '',
    secrecies: SECRECIES,
    secrecy: 0,
    title: '',
    body: '',
    idempotencyKey: '',
    sent: '',
  },

  onLoad() {
    this.setData({ idempotencyKey: key() });
    return attempt(this, async () => {
      const { community } = await run(CategoriesDocument, {});
      const categories = [...(community?.petitionCategories ?? [])];
      const usual = USUAL.flatMap(({ words, topic, name }) =>
        categories.filter((each) => each.topic === topic && each.name === name).map(({ id }) => ({ id, words })),
      );
      this.setData({ categories, usual, topics: [...new Set(categories.map(({ topic }) => topic))] });
    });
  },

  /** Two taps: a topic, then what it is about. */
  onTopic(event: WechatMiniprogram.TouchEvent) {
    const topic = String(event.currentTarget.dataset.topic);
    this.setData({ topic, search: '', found: this.data.categories.filter((each) => each.topic === topic) });
  },

  /** Or a word of it. */
  onSearch(event: WechatMiniprogram.Input) {
    const search = event.detail.value.trim();
    const fits = ({ topic, name }: Category) => `${topic}${name}${wordsOf(topic, name)}`.includes(search);
    this.setData({ search, topic: '', found: search ? this.data.categories.filter(fits).slice(0, MOST_FOUND) : [] });
  },

  onUsual(event: WechatMiniprogram.TouchEvent) {
    this.take(this.data.categories.find(({ id }) => id === event.currentTarget.dataset.id)!);
  },

  onCategory(event: WechatMiniprogram.TouchEvent) {
    this.take(this.data.found[Number(event.currentTarget.dataset.place)]!);
  },

  take({ id, topic, name }: Category) {
    this.setData({ category: id, chosen: `${topic} · ${name}`, found: [], topic: '', search: '' });
  },

  /** Choose another one, or another topic. */
  onOther() {
    this.setData({ category: '', chosen: '', topic: '', search: '', found: [] });
  },

  onSecrecy(event: WechatMiniprogram.PickerChange) {
    this.setData({ secrecy: Number(event.detail.value) });
  },

  onTitle(event: WechatMiniprogram.Input) {
    this.setData({ title: event.detail.value });
  },

  onBody(event: WechatMiniprogram.Input) {
    this.setData({ body: event.detail.value });
  },

  onSend() {
    if (this.data.busy) return Promise.resolve();
    const { category } = this.data;
    if (!category) {
      this.setData({ problem: '请选择分类。' });
      return Promise.resolve();
    }
    return attempt(this, async () => {
      const { title, body } = this.data;
      const secrecy = SECRECIES[this.data.secrecy]!.value;
      const words = JSON.stringify([category, title, body, secrecy]);
      if (this.data.sent && this.data.sent !== words) this.setData({ idempotencyKey: key() });
      this.setData({ sent: words });
      const input = {
        kind: 'HELP' as const,
        categoryId: category,
        title,
        body,
        secrecy,
        idempotencyKey: this.data.idempotencyKey,
      };
      const { petition } = done((await run(SubmitPetitionDocument, { input })).submitPetition);
      wx.redirectTo({ url: `/pages/petition/petition?id=${petition!.id}` });
    });
  },
});
