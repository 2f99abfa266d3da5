// Asks for the whole schema as graphql-js does with all of its options; prints it.

import { buildClientSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';

import { given } from './visit.mjs';

const query = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
});
const response = await fetch(given.url, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${given.token}` },
  body: JSON.stringify({ query }),
});
const { data } = await response.json();
console.log(printSchema(lexicographicSortSchema(buildClientSchema(data))));
