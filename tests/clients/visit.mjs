// What every client here does, each in its own way; what came of it is printed as JSON.

import { readFileSync } from 'node:fs';

import { parse } from 'graphql';

/** Where the server is, and the tokens: one that holds, and those that do not. */
export const given = JSON.parse(process.env.GIVEN);

const read = parse(readFileSync(new URL('operations.graphql', import.meta.url), 'utf8'));

/** The document of one operation. */
export const operation = (name) => ({
  ...read,
  definitions: read.definitions.filter((each) => each.name.value === name),
});

const sent = [];
const headers = new Set();

/** The `fetch` that a client is given: it notes what the client sends, and how. */
export function noted(address, options) {
  const url = new URL(address);
  const body = options.body ? JSON.parse(options.body) : Object.fromEntries(url.searchParams);
  const hash = body.extensions?.includes?.('persistedQuery') || body.extensions?.persistedQuery;
  const parts = [body.query && 'text', hash && 'hash'].filter(Boolean);
  sent.push([options.method ?? 'GET', body.operationName, parts.join(' and ')].join(' '));
  new Headers(options.headers).forEach((_, name) => headers.add(name));
  return fetch(address, options);
}

/**
 * Visit the server. `signedIn(token)` gives what sends a document with its variables, and gives
 * `{ data }`, or `{ code }` where the server answered with an error.
 */
export async function visit(signedIn, { Me, Feed, Post }, pageOf = (data) => data.board.posts) {
  const ask = signedIn(given.token);
  const me = (await ask(Me, {})).data.viewer;
  const pages = [];
  for (let after = null, more = true; more; ) {
    const page = pageOf((await ask(Feed, { first: 2, after })).data);
    pages.push(page.nodes.map((each) => each.title));
    ({ endCursor: after, hasNextPage: more } = page.pageInfo);
  }
  const input = { boardId: given.board, title: '谁丢了一把伞', body: '蓝色的。', idempotencyKey: given.key };
  const posted = (await ask(Post, { input })).data.createPost;
  // as after a dropped connection and a new start
  const again = (await signedIn(given.token)(Post, { input })).data.createPost;
  const refused = (await ask(Post, { input: { ...input, title: '', idempotencyKey: 'another' } })).data.createPost;
  const plain = ({ __typename, ...rest }) => rest;
  const { member, ...viewer } = plain(me);
  return {
    me: { ...viewer, member: plain(member) },
    pages,
    posted: posted.post.title,
    sameAgain: posted.post.id === again.post.id,
    refused: [refused.post, refused.userErrors.map(plain)],
    garbage: (await signedIn(given.garbage)(Me, {})).code,
    expired: (await signedIn(given.expired)(Me, {})).code,
  };
}

/** Print what came of it, and what was sent. */
export const print = (told) => console.log(JSON.stringify({ ...told, sent, headers: [...headers].sort() }));
