/**
 * A service of your own that takes Blockbot's access tokens. It asks Blockbot for its public keys and for nothing else.
 *
 *     ISSUER=http://localhost:3000 AUDIENCE=https://billing.example.com PORT=4000 node server.js
 */
import { createServer } from 'node:http';
import process from 'node:process';
import { URL } from 'node:url';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER, AUDIENCE, KEYS = '/.well-known/jwks.json', HOST = '127.0.0.1', PORT = '4000' } = process.env;
// Without AUDIENCE every token would be taken, whomever it is for.
if (!ISSUER || !AUDIENCE || !URL.canParse(KEYS, ISSUER)) {
  process.stderr.write('ISSUER and AUDIENCE: set both, ISSUER to an address such as http://localhost:3000\n');
  process.exit(1);
}

const keys = createRemoteJWKSet(new URL(KEYS, ISSUER));

async function verify(token) {
  const { payload } = await jwtVerify(token, keys, {
    issuer: ISSUER,
    audience: AUDIENCE,
    typ: 'at+jwt',
    algorithms: ['ES256', 'EdDSA'],
    requiredClaims: ['sub', 'exp'],
  });
  return payload;
}

// What is wrong with the token, as opposed to keys that could not be fetched.
const ofToken = /^ERR_(?:JWT|JWS|JOSE_ALG|JOSE_NOT|JWKS_NO)/;

const server = createServer(async (request, response) => {
  // From a gate in front (docs/gateway.md), or from the caller.
  const [, bearer] = request.headers.authorization?.match(/^bearer (\S+)$/i) ?? [];
  const token = request.headers['x-identity'] ?? bearer;
  if (!token) return response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
  try {
    const { sub, org, role } = await verify(token);
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ sub, org, role }));
  } catch (error) {
    if (!ofToken.test(error.code)) return response.writeHead(503, { 'Retry-After': '5' }).end();
    response.writeHead(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }).end();
  }
});

server.listen(Number(PORT), HOST, () => {
  process.stdout.write(`listening on ${server.address().port}\n`);
});
