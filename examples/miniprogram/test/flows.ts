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
  choose(page);
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

  for (const [verb, given] of [['acceptPetition', {}], ['answerPetition', { body: '已换灯。', outcome: 'SOLVED' }]] as const) {
    const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}Input!`;
    const done = await ask(LINLI_STAFF!, `mutation ($input: ${type}) { ${verb}(input: $input) { userErrors { code } } }`, { input: { petitionId: id, ...given } });
    assert.deepEqual(done[verb].userErrors, []);
  }
  await followed.onPullDownRefresh();
  assert.deepEqual([followed.data.state, followed.data.answer, followed.data.mayRate], ['已答复', '已换灯。', true]);
  await tap(followed, 'onRate');
  assert.equal(followed.data.problem, '请选择是否解决，以及是否满意。');
  followed.problems.length = 0;
  tap(followed, 'onSolved', { place: 0 });
  tap(followed, 'onStars', { place: 1 });
  await tap(followed, 'onRate');
  assert.equal(followed.data.state, '已办结');
  assert.deepEqual(followed.data.events.map((each: any) => each.what).slice(0, 3), ['提交', '受理', '答复']);
  silent(page, home, followed);
});

/** Two taps: the first topic, and the first of what it holds. */
function choose(page: any): void {
  tap(page, 'onTopic', { topic: page.data.topics[0] });
  assert.ok(page.data.found.length > 0);
  tap(page, 'onCategory', { place: 0 });
}

/** What the committee does with a letter. */
async function handles(id: string, verb: string, given: object = {}): Promise<void> {
  const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}Input!`;
  const done = await ask(LINLI_STAFF!, `mutation ($input: ${type}) { ${verb}(input: $input) { userErrors { code } } }`, { input: { petitionId: id, ...given } });
  assert.deepEqual(done[verb].userErrors, []);
}

/** Open the form of a step and take it. */
async function step(page: any, verb: string, words = ''): Promise<void> {
  const place = page.data.steps.findIndex((each: any) => each.verb === verb);
  assert.ok(place >= 0, `${verb} is not on the screen: ${JSON.stringify(page.data.steps)}`);
  tap(page, 'onStep', { place });
  if (words) tap(page, 'onWords', {}, { value: words });
  await Promise.all([tap(page, 'onTake'), tap(page, 'onTake')]);
  assert.equal(page.data.problem, '');
}

test('what is asked is answered, what is not solved is done again, and what is not wanted is withdrawn', async () => {
  const page = await open('write');
  assert.ok(page.data.usual.length > 5);
  tap(page, 'onSearch', {}, { value: '门禁' });
  assert.equal(page.data.found.length, 1);
  tap(page, 'onCategory', { place: 0 });
  tap(page, 'onOther');
  tap(page, 'onUsual', { id: page.data.usual[0].id });
  assert.equal(page.data.chosen, '城乡建设 · 城市建设和市政管理');
  tap(page, 'onTitle', {}, { value: '门禁坏了' });
  tap(page, 'onBody', {}, { value: '三号楼门口。' });
  await tap(page, 'onSend');
  const [id] = /pet_.+$/.exec(seen.stack.at(-1)!)!;
  await handles(id, 'requestPetitionInformation', { question: '是哪一扇门？' });
  const followed = await open('petition', { id });
  assert.deepEqual([followed.data.state, followed.data.steps.length > 0], ['请补充', true]);
  assert.match(followed.data.next, /补充后再次提交/);
  await step(followed, 'resubmitPetition', '三号楼东门。');
  assert.deepEqual([followed.data.state, followed.data.body], ['待受理', '三号楼东门。']);

  await handles(id, 'acceptPetition');
  await handles(id, 'answerPetition', { body: '已修。', outcome: 'SOLVED' });
  await followed.load();
  tap(followed, 'onSolved', { place: 2 });
  tap(followed, 'onStars', { place: 3 });
  await tap(followed, 'onRate');
  await step(followed, 'reopenPetition', '还是打不开。');
  assert.match(followed.data.next, /办理|受理/);
  await step(followed, 'withdrawPetition');
  assert.deepEqual([followed.data.state, followed.data.steps], ['已撤回', []]);
  assert.ok(followed.data.next.length > 5);
  silent(page, followed);
});

test('a comment is written under a post of any board', async () => {
  const board = await open('board');
  assert.ok(board.data.boards.length > 3);
  for (const { slug } of board.data.boards) {
    await tap(board, 'onBoard', { slug });
    assert.equal(board.data.slug, slug);
  }
  await tap(board, 'onBoard', { slug: 'neighbours' });
  const { id } = board.data.posts.find((post: any) => post.title === '有图');
  tap(board, 'onPost', { id });
  assert.equal(seen.stack.at(-1), `/pages/post/post?id=${id}`);
  const page = await open('post', { id });
  assert.deepEqual([page.data.title, page.data.comments], ['有图', []]);
  tap(page, 'onWords', {}, { value: '好看。' });
  await Promise.all([tap(page, 'onSend'), tap(page, 'onSend')]);
  assert.deepEqual(page.data.comments.map((each: any) => each.body), ['好看。']);
  silent(board, page);
});

/** A poll among the neighbours, which ends in so many seconds. */
async function poll(who: string, question: string, seconds: number, given: object = {}): Promise<string> {
  const { board } = await ask(who, '{ board(slug: "neighbours") { id } }');
  const closesAt = new Date(Date.now() + seconds * 1000).toISOString();
  const input = { boardId: board.id, question, options: ['东门', '西门', '不装'], closesAt, idempotencyKey: question, ...given };
  const { startPoll } = await ask(who, 'mutation ($input: StartPollInput!) { startPoll(input: $input) { vote { id } userErrors { code } } }', { input });
  assert.deepEqual(startPoll.userErrors, []);
  return startPoll.vote.id;
}

const marks = (page: any): string[] => page.data.options.map((each: any) => each.mark);

test('open votes stand first, and one says what it is for before anybody votes', async () => {
  const id = await poll(LINLI_STAFF!, '快递柜放在哪里？', 86400, { details: '两处都有地方。' });
  const list = await open('votes');
  const [first] = list.data.votes;
  assert.deepEqual([first.id, first.kind, first.state, first.mine], [id, '意见征询，不具约束力', '投票中', '您还没有投票']);
  assert.match(first.course, /^\d+月\d+日 \d\d:\d\d 截止，还有 23 小时$/);
  assert.equal(new Set(list.data.votes.map((each: any) => each.id)).size, list.data.votes.length);
  tap(list, 'onVote', { id });
  assert.equal(seen.stack.at(-1), `/pages/vote/vote?id=${id}`);

  const { vote } = (await open('vote', { id })).data;
  assert.deepEqual([vote.kind, vote.details, vote.hint, vote.mayCast], ['意见征询，不具约束力', '两处都有地方。', '请点一项。', true]);
  assert.match(vote.byName, /记名.*截止以前.*看不到.*截止后公布结果和名单/);
  assert.match(vote.turnout, /^可投票 \d+ 人，参与率 0%，/);
  assert.equal(vote.outcome, null);
  silent(list);
});

test('a ballot whose answer was lost is sent again with its key, and then changed', async () => {
  const { votes } = (await open('votes')).data;
  const { id } = votes.find((each: any) => each.question === '快递柜放在哪里？');
  const page = await open('vote', { id });
  tap(page, 'onOption', { place: 0, mark: 1 });
  assert.deepEqual([marks(page), page.data.button], [['✔', '', ''], '投票']);
  // the ballot arrives, its answer does not, and then there is no getting through
  gateway.push('lost', { statusCode: 413, data: '<html>413</html>', header: {} });
  await tap(page, 'onCast');
  assert.deepEqual([page.data.problem, page.data.vote.mine, marks(page)], ['服务暂时不可用，请稍后再试。', '', ['✔', '', '']]);
  // with another key it would be refused, since the ballot is there
  await Promise.all([tap(page, 'onCast'), tap(page, 'onCast')]);
  assert.equal(page.data.problem, '');
  assert.match(page.data.vote.mine, /^东门（/);

  tap(page, 'onOption', { place: 1, mark: 1 });
  assert.deepEqual([marks(page), page.data.button], [['', '✔', ''], '改票']);
  await tap(page, 'onCast');
  assert.match(page.data.vote.mine, /^西门（/);
  const other = await open('vote', { id });
  tap(other, 'onOption', { place: 1, mark: 1 });
  assert.equal(other.data.button, '改票：弃权');
  await tap(other, 'onCast');
  // what stands on the first page is no longer the ballot: it is told so, and loads anew
  tap(page, 'onOption', { place: 2, mark: 1 });
  await tap(page, 'onCast');
  assert.equal(page.data.problem, '内容已被修改，请刷新后重试。');
  await page.load();
  assert.match(page.data.vote.mine, /^弃权（/);
  const again = (await open('votes')).data.votes.find((each: any) => each.id === id);
  assert.equal(again.mine, '您已投票');
});

test('each method has its own way to mark a ballot', async () => {
  const many = await poll(LINLI_STAFF!, '健身区添什么？', 86400, { method: 'MULTIPLE', mostMarks: 2 });
  const ranked = await poll(LINLI_STAFF!, '先修哪里？', 86400, { method: 'RANKED', mostMarks: 3 });
  const people = await poll(LINLI_SECRETARY!, '谁来当楼组长？', 86400, { method: 'CANDIDATES', options: ['老李', '老周', '老吴'] });
  let page = await open('vote', { id: people });
  for (const [place, mark] of [[0, 1], [1, 2], [2, 2], [2, 2]]) tap(page, 'onOption', { place, mark });
  tap(page, 'onOption', { place: 1, mark: 1 });
  assert.equal(seen.toasts.pop()!.title, '每位候选人都可以点同意或反对，最多同意 1 人。');
  await tap(page, 'onCast');
  assert.match(page.data.vote.mine, /^同意老李，反对老周（/);

  page = await open('vote', { id: many });
  for (const place of [0, 2]) tap(page, 'onOption', { place, mark: 1 });
  tap(page, 'onOption', { place: 1, mark: 1 });
  assert.equal(seen.toasts.pop()!.title, '可以点几项，最多 2 项。');
  await tap(page, 'onCast');
  assert.match(page.data.vote.mine, /^东门、不装（/);

  page = await open('vote', { id: ranked });
  for (const place of [2, 0, 1, 2]) tap(page, 'onOption', { place, mark: 1 });
  assert.deepEqual(marks(page), ['第 1', '第 2', '']);
  await tap(page, 'onCast');
  assert.match(page.data.vote.mine, /^东门 → 西门（/);
  silent(page);
});

test('a ballot that comes too late is refused in the words of the API', async () => {
  const { id } = (await open('votes')).data.votes.find((each: any) => each.question === '谁来当楼组长？');
  const page = await open('vote', { id });
  const { voidPoll } = await ask(LINLI_SECRETARY!, 'mutation ($input: VoidPollInput!) { voidPoll(input: $input) { userErrors { code } } }', { input: { voteId: id, reason: '名单写错了' } });
  assert.deepEqual(voidPoll.userErrors, []);
  tap(page, 'onOption', { place: 2, mark: 2 });
  await tap(page, 'onCast');
  assert.equal(page.data.problem, '投票未开始或已截止。');
  await page.load();
  const { state, course, mayCast, outcome, mine } = page.data.vote;
  assert.deepEqual([page.data.problem, state, course, mayCast, outcome], ['', '已作废', '名单写错了', false, null]);
  assert.match(mine, /^同意老李，反对老周（/);
});

test('the result of a poll has bars to scale, and who voted what', async () => {
  const id = await poll(LINLI_SECRETARY!, '夏天晚一小时关门吗？', 8, { method: 'PROPOSAL', options: null });
  const ranked = await poll(LINLI_SECRETARY!, '先种什么树？', 8, { method: 'RANKED', mostMarks: 3, options: ['桂花', '香樟', '银杏'] });
  for (const [who, voteId, given] of [
    [LINLI_STAFF!, id, [1, 0]], [LINLI_SECRETARY!, id, [0, 0]], [LINLI_STAFF!, ranked, [1, 2, 3]], [LINLI_SECRETARY!, ranked, [2, 1, 0]],
  ] as const) {
    const input = { voteId, marks: given, idempotencyKey: voteId };
    const { castBallot } = await ask(who, 'mutation ($input: CastBallotInput!) { castBallot(input: $input) { userErrors { code } } }', { input });
    assert.deepEqual(castBallot.userErrors, []);
  }
  const state = async (vote: string): Promise<string> => (await ask(LINLI_STAFF!, `{ node(id: "${vote}") { ... on Vote { state } } }`)).node.state;
  for (const vote of [id, ranked]) while ((await state(vote)) !== 'CLOSED') await new Promise((go) => setTimeout(go, 200));
  const page = await open('vote', { id });
  const { mayCast, mine, outcome } = page.data.vote;
  assert.deepEqual([mayCast, mine, outcome.words], [false, '', '意见最多的是：同意。仅供参考，不具约束力。']);
  assert.deepEqual(outcome.trace, []);
  const [{ bars, scale }] = outcome.counts;
  assert.match(scale, /^名册 \d+ 人，参加投票 2 人（整条的长度）$/);
  assert.deepEqual(bars.map(({ label, amount, width }: any) => [label, amount, width]), [['同意', '1 人', 50], ['反对', '0 人', 0], ['弃权', '1 人', 50]]);
  assert.deepEqual(page.data.vote.ballots.map((each: any) => each.words).sort(), ['同意', '弃权']);
  const { counts, words } = (await open('vote', { id: ranked })).data.vote.outcome;
  assert.equal(words, '票数相同，不分先后');
  assert.deepEqual(counts.map((round: any) => [round.scale.slice(0, 5), ...round.bars.map(({ width }: any) => width)]), [['第 1 轮', 50, 50, 0, 0], ['第 2 轮', 50, 50, 0, 0]]);
  const listed = (await open('votes')).data.votes;
  const isOpen = listed.map((each: any) => each.state === '投票中');
  assert.equal(isOpen.lastIndexOf(true) + 1, isOpen.indexOf(false), 'those open stand first');
  silent(page);
});

test('a secret ballot is sealed on the phone, and the phone finds it in the published list', async () => {
  const id = await poll(LINLI_SECRETARY!, '要不要夜间保安？', 25, { method: 'PROPOSAL', options: null, secrecy: 'SECRET' });
  const state = async (): Promise<string> => (await ask(LINLI_STAFF!, `{ node(id: "${id}") { ... on Vote { state } } }`)).node.state;
  const until = async (wanted: string): Promise<void> => {
    while ((await state()) !== wanted) await new Promise((go) => setTimeout(go, 200));
  };
  await until('OPEN');
  const page = await open('vote', { id });
  assert.match(page.data.vote.byName, /秘密投票.*监票人：演示监票程序一（与服务器同机）（程序）、/);
  tap(page, 'onOption', { place: 0, mark: 1 });
  gateway.push('lost');
  await tap(page, 'onCast');
  assert.match(page.data.vote.mine, /^同意（.*只有这部手机知道）$/);
  const first = JSON.stringify([...storage].filter(([key]) => key.startsWith('ballot')));
  tap(page, 'onOption', { place: 1, mark: 1 });
  await tap(page, 'onCast');
  assert.match(page.data.vote.mine, /^反对（/);
  assert.notEqual(JSON.stringify([...storage].filter(([key]) => key.startsWith('ballot'))), first);
  assert.equal(page.data.button, '改票');
  await until('CLOSED');
  const counted = await open('vote', { id });
  assert.equal(counted.data.vote.outcome.words, '意见最多的是：反对。仅供参考，不具约束力。');
  assert.match(counted.data.found, /^已在公布的选票中找到您的那一张，号码 [0-9a-f]{16}。$/);
  assert.deepEqual(counted.data.vote.ballots, []);
  // a phone that was cleared knows that a ballot is there, and not which
  for (const key of [...storage.keys()]) if (key.startsWith('ballot')) storage.delete(key);
  assert.match((await open('vote', { id })).data.vote.mine, /不是这部手机上投的/);
  silent(page, counted);
});

test('the result of a meeting is shown with each comparison that the law asks for', async () => {
  const { votes } = (await open('votes')).data;
  const screens = [];
  for (const [question, far] of [['是否通过新的居民公约？', '已生效'], ['改建活动室', '已公布']]) {
    const { id, kind, state } = votes.find((each: any) => each.question === question);
    assert.deepEqual([kind, state], ['会议表决，按法定规则计票', far]);
    const page = await open('vote', { id });
    silent(page);
    screens.push(page.data.vote);
  }
  const [passed, failed] = screens;
  assert.equal(passed.course, '异议期已过，结果生效');
  assert.match(failed.course, /^对结果有异议，.+ 以前可以提$/);
  assert.deepEqual([passed.meeting, passed.mayCast], ['年度居民会议', false]);
  assert.deepEqual([passed.outcome.words, failed.outcome.words], ['表决通过：同意', '没有形成决定：同意的不够']);
  assert.deepEqual([passed, failed].map((each) => each.outcome.trace.map(({ mark }: any) => mark)), [['✔', '✔'], ['✔', '✘']]);
  assert.match(failed.outcome.trace[1].sentence, /^“同意”的人数：2 \/ 4 = 50\.00 %，须 > 1\/2，未达到，还差 1。/);
  const [{ bars, scale }] = failed.outcome.counts;
  assert.equal(scale, '名册 5 人，到会 4 人，参加投票 4 人，整条是到会的 4 人');
  // a line stands where the rule asks for more
  assert.deepEqual(bars.map(({ label, width, mark, needs }: any) => [label, width, mark, needs]), [
    ['参加的，整条是名册的 5 人', 80, 50, '须 > 1/2'], ['同意', 50, 50, '须 > 1/2'], ['反对', 25, 0, ''], ['弃权', 25, 0, ''],
  ]);
  assert.equal(failed.ballotCount, 4);
  assert.equal(passed.ballots.length, Math.min(50, passed.ballotCount));
});

test('a meeting says who may vote and why, who came, and what it decides', async () => {
  const { votes } = (await open('votes')).data;
  const { id } = votes.find(({ question }: any) => question === '续聘幸福物业三年');
  const vote = await open('vote', { id });
  const heads = vote.data.vote.outcome.counts.find(({ key }: any) => key === 'HEADS');
  assert.deepEqual(heads.bars.map(({ mark, needs }: any) => [mark, needs]).slice(0, 2), [[66.7, '须 ≥ 2/3'], [50, '须 > 1/2']]);
  tap(vote, 'onMeeting');
  assert.equal(seen.stack.at(-1), `/pages/meeting/meeting?id=${vote.data.vote.meetingId}`);
  const page = await open('meeting', { id: vote.data.vote.meetingId });
  const { meeting } = page.data;
  assert.deepEqual([meeting.title, meeting.state, meeting.area, meeting.mayObject], ['幸福小区业主大会', '已公告', '幸福小区', false]);
  assert.match(meeting.rule, /^业主大会（一般事项）（民法典第278条/);
  assert.match(meeting.rules, /^依业主的议事规则（2025年12月业主大会第3号决定）：没投票的不算参加；可以线上投票；车位不计入。$/);
  assert.match(meeting.course, /公告；投票.+ 已截止$/);
  assert.match(meeting.roll, /^名册共 \d+ 户$/);
  assert.match(meeting.mine.join(), /^您不在名册上：登记册里没有与您的账号对应的业主/);
  assert.equal(meeting.attended, '到会 3 户');
  assert.deepEqual(meeting.matters.map(({ question }: any) => question).slice(0, 2), ['续聘幸福物业三年', '一号楼加装电梯']);
  assert.deepEqual(meeting.objections.map(({ about, state, reason }: any) => [about, state, reason]), [['对名册', '成立', '已由共有人重新推定']]);
  tap(page, 'onMatter', { id });
  assert.equal(seen.stack.at(-1), `/pages/vote/vote?id=${id}`);
  silent(vote, page);
});

test('an objection to a roll goes once, however often its answer is lost', async () => {
  const day = 86400_000;
  const at = (days: number): string => new Date(Date.now() + days * day).toISOString();
  const { draftMeeting } = await ask(LINLI_STAFF!, 'mutation ($input: DraftMeetingInput!) { draftMeeting(input: $input) { meeting { id } userErrors { code } } }', {
    input: {
      ruleCode: 'RM_PERSON', title: '居民会议', location: '活动室', opensAt: at(20), heldAt: at(21), closesAt: at(22),
      partyDiscussedOn: at(-1).slice(0, 10), partyRecord: '第12次会议', idempotencyKey: 'meeting',
    },
  });
  const meetingId = draftMeeting.meeting.id;
  const does = async (verb: string, input: object): Promise<void> => {
    const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}Input`;
    const answer = await ask(LINLI_STAFF!, `mutation ($input: ${type}!) { ${verb}(input: $input) { userErrors { code message } } }`, { input });
    assert.deepEqual(answer[verb].userErrors, []);
  };
  await does('addMatter', { meetingId, matter: 'RESIDENT_PACT', question: '新的公约', idempotencyKey: 'matter' });
  await does('setMeetingRoll', { meetingId, everyMember: true });
  await does('noticeMeeting', { meetingId });
  const page = await open('meeting', { id: meetingId });
  assert.deepEqual([page.data.meeting.mine, page.data.meeting.mayObject], [['您在名册上。'], true]);
  tap(page, 'onBody', {}, { value: '楼上的老李也该在名册上' });
  gateway.push('lost');
  await tap(page, 'onObject');
  assert.deepEqual(page.data.meeting.objections.map(({ about, body, state }: any) => [about, body, state]), [['对名册', '楼上的老李也该在名册上', '等待答复']]);
  assert.equal(page.data.body, '');
  silent(page);
});

test('an owner sees each entry that they cast for, and what a proxy says', async () => {
  const entry = (id: string, voter: object | null, room: string, area: number) =>
    ({ id, area, document: null, parts: [{ building: '1号楼', room }], voter, service: null });
  const own = entry('vtr_1', { id: 'mem_me', displayName: '小王' }, '101', 8937);
  const vote = {
    id: 'vot_1', track: 'DECISION', state: 'OPEN', question: '续聘物业', details: null, method: 'PROPOSAL', mostMarks: 1,
    opensAt: '2026-01-01T00:00:00Z', closesAt: '2099-01-01T00:00:00Z', objectionsUntil: null, voidReason: null, overturnReason: null,
    eligible: 9, turnoutPercent: 0, viewerIsOnRoll: true, options: [{ position: 0, label: '同意' }, { position: 1, label: '反对' }],
    meeting: { id: 'mtg_1', title: '业主大会', assembly: { silence: 'NOTHING' } },
    secrecy: 'RECORDED', publishedAt: null, filePath: null, alarmedAt: null, scrutineers: [], notice: null, viewerBallot: null,
    viewerBallots: [{ entryId: 'vtr_1', marks: [1, 0], castAt: '2026-01-02T00:00:00Z', channel: 'ONLINE', version: 3 }],
    viewerEnvelope: null, viewerCan: { castBallot: { allowed: true, message: null } }, result: null, ballots: { totalCount: 0, nodes: [] },
  };
  const entries = {
    viewerEntries: [own, entry('vtr_2', null, '202', 10005)],
    proxies: { nodes: [
      { entry: { id: 'vtr_2' }, holder: { displayName: '小王' }, document: '委托书', instructions: [{ vote: { id: 'vot_1' }, marks: [0, 1] }] },
      { entry: { id: 'vtr_1' }, holder: { displayName: '老周' }, document: '委托书', instructions: [] },
    ] },
  };
  for (const data of [{ node: vote }, { viewer: { member: { id: 'mem_me' } }, node: entries }]) {
    gateway.push({ statusCode: 200, data: JSON.stringify({ data }), header: {} });
  }
  const page = await open('vote', { id: 'vot_1' });
  assert.deepEqual(page.data.vote.entries.map(({ label, isChosen }: any) => [label, isChosen]), [
    ['1号楼 101，89.37 平方米', true], ['受委托：1号楼 202，100.05 平方米', false],
  ]);
  assert.match(page.data.vote.entries[0].words, /^已投：同意（/);
  assert.deepEqual([marks(page), page.data.button, page.data.vote.proxies], [['✔', ''], '改票', ['您已委托老周投票（委托书）。您自己投的票会代替受托人投的。']]);
  tap(page, 'onEntry', { id: 'vtr_2' });
  assert.deepEqual([marks(page), page.data.button, page.data.vote.entries[1].isChosen], [['', '✔'], '投票', true]);
  tap(page, 'onOption', { place: 0, mark: 1 });
  assert.deepEqual([marks(page), seen.toasts.pop()!.title], [['', '✔'], '按书面委托的意见投票，不能改动。']);
  silent(page);
});

test('a token that ends under eight requests at once is renewed once', async () => {
  const granted = await ask(LINLI_SECRETARY!, 'mutation ($id: ID!) { grantRole(input: {memberId: $id, role: SUPERVISOR, reason: "换届", declaresNoRelatives: true}) { userErrors { code } } }', { id: me });
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

test('who is suspended reads why and until when, and appeals', async () => {
  const set = (verb: string, input: object) => ask(LINLI_SECRETARY!, `mutation ($input: ${verb[0]!.toUpperCase()}${verb.slice(1)}Input!) { ${verb}(input: $input) { userErrors { code } } }`, { input: { memberId: me, ...input } });
  assert.deepEqual((await set('suspendMember', { reason: '多次辱骂邻居' })).suspendMember.userErrors, []);
  const page = await open('home');
  assert.deepEqual([page.data.isSuspended, page.data.suspension.reason, page.data.suspension.mayAppeal], [true, '多次辱骂邻居', true]);
  tap(page, 'onWords', {}, { value: '我没有骂人。' });
  await Promise.all([tap(page, 'onAppeal'), tap(page, 'onAppeal')]);
  assert.equal(page.data.problem, '');
  assert.match(page.data.suspension.appeal, /^您已向街镇申诉，.+以前答复。$/);
  assert.equal(page.data.suspension.mayAppeal, false);
  assert.deepEqual((await set('resumeMember', { reason: '已谈话' })).resumeMember.userErrors, []);
  const again = await open('home');
  assert.equal(again.data.isSuspended, false, again.data.problem);
});

test('one sees where one belongs, goes there, and signs out', async () => {
  const page = await open('me');
  assert.equal(page.data.places.length, 1);
  assert.match(page.data.places[0].roles, /居民/);
  tap(page, 'onInvitation', {}, { value: '310113-wrong' });
  await tap(page, 'onAccept');
  assert.equal(page.data.said, '');
  assert.ok(page.data.problem);
  await tap(page, 'onPlace', { org: page.data.places[0].org });
  assert.deepEqual(seen.stack, ['/pages/home/home']);
  await tap(page, 'onLeave');
  assert.deepEqual(seen.stack, ['/pages/join/join']);
  assert.equal(storage.get('linli.refresh'), undefined);
});

test('a code that was scanned with WeChat itself leads to its community', async () => {
  const { code } = (await ask(LINLI_STAFF!, '{ joinCode { code } }')).joinCode;
  storage.clear();
  restart();
  hands.who = 'xiaoli';
  const page = await open('join', { q: encodeURIComponent(`https://linli.example/join/${code}?from=board`) });
  assert.deepEqual([page.data.step, page.data.problem], ['form', '']);
  assert.ok(page.data.community);
});

test.after(() => writeFileSync(LINLI_REPORT!, JSON.stringify({ requests: seen.requests, most: seen.most })));
