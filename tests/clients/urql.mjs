// urql with its persistedExchange: a hash first, the text when the server does not know hashes.

import { cacheExchange, Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';

import { given, noted, operation, print, visit } from './visit.mjs';

function signedIn(token) {
  const client = new Client({
    url: given.url,
    fetch: noted,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    exchanges: [
      cacheExchange,
      persistedExchange({ preferGetForPersistedQueries: given.method === 'GET', enableForMutation: true }),
      fetchExchange,
    ],
  });
  return async (document, variables) => {
    const [{ operation: kind }] = document.definitions;
    const { data, error } = await client[kind](document, variables).toPromise();
    if (!error) return { data };
    if (error.networkError) throw error.networkError;
    return { code: error.graphQLErrors[0].extensions.code };
  };
}

const operations = { Me: operation('Me'), Feed: operation('Feed'), Post: operation('Post') };
print(await visit(signedIn, operations));
