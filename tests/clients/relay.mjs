// Relay's runtime with its store, with the Relay compiler's output for relay_store/operations.js.

import relay from 'relay-runtime';

import Feed from './build/relay/operationsFeedQuery.graphql.js';
import Me from './build/relay/operationsMeQuery.graphql.js';
import Post from './build/relay/operationsPostMutation.graphql.js';
import { given, noted, print, visit } from './visit.mjs';

const { commitMutation, createOperationDescriptor, Environment, fetchQuery, Network, RecordSource, Store } = relay;

const warnings = [];
console.error = console.warn = (...words) => warnings.push(words.join(' '));

let latest;

function signedIn(token) {
  const environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ name, text }, variables) => {
      const response = await noted(given.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ operationName: name, query: text, variables }),
      });
      return response.json();
    }),
  });
  latest ??= environment;
  return async (document, variables) => {
    try {
      return { data: await sent(environment, document, variables) };
    } catch (error) {
      if (!error.source) throw error;
      return { code: error.source.errors[0].extensions.code };
    }
  };
}

function sent(environment, document, variables) {
  if (document.params.operationKind === 'query') return fetchQuery(environment, document, variables).toPromise();
  return new Promise((onCompleted, onError) =>
    commitMutation(environment, { mutation: document, variables, onCompleted, onError }),
  );
}

// the store joins the pages: the newest one is the end of the whole list
let read = 0;
function pageOf({ board }) {
  const nodes = board.posts.edges.slice(read).map((edge) => edge.node);
  read += nodes.length;
  return { nodes, pageInfo: board.posts.pageInfo };
}

const told = await visit(signedIn, { Me, Feed, Post }, pageOf);
const whole = latest.lookup(createOperationDescriptor(Feed, { first: 2, after: null }).fragment).data;
const listed = whole.board.posts.edges.map((edge) => edge.node.title);
const warned = [...warnings];

// Relay warns if one id belongs to two types
latest.commitPayload(createOperationDescriptor(Me, {}), {
  viewer: { id: 'one', displayName: '甲', member: { __typename: 'Member', id: 'one', displayName: '甲', building: '1' } },
});
const mixed = warnings.slice(warned.length).filter((each) => each.includes('globally unique id')).length;
print({ ...told, listed, warned, mixed });
