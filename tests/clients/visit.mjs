// The visit that every client here makes in its own way; the result is printed as JSON.

import { readFileSync } from 'node:fs';

import { parse } from 'graphql';

/** The server's URL, and the access tokens: a valid one, and invalid ones. */
export const given = JSON.parse(process.env.GIVEN);

const read = parse(readFileSync(new URL('operations.graphql', import.meta.url), 'utf8'));

/** The document of one operation. */
export const operation = (name) => ({
  ...read,
  definitions: read.definitions.filter((each) => each.name.value === name),
});

const sent = [];
const headers = new Set();

/** The `fetch` for a client: it records what the client sends, and how. */
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
 * Visit the server. `signedIn(token)` returns a function that sends a document with its variables
 * and returns `{ data }`, or `{ code }` if the server answered with an error.
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
  // as after a lost connection and a restart of the app
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

/** Print the result, and what was sent. */
export const print = (told) => console.log(JSON.stringify({ ...told, sent, headers: [...headers].sort() }));
