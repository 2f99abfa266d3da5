// WeChat's `wx`, `Page` and `App` as its documents describe them, over Node's own HTTP.
//
// What matters to a page is kept: callbacks come later, `success` comes for any status, an answer that is
// lost is `fail` with `request:fail …`, an upload's data is a text, setData takes paths and copies what it
// is given, a code of `wx.login` is good once.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';

type Dict = Record<string, any>;

/** What the people at the phone saw and where they are. */
export const seen = { toasts: [] as Dict[], stack: [] as string[], kept: [] as unknown[], requests: 0, most: 0 };
export const storage = new Map<string, any>();
/** What the tests decide: who holds the phone, what is scanned and chosen. */
export const hands = { who: 'somebody', scan: '', pictures: [] as string[] };
/** What stands before the API answers these by itself, first come, first served; at 'lost' the API answers, in vain. */
export const gateway: ({ statusCode: number; data: string; header: Dict } | 'lost')[] = [];

let running = 0;
let codes = 0;

function ask(url: string, headers: Dict, body: Buffer | string, timeout: number, method = 'POST'): Promise<{ statusCode: number; data: string; header: Dict }> {
  const own = gateway.shift();
  if (own && own !== 'lost') return Promise.resolve(own);
  seen.requests += 1;
  running += 1;
  seen.most = Math.max(seen.most, running);
  return new Promise<{ statusCode: number; data: string; header: Dict }>((resolve, reject) => {
    // a connection for each, so that a line that breaks breaks one request
    const sent = http.request(url, { method, headers, timeout, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => own ? reject(new Error('interrupted')) : resolve({ statusCode: answer.statusCode!, data: Buffer.concat(parts).toString('utf8'), header: answer.headers }));
      answer.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.on('error', reject);
    sent.end(body);
  }).finally(() => {
    running -= 1;
  });
}

const failure = (verb: string, error: Error): Dict => ({ errMsg: `${verb}:fail ${error.message === 'timeout' ? 'timeout' : 'interrupted'}` });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const later = (work: () => void): void => void setTimeout(work, 0);

const wx: Dict = {
  request({ url, data, header = {}, method = 'GET', timeout = 60000, success, fail, complete }: Dict) {
    const body = method === 'GET' ? '' : JSON.stringify(data ?? {});
    const headers = { 'content-type': 'application/json', ...header, 'content-length': Buffer.byteLength(body) };
    ask(url, headers, body, timeout, method).then(
      (answer) => success?.({ ...answer, data: parsed(answer.data), errMsg: 'request:ok' }),
      (error) => fail?.(failure('request', error)),
    ).finally(() => complete?.());
  },

  uploadFile({ url, filePath, name, header = {}, formData = {}, timeout = 60000, success, fail }: Dict) {
    const boundary = `----wx${Date.now()}`;
    const fields = Object.entries(formData).map(([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`);
    const head = `${fields.join('')}--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="tmp.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), readFileSync(filePath), Buffer.from(`\r\n--${boundary}--\r\n`)]);
    const headers = { ...header, 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': body.length };
    ask(url, headers, body, timeout).then(
      ({ statusCode, data }) => success?.({ statusCode, data, errMsg: 'uploadFile:ok' }),
      (error) => fail?.(failure('uploadFile', error)),
    );
  },

  login({ success }: Dict) {
    codes += 1;
    const code = `wx-${hands.who}-${process.pid}x${codes}`;
    later(() => success?.({ code, errMsg: 'login:ok' }));
  },

  scanCode({ success }: Dict) {
    later(() => success?.({ result: hands.scan, scanType: 'QR_CODE', errMsg: 'scanCode:ok' }));
  },

  chooseMedia({ success, count }: Dict) {
    const tempFiles = hands.pictures.slice(0, count).map((tempFilePath) => ({ tempFilePath, size: 1, fileType: 'image' }));
    later(() => success?.({ tempFiles, type: 'image', errMsg: 'chooseMedia:ok' }));
  },

  getRandomValues({ length, success }: Dict) {
    later(() => success?.({ randomValues: Uint8Array.from(randomBytes(length)).buffer, errMsg: 'getRandomValues:ok' }));
  },
  arrayBufferToBase64: (buffer: ArrayBuffer) => Buffer.from(buffer).toString('base64'),

  getStorageSync: (key: string) => storage.get(key) ?? '',
  setStorageSync(key: string, value: unknown) {
    seen.kept.push(value);
    storage.set(key, value);
  },
  removeStorageSync: (key: string) => void storage.delete(key),

  showToast: (options: Dict) => void seen.toasts.push(options),
  previewImage: () => undefined,
  stopPullDownRefresh: () => undefined,
  navigateTo: ({ url }: Dict) => void seen.stack.push(url),
  redirectTo: ({ url }: Dict) => void seen.stack.splice(-1, 1, url),
  navigateBack: () => void seen.stack.pop(),
  switchTab: ({ url }: Dict) => void seen.stack.splice(0, seen.stack.length, url),
  reLaunch: ({ url }: Dict) => void seen.stack.splice(0, seen.stack.length, url),
};

/** Put a value where a path like `posts[3].title` says. */
function put(data: any, path: string, value: unknown): void {
  const steps = path.split(/[.[\]]+/).filter(Boolean);
  const last = steps.pop()!;
  let at = data;
  for (const step of steps) at = at[step] ??= {};
  at[last] = value;
}

// what goes to the screen goes as JSON: no undefined, nothing shared, a megabyte at most
function copied(value: unknown): any {
  const text = JSON.stringify(value);
  if (text.length > 1_000_000) throw new Error('setData: more than a megabyte');
  return JSON.parse(text);
}

let defined: Dict | null = null;

Object.assign(globalThis, {
  wx,
  App: () => undefined,
  Page: (options: Dict) => {
    defined = options;
  },
});

/** Open a page as the phone does: its data its own, its methods bound. `problems` are all it ever said. */
export async function open(name: string, query: Dict = {}): Promise<any> {
  const file = require.resolve(`../miniprogram/pages/${name}/${name}`);
  delete require.cache[file];
  require(file);
  const options = defined!;
  const page: Dict = { route: `pages/${name}/${name}`, problems: [] as string[] };
  for (const [key, value] of Object.entries(options)) page[key] = typeof value === 'function' ? value.bind(page) : structuredClone(value);
  page.setData = (change: Dict) => {
    for (const [path, value] of Object.entries(copied(change))) put(page.data, path, value);
    if (change.problem) page.problems.push(change.problem);
  };
  page.getOpenerEventChannel = () => ({ emit: () => undefined });
  seen.stack.push(`/${page.route}`);
  await page.onLoad?.(query);
  await page.onShow?.();
  return page;
}

/** Forget what is in memory, as when WeChat ends the app; what is in storage stays. */
export function restart(): void {
  for (const file of Object.keys(require.cache)) if (file.includes('/miniprogram/')) delete require.cache[file];
}

/** What a finger does: `tap(page, 'onSend')`, with the data-… of what was touched. */
export const tap = (page: any, handler: string, dataset: Dict = {}, detail: Dict = {}): Promise<void> =>
  page[handler]({ currentTarget: { dataset }, detail });

/** Wait until a page is no longer busy with what a callback began. */
export async function settled(page: any): Promise<void> {
  do await new Promise((go) => setTimeout(go, 30));
  while (page.data.busy);
}
