import { attempt } from '../../lib/page';
import { accept, change, leave, places, type Place } from '../../lib/session';

const ROLES: Record<string, string> = {
  GUEST: '访客',
  RESIDENT: '居民',
  COMMITTEE_MEMBER: '居委成员',
  PARTY_SECRETARY: '书记',
  SUPERVISOR: '监督员',
  SEAT: '专业席位',
  REPRESENTATIVE: '居民代表',
  DISTRICT_ADMIN: '管理员',
  DEPARTMENT_HANDLER: '部门经办人',
};

const shown = ({ org, name, roles }: Place) => ({
  org,
  name,
  roles: roles.map((role) => ROLES[role] ?? role).join('、'),
  // what lies above the communities is worked on a larger screen
  isHere: org.startsWith('com_'),
});

Page({
  data: {
    busy: true,
    problem: '',
    places: [] as ReturnType<typeof shown>[],
    invitation: '',
    said: '',
  },

  onLoad() {
    return attempt(this, async () => {
      this.setData({ places: (await places()).map(shown) });
    });
  },

  onPlace(event: WechatMiniprogram.TouchEvent) {
    const { org } = event.currentTarget.dataset;
    return attempt(this, async () => {
      await change(String(org));
      wx.reLaunch({ url: '/pages/home/home' });
    });
  },

  onScan() {
    wx.navigateTo({ url: '/pages/join/join' });
  },

  onInvitation(event: WechatMiniprogram.Input) {
    this.setData({ invitation: event.detail.value });
  },

  onAccept() {
    if (this.data.busy) return Promise.resolve();
    return attempt(this, async () => {
      const known = new Set(this.data.places.map(({ org }) => org));
      const now = await accept(this.data.invitation.trim());
      const [place] = now.filter(({ org }) => !known.has(org));
      this.setData({ places: now.map(shown), invitation: '', said: place ? `您已在“${place.name}”任职。` : '已接受邀请。' });
    });
  },

  onLeave() {
    return attempt(this, async () => {
      await leave();
      wx.reLaunch({ url: '/pages/join/join' });
    });
  },
});
