// The typed documents that graphql-codegen makes of the operations, sent with fetch only.

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print as printed } from 'graphql';

import { FeedDocument, MeDocument, PostDocument, type FeedQuery, type PostMutation } from './build/operations.ts';
import { given, noted, print, visit } from './visit.mjs';

interface Answer<Data> {
  data?: Data;
  errors?: { extensions: { code: string } }[];
}

const signedIn =
  (token: string) =>
  async <Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables) => {
    const response = await noted(given.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: printed(document), variables }),
    });
    const { data, errors } = (await response.json()) as Answer<Data>;
    return errors ? { code: errors[0]!.extensions.code } : { data: data! };
  };

// the types follow the schema: nullable fields may be null, and a code is one of the enum's
type Board = NonNullable<FeedQuery['board']>;
type Code = NonNullable<PostMutation['createPost']>['userErrors'][number]['code'];
const isMissing = (code: Code) => code === 'REQUIRED';
const firstTitle = (board: Board): string | undefined => board.posts?.nodes[0]?.title;

const told = await visit(signedIn, { Me: MeDocument, Feed: FeedDocument, Post: PostDocument });
const { data } = await signedIn(given.token)(FeedDocument, { first: 1, after: null });
const missing = isMissing(told.refused[1][0].code);
print({ ...told, typed: [missing, data?.board && firstTitle(data.board)] });
