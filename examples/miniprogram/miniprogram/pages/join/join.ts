import { ApplyDocument, JoinDocument, SubmitForReviewDocument, VerifyPhoneDocument, type MemberState, type ResidentKind } from '../../generated/graphql';
import { done, key, run } from '../../lib/api';
import { attempt } from '../../lib/page';
import { join, renew, token } from '../../lib/session';
import { chinesePart } from '../../lib/transport';

const KINDS: { value: ResidentKind; words: string }[] = [
  { value: 'REGISTERED', words: '户籍居民' },
  { value: 'RENTER', words: '租户' },
  { value: 'ABSENT_OWNER', words: '不住在这里的业主' },
];

/** Where somebody is on the way in. */
type Step = 'scan' | 'form' | 'phone' | 'waiting';
const STEPS: Record<MemberState, Step> = {
  APPLIED: 'phone',
  IDENTITY_OK: 'phone',
  UNDER_REVIEW: 'waiting',
  RETURNED: 'form', // with the reason
  ACTIVE: 'waiting', // led home before
  SUSPENDED: 'waiting', // led home before
  MOVED_OUT: 'form',
  ANONYMISED: 'form',
};

Page({
  data: {
    busy: true,
    problem: '',
    step: 'scan' as Step,
    community: '',
    reason: '',
    consent: '',
    version: '',
    agrees: false,
    kinds: KINDS,
    kind: 0,
    form: { displayName: '', realName: '', phone: '', building: '', room: '' } as Record<string, string>,
    idempotencyKey: '',
  },

  /** `q` is the address of a QR code that was scanned with WeChat itself. */
  onLoad({ q }: { q?: string }) {
    return attempt(this, async () => {
      const code = q ? codeOf(decodeURIComponent(q)) : '';
      if (code) await join(code);
      if ((await token()) !== null) await this.look();
    });
  },

  /** See how far one is, wherever the app was ended: a guest, on the way, sent back, or let in. */
  async look() {
    const { viewer, community, consentTexts } = await run(JoinDocument, {});
    const member = viewer?.member;
    if (member?.state === 'ACTIVE' || member?.state === 'SUSPENDED') {
      wx.switchTab({ url: '/pages/home/home' });
      return;
    }
    const consent = consentTexts?.find(({ purpose }) => purpose === 'IDENTITY');
    this.setData({
      step: member ? STEPS[member.state] : 'form',
      reason: member?.record?.returnReason ?? '',
      idempotencyKey: key(), // what was sent before has come about, or was sent back
      community: community?.name ?? '',
      consent: chinesePart(consent?.text ?? ''),
      version: consent?.version ?? '',
    });
  },

  /** The code on the notice board is an address that ends in the community's join code. */
  onScan() {
    wx.scanCode({
      success: ({ result }) =>
        attempt(this, async () => {
          await join(codeOf(result));
          await this.look();
        }),
    });
  },

  onField(event: WechatMiniprogram.Input) {
    this.setData({ [`form.${event.currentTarget.dataset.name}`]: event.detail.value });
  },

  onKind(event: WechatMiniprogram.PickerChange) {
    this.setData({ kind: Number(event.detail.value) });
  },

  onAgree() {
    this.setData({ agrees: !this.data.agrees });
  },

  onApply() {
    if (this.data.busy) return Promise.resolve();
    return attempt(this, async () => {
      const { displayName, realName, phone, building, room } = this.data.form;
      const input = {
        displayName: displayName!,
        realName: realName!,
        phone: phone!,
        building: building!,
        room: room!,
        kind: KINDS[this.data.kind]!.value,
        consentVersion: this.data.version,
        // another form is another application
        idempotencyKey: `${this.data.idempotencyKey}-${hash(JSON.stringify([this.data.form, this.data.kind]))}`,
      };
      done((await run(ApplyDocument, { input })).applyForMembership);
      this.setData({ step: 'phone' });
    });
  },

  /** WeChat vouches for the number: its button gives a code that is good once. */
  onPhone(event: WechatMiniprogram.ButtonGetPhoneNumber) {
    const { code } = event.detail;
    if (!code) return Promise.resolve();
    return attempt(this, async () => {
      await this.unless(['IDENTITY_OK', 'UNDER_REVIEW'], async () => done((await run(VerifyPhoneDocument, { input: { code } })).verifyPhone));
      await this.unless(['UNDER_REVIEW'], async () => done((await run(SubmitForReviewDocument, { input: {} })).submitForReview));
      this.setData({ step: 'waiting' });
    });
  },

  /** Take a step that has no key of its own: one refused because it was taken already has come about. */
  async unless(states: MemberState[], step: () => Promise<unknown>) {
    try {
      await step();
    } catch (error) {
      const { viewer } = await run(JoinDocument, {});
      if (!viewer?.member || !states.includes(viewer.member.state)) throw error;
    }
  },

  /** Whoever was let in gets a member's token with the next renewal. */
  onCheck() {
    return attempt(this, async () => {
      await renew();
      await this.look();
    });
  },
});

/** The join code that an address ends in, without what may follow it. */
function codeOf(address: string): string {
  return address.split(/[?#]/)[0]!.split('/').pop() ?? '';
}

/** A short mark of a text, the same for the same. */
function hash(text: string): string {
  let mark = 5381;
  for (let at = 0; at < text.length; at += 1) mark = ((mark * 33) ^ text.charCodeAt(at)) >>> 0;
  return mark.toString(36);
}
