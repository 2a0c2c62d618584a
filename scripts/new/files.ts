/** The text of a new endpoint, of what it answers and of its test: the shortest ones that keep the whole contract, to be written on. */

/** What the guard says of each, and the table of all endpoints. */
const callers = {
  user: { rule: 'user', limits: 'api', rules: 'user | api' },
  anyone: { rule: 'anyone', limits: 'api', rules: 'anyone | api' },
  either: {
    rule: 'either(user, apiKey)',
    limits: 'api, apiKeyLimit, organizationLimit',
    rules: 'user or apiKey | api key organization',
  },
} as const;

export const isCaller = (name: string): name is keyof typeof callers => Object.hasOwn(callers, name);

export const toRules = ({ caller }: NewRoute): string => callers[caller].rules;

export interface NewRoute {
  readonly area: string;
  readonly verb: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly caller: keyof typeof callers;
  readonly takesBody: boolean;
  /** Whether `:id` is in its path. */
  readonly takesId: boolean;
}

/** What a new endpoint takes until it is told otherwise. */
export const sampleBody = "{ name: 'Sample' }";

/** Its address in the document, and how the typed client calls it. */
export function toCall({ method, path, takesBody, takesId }: NewRoute): readonly [string, string] {
  const address = path.replace(':id', '{id}');
  const parts = [takesId && 'path: { id }', takesBody && `body: ${sampleBody}`].filter(
    (part) => part !== false,
  );
  const options = parts.length > 0 ? `, { ${parts.join(', ')} }` : '';
  return [`${method} ${address}`, `client.${method.toLowerCase()}('${address}'${options})`];
}

export function toFunctionFile(endpoint: NewRoute): string {
  const { method, path, caller, takesBody, takesId } = endpoint;
  const { rule, limits } = callers[caller];
  const makes = method === 'POST' && !takesId;
  const imports = [
    takesBody && "import * as z from 'zod/mini';",
    caller === 'either' && "import { apiKey } from '../../lib/api-keys/caller.ts';",
    caller === 'either' && "import { either } from '../../lib/api-keys/either.ts';",
    takesId && "import { Problem } from '../../lib/core/problem.ts';",
    makes && "import { createUuid } from '../../lib/core/uuid.ts';",
    takesId && "import { isUuid } from '../../lib/core/uuid.ts';",
    `import { ${caller === 'anyone' ? 'anyone' : 'user'} } from '../../lib/http/caller.ts';`,
    takesBody && "import { displayName } from '../../lib/http/name-fields.ts';",
    "import { createFunction } from '../../lib/http/function.ts';",
    "import { guard } from '../../lib/http/guard.ts';",
    takesBody && "import { json } from '../../lib/http/json-body.ts';",
    "import { limit } from '../../lib/http/limit.ts';",
    `import { ${limits} } from '../../lib/rate-limit/policies.ts';`,
  ];
  const body = takesBody ? ', body: json(Input)' : '';
  return `/** In a sentence: what this endpoint is for, and what may surprise its caller. */
${imports.filter((line) => line !== false).join('\n')}
${takesBody ? '\nconst Input = z.strictObject({ name: displayName });\n' : ''}
export default createFunction().${method.toLowerCase()}(
  '${path}', guard({ caller: ${rule}, limits: limit(${limits})${body} }), (c) => {
    ${takesId ? "const id = c.req.param('id');\nif (!isUuid(id)) throw new Problem('not-found');\n" : ''}${toReply(endpoint)}
  },
);
`;
}

function toReply({ area, method, takesBody, takesId }: NewRoute): string {
  if (method === 'DELETE') return 'return c.body(null, 204);';
  if (takesBody && takesId) return 'return c.json({ id, name: c.var.input.name });';
  if (method === 'POST') return 'return c.json({ id: createUuid(), name: c.var.input.name }, 201);';
  if (takesBody) return 'return c.json({ name: c.var.input.name });';
  return takesId ? 'return c.json({ id });' : `return c.json({ ${toIdentifier(area)}: [] });`;
}

/** What the document says of the answer; the guard's refusals come into it by themselves. */
export function toAnswersFile(endpoint: NewRoute): string {
  const { verb, area, takesId } = endpoint;
  const status = toStatus(endpoint);
  const body = toShape(endpoint);
  const zod = body && "import * as z from 'zod/mini';\n";
  return `/** In a sentence: what this endpoint answers. */
${zod}import type { Answers } from '../../contract/answers.ts';

export default {
  summary: '${toWords(verb)} ${toWords(area).toLowerCase()}',
  answers: { ${status}: { description: 'What it answers'${body && `, body: ${body}`} } },
  ${takesId ? "problems: ['not-found']," : ''}
} satisfies Answers;
`;
}

function toStatus({ method, takesId }: NewRoute): number {
  if (method === 'DELETE') return 204;
  return method === 'POST' && !takesId ? 201 : 200;
}

/** The shape of what `toReply` answers. */
function toShape({ area, method, takesBody, takesId }: NewRoute): string {
  if (method === 'DELETE') return '';
  if (!takesBody && !takesId) return `z.strictObject({ ${toIdentifier(area)}: z.array(z.unknown()) })`;
  const hasId = takesId || method === 'POST';
  return `z.strictObject({ ${hasId ? 'id: z.uuid(), ' : ''}${takesBody ? 'name: z.string()' : ''} })`;
}

const toWords = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll('-', ' ');

/** What every endpoint owes (methods, headers, limits, credentials, bad bodies) is tested by test/contract. */
export function toTestFile(endpoint: NewRoute): string {
  const { area, verb, method, path, caller, takesBody, takesId } = endpoint;
  const status = toStatus(endpoint);
  const expect = status === 204 ? 'expectEmpty' : 'expectJson';
  const body = [caller !== 'anyone' && 'token: access_token', takesBody && `body: ${sampleBody}`];
  const request = `{ ${body.filter((part) => part !== false).join(', ')} }`;
  const address = takesId ? 'path(id)' : 'path';
  const id = takesId ? "const id = '01890a5d-ac96-774b-bcce-b302099a8057';\n" : '';
  const account = caller === 'anyone' ? '' : 'const { access_token } = await bot.register();\n';
  return `${status === 204 ? '' : "import assert from 'node:assert/strict';\n"}import { test } from 'node:test';
import { ${expect}${takesId ? ', expectProblem' : ''} } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import endpoint from './${verb}.ts';

const bot = await startBlockbot();
const path = ${takesId ? `(id: string) => \`${path.replaceAll(':id', '${id}')}\`` : `'${path}'`};

test('${verb} answers ${status} to ${caller === 'anyone' ? 'anyone' : 'a signed-in person'}', async () => {
  ${account}${id}const response = await bot.send('${method}', ${address}, ${request}, endpoint);
  ${toExpectation(endpoint, status, area)}
});
${
  takesId
    ? `
test('${verb} finds nothing under what is no id', async () => {
  ${account}const response = await bot.send('${method}', path('what-is-no-id'), ${request}, endpoint);
  await expectProblem(response, 'not-found');
});
`
    : ''
}`;
}

function toExpectation({ takesBody, takesId }: NewRoute, status: number, area: string): string {
  if (status === 204) return 'await expectEmpty(response, 204);';
  if (status === 201) {
    return `const { name } = await expectJson<{ name: string }>(response, 201);\n assert.equal(name, 'Sample');`;
  }
  const reply = takesBody
    ? `{ ${takesId ? 'id, ' : ''}name: 'Sample' }`
    : takesId
      ? '{ id }'
      : `{ ${toIdentifier(area)}: [] }`;
  return `assert.deepEqual(await expectJson(response, 200), ${reply});`;
}

/** JSON on the wire is snake_case. */
const toIdentifier = (area: string) => area.replaceAll('-', '_');
