/**
 * The part of the contract that leaves nothing behind: no account is made, and no email sent. So it may be run against
 * production (`scripts/smoke.ts`).
 */
import {
  expectEmpty,
  expectHeader,
  expectJson,
  expectProblem,
  expectStatus,
  headerOf,
  refuse,
} from './ask.ts';
import { challenge } from './challenges.ts';
import { expectPage } from './page-steps.ts';
import type { Step } from './steps.ts';

const healthEndpoints = [
  ['health/live', '/health/live'],
  ['health/ready', '/health/ready'],
  ['health/check', '/health'],
] as const;

const health: readonly Step[] = healthEndpoints.flatMap(([name, path]) => [
  {
    name,
    title: 'passes, is never cached and never limited',
    run: async (ask) => {
      const response = await ask(name, 'GET', path);
      const { status } = expectJson<{ status?: unknown }>(response, 200);
      if (status !== 'pass') refuse(response, `status is ${String(status)}`);
      expectHeader(response, 'cache-control', /^no-store$/);
      if (headerOf(response, 'ratelimit') !== undefined) refuse(response, 'limited');
    },
  },
  {
    name,
    title: 'answers HEAD without a body',
    run: async (ask) => {
      expectEmpty(await ask(name, 'HEAD', path), 200);
    },
  },
]);

export const readOnlySteps: readonly Step[] = [
  ...health,
  {
    name: 'home/show',
    title: 'says what this is and where all else is, or what the operator has it say instead',
    run: async (ask) => {
      const response = await ask('home/show', 'GET', '/');
      if (response.status === 404) return expectProblem(response, 404, 'not-found');
      expectHeader(response, 'cache-control', /max-age=300/);
      if (response.status === 302) return expectHeader(response, 'location', /^https?:\/\//);
      const { links } = expectJson<{ links: Readonly<Record<string, string>> }>(response, 200);
      expectHeader(response, 'vary', /\bAccept\b/);
      if (!links['jwks']?.endsWith('/.well-known/jwks.json')) refuse(response, 'does not lead to the keys');
      const page = await ask('home/show', 'GET', '/', { headers: { Accept: 'text/html' } });
      expectStatus(page, 200);
      expectHeader(page, 'content-type', /^text\/html/);
      if (!page.body.includes('href="/docs"')) refuse(page, 'does not lead to the documentation');
      return undefined;
    },
  },
  {
    name: 'keys/publish',
    title: 'publishes public keys only, for five minutes',
    run: async (ask) => {
      const response = await ask('keys/publish', 'GET', '/.well-known/jwks.json');
      const { keys } = expectJson<{ keys: readonly Record<string, unknown>[] }>(response, 200);
      if (keys.length === 0 || keys.some((key) => !('kid' in key) || 'd' in key))
        refuse(response, 'not public keys');
      expectHeader(response, 'cache-control', /max-age=300/);
    },
  },
  {
    name: 'issuer/describe',
    title: 'says where the keys of its tokens are, and where a code is exchanged',
    run: async (ask) => {
      const response = await ask('issuer/describe', 'GET', '/.well-known/oauth-authorization-server');
      const { issuer, jwks_uri, token_endpoint } = expectJson<Record<string, unknown>>(response, 200);
      if (jwks_uri !== `${String(issuer)}/.well-known/jwks.json`) refuse(response, 'not where the keys are');
      if (token_endpoint !== `${String(issuer)}/v1/auth/token`) refuse(response, 'not where tokens are');
      expectHeader(response, 'cache-control', /max-age=300/);
    },
  },
  {
    name: 'resource/describe',
    title: 'is where a 401 leads to, and leads on to the issuer',
    run: async (ask) => {
      const refusal = await ask('me/read', 'GET', '/v1/me');
      const response = await ask('resource/describe', 'GET', '/.well-known/oauth-protected-resource');
      const issuers = await ask('issuer/describe', 'GET', '/.well-known/oauth-authorization-server');
      const { issuer } = expectJson<{ issuer: string }>(issuers, 200);
      const metadata = expectJson<{ resource: string; authorization_servers: readonly string[] }>(
        response,
        200,
      );
      const at = `"${metadata.resource}/.well-known/oauth-protected-resource"`;
      if (!headerOf(refusal, 'www-authenticate')?.endsWith(at)) refuse(refusal, `does not lead to ${at}`);
      if (metadata.authorization_servers.join() !== issuer) refuse(response, `not issued by ${issuer}`);
      expectHeader(response, 'cache-control', /max-age=300/);
    },
  },
  {
    name: 'problems/explain',
    title: 'is a page, and only of problems that there are',
    run: async (ask) => {
      const page = await ask('problems/explain', 'GET', '/problems/not-found');
      expectStatus(page, 200);
      expectHeader(page, 'content-type', /^text\/html/);
      if (!page.body.includes('</html>') && !page.body.includes('</h1>')) refuse(page, 'no page');
      expectProblem(await ask('problems/explain', 'GET', '/problems/there-is-none'), 404, 'not-found');
    },
  },
  {
    name: 'pages/invitation/show',
    title: 'shows whoever opens the link of an invitation two buttons, and does nothing',
    run: async (ask) => {
      const response = await ask('pages/invitation/show', 'GET', '/auth/invitation');
      expectPage(response, 200);
      if (!response.body.includes('value="decline"')) refuse(response, 'offers nothing');
      if (headerOf(response, 'set-cookie') !== undefined) refuse(response, 'sets a cookie');
    },
  },
  {
    name: 'invitations/accept',
    title: 'signs nobody in by a token that nobody was mailed',
    run: async (ask) => {
      const body = { token: 'a-token-that-nobody-was-mailed-0123456789ab' };
      const response = await ask('invitations/accept', 'POST', '/v1/invitations/accept', { body });
      expectProblem(response, 401, 'invitation-invalid');
    },
  },
  {
    name: 'me/read',
    title: 'asks a stranger to sign in',
    run: async (ask) => {
      const response = await ask('me/read', 'GET', '/v1/me');
      expectProblem(response, 401, 'authentication-required');
      expectHeader(response, 'www-authenticate', challenge);
      expectHeader(response, 'ratelimit', /^"api";r=\d+;t=\d+/);
    },
  },
  {
    name: 'me/read',
    title: 'refuses a token that is none of ours',
    run: async (ask) => {
      const response = await ask('me/read', 'GET', '/v1/me', { token: 'x' });
      expectProblem(response, 401, 'access-token-invalid');
    },
  },
];
