import { AddCommentDocument, FollowPostDocument, type FollowPostQuery } from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { attempt, moment } from '../../lib/page';

type Post = NonNullable<FollowPostQuery['post']>;

const signed = (author: Post['author']): string =>
  author ? [author.displayName, author.building].filter(Boolean).join(' · ') : '已注销用户';

const shown = ({ id, body, createdAt, author }: Post['comments']['nodes'][number]) => ({
  id,
  who: signed(author),
  at: moment(createdAt),
  body: body ?? '这条评论已删除。',
});

Page({
  data: {
    busy: true,
    problem: '',
    id: '',
    title: '',
    body: '',
    who: '',
    at: '',
    images: [] as Post['images'],
    comments: [] as ReturnType<typeof shown>[],
    after: null as string | null,
    isWhole: false,
    mayComment: false,
    why: '',
    words: '',
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

  onReachBottom() {
    return this.data.busy || this.data.isWhole ? Promise.resolve() : this.read(this.data.after);
  },

  load() {
    return this.read(null);
  },

  read(after: string | null) {
    return attempt(this, async () => {
      const { post } = await run(FollowPostDocument, { id: this.data.id, after });
      if (!post) {
        this.setData({ problem: '没有这篇帖子，或者它已被删除。' });
        return;
      }
      const known = after === null ? [] : this.data.comments;
      this.setData({
        title: post.title,
        body: post.body,
        who: signed(post.author),
        at: moment(post.createdAt),
        images: post.images,
        comments: [...known, ...post.comments.nodes.map(shown)],
        after: post.comments.pageInfo.endCursor ?? null,
        isWhole: !post.comments.pageInfo.hasNextPage,
        mayComment: post.viewerCan.addComment.allowed,
        why: post.viewerCan.addComment.message ?? '',
      });
    });
  },

  onImage(event: WechatMiniprogram.TouchEvent) {
    const urls = this.data.images.map((image) => image.url);
    wx.previewImage({ urls, current: urls[Number(event.currentTarget.dataset.place)]! });
  },

  onWords(event: WechatMiniprogram.Input) {
    this.setData({ words: event.detail.value });
  },

  onSend() {
    if (this.data.busy) return Promise.resolve();
    return attempt(this, async () => {
      const { id: postId, words: body, idempotencyKey } = this.data;
      const { comment } = done((await run(AddCommentDocument, { input: { postId, body, idempotencyKey } })).addComment);
      wx.showToast({ title: comment?.state === 'HELD' ? '已提交，待审核' : '已发布', icon: 'success' });
      this.setData({ words: '', idempotencyKey: key() });
      await this.load();
    });
  },
});
