/**
 * Makes an endpoint, what it answers and its test out of templates, and adds it to the table of all endpoints
 * (`_surface.test.ts`), to openapi.json, to the calls of the client's test and, if it takes a body, to the samples of the contract.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { loadFunctions } from '../hosts/node/functions.ts';
import { toSurface } from '../contract/surface.ts';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';
import { toAddress } from './surface/faults.ts';
import {
  isCaller,
  type NewRoute,
  sampleBody,
  toAnswersFile,
  toCall,
  toFunctionFile,
  toRules,
  toTestFile,
} from './new/files.ts';
import { insertCall, insertSample, insertSurfaceLine } from './new/tables.ts';
import { makeDocument, toFiles } from './openapi/make-document.ts';

const usage = `Usage: npm run new -- AREA/VERB [--method METHOD] [--path PATH] [--caller user|anyone|either]

Makes functions/AREA/VERB.ts, what it answers (VERB.answers.ts) and its test. The function is in the router and the bundles
by being there; openapi.json, the surface table, the calls of the client's test and, if it takes a body, the samples of
the contract get their part.

VERB says method and path unless they are told:

  list      GET     /v1/AREA        create    POST    /v1/AREA
  read      GET     /v1/AREA/:id    update    PATCH   /v1/AREA/:id
  delete    DELETE  /v1/AREA/:id    another   POST    /v1/AREA/VERB

A caller is somebody signed in unless told; either also takes API keys, under their own limits.

Exit codes: 0 made, 1 the file is there already or the address is taken, 2 wrong usage.
`;

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Method = (typeof methods)[number];

const usual: Readonly<Record<string, readonly [Method, string]>> = {
  list: ['GET', ''],
  create: ['POST', ''],
  read: ['GET', '/:id'],
  update: ['PATCH', '/:id'],
  delete: ['DELETE', '/:id'],
};

const surfaceFile = 'functions/_surface.test.ts';
const samplesFile = 'contract/samples.ts';
const callsFile = 'client/routes.test.ts';

async function main(): Promise<number> {
  const { values, positionals } = readCommandLine(usage, {
    options: {
      method: { type: 'string' },
      path: { type: 'string' },
      caller: { type: 'string', default: 'user' },
    },
    maximumPositionals: 1,
  });
  const [name] = positionals;
  if (name === undefined) refuseUsage(usage, 'Name the function: AREA/VERB');
  const endpoint = toRoute(name, values);
  if (typeof endpoint === 'string') refuseUsage(usage, endpoint);

  const file = `functions/${name}.ts`;
  const answersFile = `functions/${name}.answers.ts`;
  const testFile = `functions/${name}.test.ts`;
  const there = [file, answersFile, testFile].find((path) => existsSync(path));
  if (there !== undefined) return refuse(`${there} is there already`);
  const owner = await findOwner(toAddress(endpoint));
  if (owner !== undefined) {
    return refuse(`functions/${owner}.ts answers to ${endpoint.method} ${endpoint.path} already`);
  }

  const line = `${name} | ${endpoint.method} | ${endpoint.path} | ${toRules(endpoint)}`;
  const written = [
    [file, toFunctionFile(endpoint)],
    [answersFile, toAnswersFile(endpoint)],
    [testFile, toTestFile(endpoint)],
    [surfaceFile, insertSurfaceLine(readFileSync(surfaceFile, 'utf8'), name, line)],
    ...(endpoint.takesBody
      ? [[samplesFile, insertSample(readFileSync(samplesFile, 'utf8'), name, sampleBody)] as const]
      : []),
    [callsFile, insertCall(readFileSync(callsFile, 'utf8'), ...toCall(endpoint))],
  ] as const;
  const formatted = await Promise.all(
    written.map(async ([path, text]) => [path, await toHouseFormat(path, text)] as const),
  );
  for (const [path, text] of formatted) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`${path}\n`);
  }
  const document = await makeDocument(pathToFileURL(`${resolve('.')}/`));
  for (const [path, text] of Object.entries(await toFiles(document))) {
    writeFileSync(path, text);
    process.stdout.write(`${path}\n`);
  }
  process.stdout.write(
    `\n${endpoint.method} ${endpoint.path} answers at the next start. Now: npm test -- functions/${name}\n`,
  );
  return 0;
}

/** The endpoint that is asked for, or what is wrong with the question. */
function toRoute(
  name: string,
  { method, path, caller }: { readonly method?: string; readonly path?: string; readonly caller: string },
): NewRoute | string {
  const [, area, verb] = name.match(/^([a-z][a-z0-9-]*)\/([a-z][a-z0-9-]*)$/) ?? [];
  if (area === undefined || verb === undefined) {
    return `${name}: a function is called area/verb, in small letters, digits and hyphens`;
  }
  if (!isCaller(caller)) return `${caller}: a caller is user, anyone or either`;
  const [usualMethod, usualTail] = usual[verb] ?? ['POST', `/${verb}`];
  const chosen = method?.toUpperCase() ?? usualMethod;
  const known = methods.find((candidate) => candidate === chosen);
  if (!known) return `${chosen}: a method is one of ${methods.join(', ')}`;
  const address = path ?? `/v1/${area}${usualTail}`;
  if (!/^(?:\/(?:[a-z0-9._~-]+|:id))+$/.test(address) || address.split(':id').length > 2) {
    return `${address}: a path is of small letters, and has one :id at most`;
  }
  return {
    area,
    verb,
    method: known,
    path: address,
    caller,
    takesBody: known !== 'GET' && known !== 'DELETE',
    takesId: address.includes('/:id'),
  };
}

async function findOwner(address: string): Promise<string | undefined> {
  const functions = await loadFunctions(pathToFileURL(`${resolve('functions')}/`));
  const owners = [...functions].find(([name, app]) =>
    toSurface(name, app).endpoints.some((endpoint) => toAddress(endpoint) === address),
  );
  return owners?.[0];
}

async function toHouseFormat(path: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(join(process.cwd(), path))), parser: 'typescript' });
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = refuse(toErrorMessage(error));
}
