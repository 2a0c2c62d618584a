/** That a request may pass. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Let a request to another service pass',
  query: {
    audience: {
      description: 'The service, one of `GATE_AUDIENCES`: its identity is worthless at every other',
      schema: { type: 'string', examples: ['billing'] },
      required: true,
    },
    permission: {
      description:
        'What the role in the access token must allow, or the scopes of the API key; nothing unless told',
      schema: { type: 'string' },
    },
    policy: {
      description: 'The limit that the request counts against (`lib/gate/limits.ts`); `api` unless told',
      schema: { type: 'string' },
    },
  },
  requestHeaders: {
    'X-Forwarded-Method':
      'Of the request that the proxy holds, set by the proxy. Cookies alone read; to change something, or without this header, they need proof that a page of ours or of `COOKIE_ORIGINS` asks.',
  },
  answers: {
    200: {
      description: 'It may pass',
      headers: {
        'X-Identity':
          'For the service: a JWT (RFC 9068) with `sub`, `org`, `role`, `scope` and, of an API key, `client_id` and its owner’s `user_id`, for this audience alone and 60 seconds at most',
      },
    },
    204: {
      description: 'A preflight of an origin in `CORS_ORIGINS`, which may pass without anybody being known',
    },
  },
  problems: [
    'authentication-required',
    'access-token-invalid',
    'access-token-stale',
    'refresh-token-invalid',
    'api-key-invalid',
    'api-key-expired',
    'cross-site-request',
    'permission-denied',
    'invalid-input',
  ],
} satisfies Answers;
