// The operations of ../operations.graphql in Relay's form, for the Relay compiler; this file is never run.

import { graphql } from 'relay-runtime';

graphql`
  query operationsMeQuery {
    viewer {
      id
      displayName
      member {
        id
        displayName
        building
      }
    }
  }
`;

graphql`
  query operationsFeedQuery($first: Int!, $after: Cursor) {
    board(slug: "neighbours") {
      posts(first: $first, after: $after) @connection(key: "operations_posts") {
        edges {
          node {
            id
            title
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

graphql`
  mutation operationsPostMutation($input: CreatePostInput!) {
    createPost(input: $input) {
      post {
        id
        title
      }
      userErrors {
        code
        path
      }
    }
  }
`;
