import { BoardDocument, type BoardQuery } from '../../generated/graphql';
import { run } from '../../lib/api';
import { attempt, moment } from '../../lib/page';

type Post = NonNullable<BoardQuery['board']>['posts']['nodes'][number];

const shown = (post: Post) => ({
  id: post.id,
  title: post.title,
  body: post.body,
  pinned: post.pinned,
  who: post.author ? [post.author.displayName, post.author.building].filter(Boolean).join(' · ') : '已注销用户',
  at: moment(post.createdAt),
  comments: post.commentCount,
  images: post.images,
});

Page({
  data: {
    busy: true,
    problem: '',
    slug: 'neighbours',
    boards: [] as { slug: string; title: string }[],
    boardId: '',
    mayPost: false,
    posts: [] as ReturnType<typeof shown>[],
    after: null as string | null,
    isWhole: false,
  },

  onLoad() {
    return this.reload();
  },

  async onPullDownRefresh() {
    await this.reload();
    wx.stopPullDownRefresh();
  },

  onReachBottom() {
    return this.data.busy || this.data.isWhole ? Promise.resolve() : this.more();
  },

  /** Begin at the newest again. */
  reload() {
    return this.read(null);
  },

  /** The next page; the button below does the same where a page failed. */
  more() {
    return this.read(this.data.after);
  },

  read(after: string | null) {
    return attempt(this, async () => {
      const { board, community } = await run(BoardDocument, { slug: this.data.slug, after });
      if (!board) return;
      const { nodes, pageInfo } = board.posts;
      const before = after === null ? [] : this.data.posts;
      const pinned = after === null ? board.pinnedPosts : [];
      // pinned posts stand first, and in their place in time too: nobody is shown twice
      const known = new Set([...before, ...pinned].map((post) => post.id));
      const fresh = [...pinned, ...nodes.filter((post) => !known.has(post.id))].map(shown);
      this.setData({
        boards: [...(community?.boards ?? [])],
        boardId: board.id,
        mayPost: board.viewerCan.createPost.allowed,
        // only what is new goes to the screen: setData carries a megabyte at most
        ...(after === null
          ? { posts: fresh }
          : Object.fromEntries(fresh.map((post, place) => [`posts[${before.length + place}]`, post]))),
        after: pageInfo.endCursor ?? null,
        isWhole: !pageInfo.hasNextPage,
      });
    });
  },

  onBoard(event: WechatMiniprogram.TouchEvent) {
    this.setData({ slug: String(event.currentTarget.dataset.slug), posts: [] });
    return this.reload();
  },

  onPost(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/post/post?id=${event.currentTarget.dataset.id}` });
  },

  onImage(event: WechatMiniprogram.TouchEvent) {
    const { post, place } = event.currentTarget.dataset;
    const urls = this.data.posts[Number(post)]!.images.map((image) => image.url);
    wx.previewImage({ urls, current: urls[Number(place)]! });
  },

  onCompose() {
    wx.navigateTo({
      url: `/pages/compose/compose?boardId=${this.data.boardId}`,
      events: { posted: () => this.reload() },
    });
  },
});
