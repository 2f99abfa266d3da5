import { CategoriesDocument, SubmitPetitionDocument, type CategoriesQuery, type PetitionSecrecy } from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { attempt } from '../../lib/page';

type Category = NonNullable<CategoriesQuery['community']>['petitionCategories'][number];

const SECRECIES: { value: PetitionSecrecy; words: string }[] = [
  { value: 'PRIVATE', words: '只给居委看' },
  { value: 'MEMBERS', words: '邻居也能看' },
  { value: 'PUBLIC', words: '公开' },
];

Page({
  data: {
    busy: true,
    problem: '',
    categories: [] as { id: string; words: string }[],
    category: -1,
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
      const listed: readonly Category[] = community?.petitionCategories ?? [];
      this.setData({ categories: listed.map(({ id, topic, name }) => ({ id, words: `${topic} · ${name}` })) });
    });
  },

  onCategory(event: WechatMiniprogram.PickerChange) {
    this.setData({ category: Number(event.detail.value) });
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
    const category = this.data.categories[this.data.category];
    if (!category) {
      this.setData({ problem: '请选择分类。' });
      return Promise.resolve();
    }
    return attempt(this, async () => {
      const { title, body } = this.data;
      const secrecy = SECRECIES[this.data.secrecy]!.value;
      const words = JSON.stringify([category.id, title, body, secrecy]);
      if (this.data.sent && this.data.sent !== words) this.setData({ idempotencyKey: key() });
      this.setData({ sent: words });
      const input = {
        kind: 'HELP' as const,
        categoryId: category.id,
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
