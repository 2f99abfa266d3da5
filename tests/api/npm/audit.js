// Runs every server audit of graphql-http against URL with the access token TOKEN; prints JSON.
import { auditServer } from 'graphql-http';

const { URL: url, TOKEN: token } = process.env;

const results = await auditServer({
  url,
  fetchFn: (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers });
  },
});

console.log(
  JSON.stringify(
    results.map(({ id, name, status, reason }) => ({ id, name, status, reason: reason ?? null })),
  ),
);
