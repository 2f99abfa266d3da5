// PostGraphile 5 on the schema `tenant`: a peer of `make bench`, set up to be as fast as it can be.
//
// The port is an argument; DATABASE_URL (role linli_app), JWKS (linli's public keys), ISSUER and
// POOL_SIZE are environment variables set by the bench.

import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { addPgTableCondition } from "postgraphile/utils";

const ISSUER = process.env.ISSUER;
const REMEMBERED = 20_000;
const keys = new Map(
  JSON.parse(process.env.JWKS).keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: "jwk" })]),
);

/** The claims of verified tokens, by the token's text, kept until they expire. */
const remembered = new Map();

/** Return the PostgreSQL settings of a token; throws a 401 if it is not valid. */
function settingsOf(authorization) {
  const token = authorization?.startsWith("Bearer ") ? authorization.slice(7) : "";
  const known = remembered.get(token);
  const claims = known ?? verified(token);
  if (claims.exp <= Date.now() / 1000) throw refused("expired");
  if (known === undefined) {
    remembered.set(token, claims);
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value);
  }
  return claims.pgSettings;
}

function verified(token) {
  const [header, payload, signature] = token.split(".");
  if (!signature) throw refused("no token");
  const { alg, typ, kid } = decoded(header);
  const key = keys.get(kid);
  if (alg !== "EdDSA" || typ !== "at+jwt" || key === undefined) throw refused("header");
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify(null, signed, key, Buffer.from(signature, "base64url"))) throw refused("signature");
  const claims = decoded(payload);
  if (claims.iss !== ISSUER || claims.aud !== "linli") throw refused("issuer");
  return { exp: claims.exp, pgSettings: { "app.community_id": String(claims.tid) } };
}

const decoded = (part) => JSON.parse(Buffer.from(part, "base64url").toString());
const refused = (why) => Object.assign(new Error(`Token refused: ${why}`), { statusCode: 401 });

// The conditions of linli's policies, so that both read the same rows by the same rules.
const seen = (name, condition) =>
  addPgTableCondition(
    { schemaName: "tenant", tableName: name },
    "visibleTo",
    (build) => ({ type: build.getInputTypeByName("UUID") }),
    (value, { sql, sqlTableAlias: row, sqlValueWithCodec, build }) =>
      condition(sql, row, sqlValueWithCodec(value, build.dataplanPg.TYPES.uuid)),
  );
const seenPosts = seen(
  "post",
  (sql, row, viewer) =>
    sql`(${row}.state = 'PUBLISHED' or (${row}.state <> 'DELETED' and ${row}.author_id = ${viewer}))`,
);
const seenComments = seen(
  "comment",
  (sql, row, viewer) => sql`((${row}.state = 'PUBLISHED' and ${row}.post_state = 'PUBLISHED')
    or (${row}.post_state <> 'DELETED' and ${row}.state <> 'DELETED' and ${row}.author_id = ${viewer})
    or (${row}.state = 'DELETED' and ${row}.post_state = 'PUBLISHED' and ${row}.reply_count > 0))`,
);

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [seenPosts, seenComments],
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ["tenant"],
      pubsub: false,
      poolConfig: { max: Number(process.env.POOL_SIZE), min: Number(process.env.POOL_SIZE) },
    }),
  ],
  grafserv: {
    graphiql: false,
    watch: false,
    outputDataAsString: true, // the plan writes JSON text itself
  },
  grafast: {
    explain: false,
    context: ({ node }) => ({ pgSettings: settingsOf(node.req.headers.authorization) }),
  },
};

const serv = postgraphile(preset).createServ(grafserv);
const server = createServer();
await serv.addTo(server);
server.listen(Number(process.argv[2]), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
