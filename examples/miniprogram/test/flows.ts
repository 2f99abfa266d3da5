// What residents do, on a line that loses three answers in ten, against the real server.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { gateway, hands, open, restart, seen, settled, storage, tap } from './wx';

const { LINLI_STAFF, LINLI_SECRETARY, LINLI_DIRECT, LINLI_PICTURE, LINLI_REPORT } = process.env as Record<string, string>;
const POSTS = 30;
let me = '';

/** The staff are at their desks, where the line is good. */
async function ask(token: string, query: string, variables: object = {}): Promise<any> {
  const answer = await fetch(`${LINLI_DIRECT}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await answer.json()) as any;
  assert.equal(errors, undefined);
  return data;
}

/** All that a page said to the one in front of it. */
const silent = (...pages: any[]): void => {
  for (const page of pages) assert.deepEqual(page.problems, [], page.route);
  for (const toast of seen.toasts) assert.equal(toast.icon, 'success');
};

/** Fill in the form of whoever wants to be let in. */
function fill(page: any): void {
  const typed = { displayName: '小王', realName: '王磊', phone: '13800000077', building: '3号楼', room: '502' };
  for (const [name, value] of Object.entries(typed)) tap(page, 'onField', { name }, { value });
  tap(page, 'onKind', {}, { value: '1' });
  page.onAgree();
}

/** WeChat ends the app and it is opened again: it begins at home, and leads to where one was. */
async function reopened(page: any, step: string): Promise<any> {
  silent(page);
  restart();
  await open('home');
  assert.deepEqual(seen.stack, ['/pages/join/join']);
  const again = await open('join');
  assert.equal(again.data.step, step, again.data.problem);
  return again;
}

test('one signs in, scans, applies, and is let in', async () => {
  hands.who = 'wanglei';
  let page = await open('join');
  assert.equal(page.data.step, 'scan');

  hands.scan = `https://linli.example/join/${(await ask(LINLI_STAFF!, '{ joinCode { code } }')).joinCode.code}`;
  page.onScan();
  await settled(page);
  assert.equal(page.data.step, 'form');
  assert.ok(page.data.community);
  assert.ok(page.data.consent.length > 20, 'what is agreed to can be read');

  fill(page);
  await tap(page, 'onApply');
  assert.equal(page.data.step, 'phone', page.data.problem);
  page = await reopened(page, 'phone');
  await tap(page, 'onPhone', {}, { code: 'tel-13800000077-1' });
  assert.equal(page.data.step, 'waiting', page.data.problem);
  page = await reopened(page, 'waiting');
  await page.onCheck();
  assert.equal(page.data.step, 'waiting', 'nobody has looked yet');

  const waiting = '{ applications(first: 50) { nodes { id displayName } } }';
  const { applications } = await ask(LINLI_STAFF!, waiting);
  const mine = applications.nodes.filter((each: any) => each.displayName === '小王');
  assert.equal(mine.length, 1, 'one application, however often it was sent');
  me = mine[0].id;

  const returned = await ask(LINLI_STAFF!, 'mutation ($id: ID!) { returnMember(input: {memberId: $id, reason: "室号不对"}) { userErrors { code } } }', { id: me });
  assert.deepEqual(returned.returnMember.userErrors, []);
  await page.onCheck();
  assert.deepEqual([page.data.step, page.data.reason], ['form', '室号不对']);
  page = await reopened(page, 'form');
  assert.equal(page.data.reason, '室号不对');
  fill(page);
  await tap(page, 'onApply');
  assert.equal(page.data.step, 'phone', page.data.problem);
  await tap(page, 'onPhone', {}, { code: 'tel-13800000077-2' });
  assert.equal(page.data.step, 'waiting', page.data.problem);
  assert.deepEqual((await ask(LINLI_STAFF!, waiting)).applications.nodes.filter((each: any) => each.id === me).length, 1);
  const approved = await ask(LINLI_STAFF!, 'mutation ($id: ID!) { approveMember(input: {memberId: $id}) { userErrors { code } } }', { id: me });
  assert.deepEqual(approved.approveMember.userErrors, []);
  await page.onCheck();
  assert.deepEqual(seen.stack, ['/pages/home/home']);
  silent(page);
});

test('the home screen is one query, and reading a notice is remembered', async () => {
  const before = seen.requests;
  const page = await open('home');
  assert.equal(page.data.name, '小王', page.data.problem);
  assert.ok(page.data.notices.length > 0);
  assert.deepEqual(page.data.petitions, []);
  assert.ok(seen.requests - before < 8, 'one, and its repetitions');
  await tap(page, 'onNotice', { place: 0 });
  assert.equal(page.data.notices[0].isRead, true);
  const again = await open('home');
  assert.equal(again.data.notices[0].isRead, true);
  silent(page, again);
});

test('whatever the line loses, each post is there once', async () => {
  const board = await open('board');
  const { boardId } = board.data;
  for (let number = 1; number <= POSTS; number += 1) {
    const page = await open('compose', { boardId });
    tap(page, 'onTitle', {}, { value: `第${number}帖` });
    tap(page, 'onBody', {}, { value: `内容${number}` });
    // a finger that slips presses twice
    await Promise.all([tap(page, 'onSend'), tap(page, 'onSend')]);
    silent(page);
  }
  assert.equal(seen.toasts.length, POSTS);

  await board.onPullDownRefresh();
  while (!board.data.isWhole) await board.onReachBottom();
  const titles = board.data.posts.map((post: any) => post.title).filter((title: string) => /^第\d+帖$/.test(title));
  assert.equal(titles.length, POSTS, 'none lost, none twice');
  assert.equal(new Set(titles).size, POSTS);
  assert.equal(new Set(board.data.posts.map((post: any) => post.id)).size, board.data.posts.length);
  silent(board);
});

test('a picture goes along', async () => {
  const board = await open('board');
  const page = await open('compose', { boardId: board.data.boardId });
  hands.pictures = [LINLI_PICTURE!, LINLI_PICTURE!].slice(0, 1);
  page.onPicture();
  await settled(page);
  assert.equal(page.data.pictures.length, 1);
  tap(page, 'onTitle', {}, { value: '有图' });
  tap(page, 'onBody', {}, { value: '看图' });
  await tap(page, 'onSend');
  await board.onPullDownRefresh();
  const post = board.data.posts.find((each: any) => each.title === '有图');
  assert.equal(post.images.length, 1);
  const address = new URL(post.images[0].thumbnailUrl);
  const image = await fetch(`${LINLI_DIRECT}${address.pathname}${address.search}`);
  assert.equal(image.headers.get('content-type'), 'image/jpeg');
  silent(page, board);
});

test('what answers in place of the API, or asks for long patience, is told and leaves nothing hanging', async () => {
  const page = await open('compose', { boardId: (await open('board')).data.boardId });
  hands.pictures = [LINLI_PICTURE!];
  page.onPicture();
  await settled(page);
  tap(page, 'onTitle', {}, { value: '网关' });
  tap(page, 'onBody', {}, { value: '看图' });
  const limited = JSON.stringify({ errors: [{ message: 'Too many.', extensions: { code: 'RATE_LIMITED', retryAfter: 3600 } }] });
  for (const [statusCode, data, problem] of [
    [413, '<html>413</html>', '服务暂时不可用，请稍后再试。'],
    [429, limited, '操作太频繁，请稍后再试。'],
  ] as const) {
    gateway.push({ statusCode, data, header: {} });
    await tap(page, 'onSend');
    assert.deepEqual([page.data.problem, page.data.busy], [problem, false]);
    assert.equal(gateway.length, 0);
  }
  await tap(page, 'onSend');
  assert.equal(page.data.problem, '');
});

test('words that were changed after a refusal are a post of their own', async () => {
  const board = await open('board');
  const page = await open('compose', { boardId: board.data.boardId });
  await tap(page, 'onSend');
  assert.match(page.data.problem, /\p{Script=Han}/u, 'an empty post is refused, in Chinese');
  tap(page, 'onTitle', {}, { value: '改过的' });
  tap(page, 'onBody', {}, { value: '这回有字' });
  await tap(page, 'onSend');
  assert.equal(page.data.problem, '');
  await board.onPullDownRefresh();
  assert.equal(board.data.posts.filter((post: any) => post.title === '改过的').length, 1);
});

test('a petition is sent, followed by its two clocks, answered, and rated', async () => {
  const page = await open('write');
  await tap(page, 'onSend');
  assert.equal(page.data.problem, '请选择分类。');
  page.problems.length = 0;
  tap(page, 'onCategory', {}, { value: '0' });
  tap(page, 'onTitle', {}, { value: '楼道灯不亮' });
  tap(page, 'onBody', {}, { value: '三号楼四层。' });
  await Promise.all([tap(page, 'onSend'), tap(page, 'onSend')]);
  const [id] = /pet_.+$/.exec(seen.stack.at(-1)!)!;

  const home = await open('home');
  assert.deepEqual(home.data.petitions.map((each: any) => [each.id, each.state]), [[id, '待受理']], 'one letter');
  const followed = await open('petition', { id });
  assert.equal(followed.data.state, '待受理');
  assert.deepEqual(followed.data.clocks.map((each: any) => each.name), ['受理', '答复']);
  for (const clock of followed.data.clocks) assert.match(clock.words, /^还有 \d+ (天|小时)$/);
  assert.equal(followed.data.mayRate, false);

  for (const [verb, given] of [['acceptPetition', {}], ['answerPetition', { words: '已换灯。', outcome: 'SOLVED' }]] as const) {
    const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}Input!`;
    const done = await ask(LINLI_STAFF!, `mutation ($input: ${type}) { ${verb}(input: $input) { userErrors { code } } }`, { input: { petitionId: id, ...given } });
    assert.deepEqual(done[verb].userErrors, []);
  }
  await followed.onPullDownRefresh();
  assert.deepEqual([followed.data.state, followed.data.answer, followed.data.mayRate], ['已答复', '已换灯。', true]);
  await tap(followed, 'onRate', { solved: 'yes' });
  assert.equal(followed.data.state, '已办结');
  assert.deepEqual(followed.data.events.map((each: any) => each.what).slice(0, 3), ['提交', '受理', '答复']);
  silent(page, home, followed);
});

test('a token that ends under eight requests at once is renewed once', async () => {
  const granted = await ask(LINLI_SECRETARY!, 'mutation ($id: ID!) { grantRole(input: {memberId: $id, role: SUPERVISOR, reason: "换届"}) { userErrors { code } } }', { id: me });
  assert.deepEqual(granted.grantRole.userErrors, []);
  seen.kept.length = 0;
  const pages = await Promise.all(Array.from({ length: 8 }, () => open('home')));
  for (const page of pages) assert.equal(page.data.name, '小王', page.data.problem);
  assert.equal(seen.kept.length, 1);
  silent(...pages);
});

test('thirty requests at once never have more than ten on the way', async () => {
  seen.most = 0;
  const pages = await Promise.all(Array.from({ length: 30 }, () => open('home')));
  assert.ok(seen.most <= 10, String(seen.most));
  assert.ok(seen.most >= 8, 'they were at once');
  silent(...pages);
});

test('after a restart one is still signed in; where the session was ended, one signs in again', async () => {
  restart();
  const page = await open('home');
  assert.equal(page.data.name, '小王', page.data.problem);
  storage.set('linli.refresh', 'nonsense');
  restart();
  const again = await open('home');
  assert.equal(again.data.name, '小王', again.data.problem); // WeChat knows who it is
  silent(page, again);
});

test.after(() => writeFileSync(LINLI_REPORT!, JSON.stringify({ requests: seen.requests, most: seen.most })));
