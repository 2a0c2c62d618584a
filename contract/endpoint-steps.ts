/** What every endpoint promises, whatever it does: methods, headers, limits, credentials, and bodies that are not sound. */
import { toAddress } from './addresses.ts';
import { expectEmpty, expectHeader, expectProblem, headerOf, type RequestOptions, refuse } from './ask.ts';
import { challenge, invalidTokenChallenge } from './challenges.ts';
import type { EndpointFacts } from './endpoint-facts.ts';
import { toForm, toPageSteps } from './page-steps.ts';
import type { Step } from './steps.ts';

export interface EndpointSurroundings {
  /** What this origin answers to at the endpoint's path: of all functions, or of this one alone. */
  readonly allowed: readonly string[];
  /** An origin in CORS_ORIGINS. */
  readonly corsOrigin: string;
}

export function toEndpointSteps(
  endpoint: EndpointFacts,
  { allowed, corsOrigin }: EndpointSurroundings,
): readonly Step[] {
  const { name, method, path, needsUser, needsScheduler, isPage, takesBody } = endpoint;
  const from = toAddress(name);
  const step = (title: string, run: Step['run']): Step => ({ name, title, run });
  // Of all ways to ask, this one has no effect anywhere: nobody is known, and nothing that is sent is sound.
  const options: RequestOptions = {
    from,
    ...(isPage && method === 'POST' ? toForm({}) : takesBody && { body: '{' }),
  };

  const steps = [
    step('answers 405 to another method, and says which it knows', async (ask) => {
      const response = await ask(name, 'PUT', path, { from });
      expectProblem(response, 405, 'method-not-allowed');
      expectHeader(response, 'allow', new RegExp(`^${allowed.join(', ')}$`));
    }),
    step('answers 404 beside its path', async (ask) => {
      expectProblem(
        await ask(name, method, `${path.replace(/\/$/, '')}/nobody/home`, { from }),
        404,
        'not-found',
      );
    }),
    step('takes a request id, and sends the security headers', async (ask) => {
      const response = await ask(name, method, path, {
        ...options,
        headers: { ...options.headers, 'X-Request-Id': 'given-by-the-caller' },
      });
      expectHeader(response, 'x-request-id', /^given-by-the-caller$/);
      expectHeader(response, 'x-content-type-options', /^nosniff$/);
      expectHeader(response, 'referrer-policy', /^(?:no-referrer|same-origin|strict-origin)/);
      expectHeader(response, 'content-security-policy', /frame-ancestors 'none'/);
      expectHeader(response, 'cache-control', /./);
    }),
    step('lets listed origins read, and no other', async (ask) => {
      const preflight = await ask(name, 'OPTIONS', path, {
        from,
        headers: { Origin: corsOrigin, 'Access-Control-Request-Method': method },
      });
      expectEmpty(preflight, 204);
      expectHeader(preflight, 'access-control-allow-origin', new RegExp(`^${corsOrigin}$`));
      expectHeader(preflight, 'access-control-allow-methods', new RegExp(`\\b${method}\\b`));
      const foreign = await ask(name, method, path, {
        ...options,
        headers: { ...options.headers, Origin: 'https://evil.example' },
      });
      if (headerOf(foreign, 'access-control-allow-origin') !== undefined) refuse(foreign, 'open to all');
      expectHeader(foreign, 'vary', /Origin/);
    }),
  ];
  if (method === 'GET')
    steps.push(step('answers HEAD as GET, without the body', toHeadRun(name, path, from)));
  const told = endpoint.policies.filter(
    ({ isSilent, keyedBy }) => !isSilent && !['account', 'mailbox', 'key', 'keys'].includes(keyedBy),
  );
  if (told.length > 0) {
    steps.push(
      step('says what is left of its limits', async (ask) => {
        const response = await ask(name, method, path, options);
        for (const policy of told) {
          expectHeader(response, 'ratelimit', new RegExp(`"${policy.name}";r=\\d+;t=\\d+`));
          expectHeader(response, 'ratelimit-policy', new RegExp(`"${policy.name}";q=\\d+;w=\\d+`));
        }
      }),
    );
  }
  if (needsUser) {
    steps.push(
      step('asks a stranger to sign in, and refuses a token that is none', async (ask) => {
        const stranger = await ask(name, method, path, options);
        expectProblem(stranger, 401, 'authentication-required');
        expectHeader(stranger, 'www-authenticate', challenge);
        const forged = await ask(name, method, path, { ...options, token: 'x' });
        expectProblem(forged, 401, 'access-token-invalid');
        expectHeader(forged, 'www-authenticate', invalidTokenChallenge);
      }),
    );
  } else if (endpoint.needsKey) {
    steps.push(
      step('asks a stranger for an API key, and refuses one that is none', async (ask) => {
        const stranger = await ask(name, method, path, options);
        expectProblem(stranger, 401, 'authentication-required');
        expectHeader(stranger, 'www-authenticate', challenge);
        const invented = await ask(name, method, path, { ...options, token: 'bbk_x' });
        expectProblem(invented, 401, 'api-key-invalid');
        expectHeader(invented, 'www-authenticate', invalidTokenChallenge);
      }),
    );
  } else if (needsScheduler) {
    steps.push(
      step('asks for the secret of the scheduler, and takes no other', async (ask) => {
        const stranger = await ask(name, method, path, options);
        expectProblem(stranger, 401, 'authentication-required');
        expectHeader(stranger, 'www-authenticate', challenge);
        const forged = await ask(name, method, path, { ...options, token: 'x' });
        expectProblem(forged, 401, 'authentication-required');
        expectHeader(forged, 'www-authenticate', invalidTokenChallenge);
      }),
    );
  } else if (endpoint.needsOwnApp) {
    steps.push(
      step('takes no request of another site, nor of nobody knows where', async (ask) => {
        for (const headers of [{}, { Origin: 'https://evil.example' }, { Origin: 'null' }]) {
          const refused = await ask(name, method, path, { from, body: '{}', headers });
          expectProblem(refused, 403, 'cross-site-request');
          if (headerOf(refused, 'access-control-allow-credentials')) refuse(refused, 'open to credentials');
        }
      }),
    );
  } else if (isPage) {
    steps.push(...toPageSteps(endpoint));
  } else if (takesBody) {
    steps.push(...(endpoint.takesForm ? toFormSteps(endpoint) : toBodySteps(endpoint)));
  }
  return steps;
}

function toHeadRun(name: string, path: string, from: string): Step['run'] {
  return async (ask) => {
    const get = await ask(name, 'GET', path, { from });
    const head = await ask(name, 'HEAD', path, { from });
    expectEmpty(head, get.status);
    for (const header of ['content-type', 'cache-control', 'ratelimit-policy', 'content-security-policy']) {
      if (headerOf(head, header) !== headerOf(get, header))
        refuse(head, `${header} is another one than GET's`);
    }
  };
}

/**
 * Bodies that an endpoint refuses before it does anything. Endpoints for a signed-in user stop at the caller, so that these say
 * nothing of them.
 */
function toBodySteps({ name, method, path }: EndpointFacts): readonly Step[] {
  const send = (body: string, headers: Readonly<Record<string, string>> = {}) => ({
    // An address of its own: whoever may call ten times in a quarter of an hour has called by now.
    from: toAddress(`${name} bodies`),
    body,
    headers,
  });
  return toRefusalSteps({ name, method, path }, [
    ['malformed JSON', send('{"a": '), 400, 'malformed-request'],
    ['a body over 64 kB', send(JSON.stringify({ filler: 'ü'.repeat(40_000) })), 413, 'content-too-large'],
    ['another media type', send('a=1', { 'Content-Type': 'text/plain' }), 415, 'unsupported-media-type'],
    ['fields that there are none of', send('{"there-is-no-such-field":"🗝"}'), 422, 'invalid-input'],
  ]);
}

/** The same of a form, whose fields are told of as OAuth has it. */
function toFormSteps({ name, method, path }: EndpointFacts): readonly Step[] {
  const send = (body: string, type = 'application/x-www-form-urlencoded') => ({
    from: toAddress(`${name} bodies`),
    body,
    headers: { 'Content-Type': type },
  });
  return toRefusalSteps({ name, method, path }, [
    ['a form without fields', send(''), 400, 'malformed-request'],
    ['a form over 64 kB', send(`filler=${'x'.repeat(70_000)}`), 413, 'content-too-large'],
    ['another media type', send('{}', 'application/json'), 415, 'unsupported-media-type'],
  ]);
}

type Refused = readonly [what: string, options: RequestOptions, status: number, slug: string];

function toRefusalSteps(
  { name, method, path }: Pick<EndpointFacts, 'name' | 'method' | 'path'>,
  refusals: readonly Refused[],
): readonly Step[] {
  return refusals.map(([what, options, status, slug]) => ({
    name,
    title: `refuses ${what}`,
    run: async (ask) => {
      expectProblem(await ask(name, method, path, options), status, slug);
    },
  }));
}
