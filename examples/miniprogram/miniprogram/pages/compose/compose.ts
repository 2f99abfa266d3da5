import { CreatePostDocument } from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { attempt } from '../../lib/page';
import { upload } from '../../lib/upload';

const MOST = 9;

Page({
  data: {
    busy: false,
    problem: '',
    boardId: '',
    title: '',
    body: '',
    pictures: [] as string[],
    idempotencyKey: '',
    /** What was sent with the key: words that were changed after a failure are a new post. */
    sent: '',
  },

  onLoad({ boardId }: { boardId?: string }) {
    this.setData({ boardId: boardId ?? '', idempotencyKey: key() });
  },

  onTitle(event: WechatMiniprogram.Input) {
    this.setData({ title: event.detail.value });
  },

  onBody(event: WechatMiniprogram.Input) {
    this.setData({ body: event.detail.value });
  },

  onPicture() {
    wx.chooseMedia({
      count: MOST - this.data.pictures.length,
      mediaType: ['image'],
      sizeType: ['compressed'],
      success: ({ tempFiles }) => {
        const chosen = tempFiles.map((file) => file.tempFilePath);
        this.setData({ pictures: [...this.data.pictures, ...chosen].slice(0, MOST) });
      },
    });
  },

  onRemove(event: WechatMiniprogram.TouchEvent) {
    const place = Number(event.currentTarget.dataset.place);
    this.setData({ pictures: this.data.pictures.filter((_, at) => at !== place) });
  },

  /** Pressing twice sends once; what failed half-way goes on with the same pictures and the same key. */
  onSend() {
    if (this.data.busy) return Promise.resolve();
    return attempt(this, async () => {
      const { boardId, title, body, pictures } = this.data;
      const words = JSON.stringify([title, body, pictures]);
      if (this.data.sent && this.data.sent !== words) {
        this.setData({ idempotencyKey: key() });
        this.ids = {}; // they may have gone with the words before
      }
      const uploadIds = await this.uploaded(pictures);
      this.setData({ sent: words });
      const input = { boardId, title, body, uploadIds, idempotencyKey: this.data.idempotencyKey };
      const { post } = done((await run(CreatePostDocument, { input })).createPost);
      wx.showToast({ title: post?.state === 'HELD' ? '已提交，待审核' : '已发布', icon: 'success' });
      this.getOpenerEventChannel().emit?.('posted', {});
      wx.navigateBack();
    });
  },

  /** The ids by file: a picture that is up already is not sent again. */
  ids: {} as Record<string, string>,

  async uploaded(pictures: string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const picture of pictures) ids.push((this.ids[picture] ??= await upload(picture)));
    return ids;
  },
});
