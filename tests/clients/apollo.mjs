// Apollo Client with persisted queries: a hash first, the text when the server does not know hashes.

import { createHash } from 'node:crypto';

import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';

import { given, noted, operation, print, visit } from './visit.mjs';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function signedIn(token) {
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    clientAwareness: { name: 'visit', version: '1' },
    link: ApolloLink.from([
      new PersistedQueryLink({ sha256, useGETForHashedQueries: given.method === 'GET' }),
      new HttpLink({ uri: given.url, fetch: noted, headers: { authorization: `Bearer ${token}` } }),
    ]),
  });
  return async (document, variables) => {
    const [{ operation: kind }] = document.definitions;
    try {
      return kind === 'mutation'
        ? await client.mutate({ mutation: document, variables })
        : await client.query({ query: document, variables });
    } catch (error) {
      if (!CombinedGraphQLErrors.is(error)) throw error;
      return { code: error.errors[0].extensions.code };
    }
  };
}

const operations = { Me: operation('Me'), Feed: operation('Feed'), Post: operation('Post') };
print(await visit(signedIn, operations));
