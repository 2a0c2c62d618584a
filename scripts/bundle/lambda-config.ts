/** All functions as one template of AWS SAM. */
import { join } from 'node:path';
import { environmentVariables, secretNames } from '../../lib/core/env.ts';
import { type Deployable, findLightest, isScheduled, toMethods, write } from './deployable.ts';
import type { EdgeSettings } from './settings.ts';
import { toSlug } from './targets.ts';

/** What has a meaning only where a process is ours. */
const ofProcesses = new Set<string>([
  ...['PORT', 'HOST', 'DATA_DIR', 'REDIS_URL', 'REDIS_CLUSTER_URLS', 'SMTP_URL'],
  ...['METRICS_PORT', 'DRAIN_DELAY_MS', 'TRUSTED_PROXY_HOPS'],
]);

/** What no function starts without. */
const required = new Set([
  ...['PUBLIC_URL', 'DATABASE_URL', 'UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
  ...['JWT_PRIVATE_KEYS', 'TOKEN_SECRET'],
]);

export function writeLambda(out: string, deployables: readonly Deployable[], settings: EdgeSettings): void {
  const variables = Object.keys(environmentVariables).filter((name) => !ofProcesses.has(name));
  const lightest = findLightest(deployables);
  const seen = new Set<string>();
  const functions = deployables.map((deployable) => [
    toResourceName(deployable.name),
    toFunction(deployable, toEvents(deployable, seen, deployable === lightest)),
  ]);
  write(join(out, 'template.json'), {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Parameters: {
      ...Object.fromEntries(variables.map((name) => [toParameter(name), toInput(name, settings)])),
      SubnetIds: { Type: 'CommaDelimitedList', Default: '', Description: 'Of the VPC of the database' },
      SecurityGroupIds: { Type: 'CommaDelimitedList', Default: '' },
    },
    Conditions: {
      InVpc: { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { Ref: 'SubnetIds' }] }, ''] }] },
    },
    Globals: {
      Function: {
        VpcConfig: {
          'Fn::If': [
            'InVpc',
            { SubnetIds: { Ref: 'SubnetIds' }, SecurityGroupIds: { Ref: 'SecurityGroupIds' } },
            { Ref: 'AWS::NoValue' },
          ],
        },
        Environment: {
          Variables: {
            ...Object.fromEntries(variables.map((name) => [name, { Ref: toParameter(name) }])),
            NODE_OPTIONS: '--enable-source-maps',
          },
        },
      },
    },
    Resources: { Api: { Type: 'AWS::Serverless::HttpApi' }, ...Object.fromEntries(functions) },
    Outputs: {
      Address: {
        Description: 'Where it answers, unless a domain of its own leads there: PUBLIC_URL',
        Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}' },
      },
    },
  });
}

const toPascalCase = (words: string) =>
  words.toLowerCase().replace(/(?:^|[-_])(\w)/g, (_, letter: string) => letter.toUpperCase());
const toResourceName = (name: string) => toPascalCase(toSlug(name));
const toParameter = toPascalCase;

/** An empty value counts as none. */
function toInput(name: string, { variables }: EdgeSettings) {
  const value = variables[name];
  return {
    Type: 'String',
    ...(value !== undefined ? { Default: value } : !required.has(name) && { Default: '' }),
    ...(secretNames.some((secret) => secret === name) && { NoEcho: true }),
  };
}

function toFunction({ name, needs }: Deployable, events: Readonly<Record<string, object>>) {
  return {
    Type: 'AWS::Serverless::Function',
    Properties: {
      // A folder: `sam deploy` packs it.
      CodeUri: `${toSlug(name)}/`,
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      // The share of a CPU comes with the memory: at less a hash takes seconds.
      MemorySize: needs.passwords ? 1024 : 256,
      // A delivery of what waits may take 25 s.
      Timeout: 30,
      Events: events,
    },
  };
}

/**
 * A path's first function gets every other method too: a preflight, which a route alone would answer 404 without any header,
 * and what it refuses by 405. The lightest gets what no path fits.
 *
 * @param seen paths that have had their first function
 */
function toEvents({ name, endpoints }: Deployable, seen: Set<string>, isLightest: boolean) {
  const events: Record<string, object> = {};
  // A greedy parameter takes one segment at least, so that it has no `/`.
  if (name === 'all') {
    events['Any0'] = toEvent('ANY', '/');
    events['Any1'] = toEvent('ANY', '/{proxy+}');
  } else {
    for (const { method, path } of endpoints) {
      for (const each of toMethods(method)) events[`On${each}`] = toEvent(each, toTemplatePath(path));
      if (!seen.has(path)) events['OnOther'] = toEvent('ANY', toTemplatePath(path));
      seen.add(path);
    }
    if (isLightest) events['Default'] = { Type: 'HttpApi', Properties: { ApiId: { Ref: 'Api' } } };
  }
  if (endpoints.some(isScheduled)) {
    events['EveryMinute'] = { Type: 'Schedule', Properties: { Schedule: 'rate(1 minute)' } };
  }
  return events;
}

const toTemplatePath = (path: string) => path.replace(/:(\w+)[^/]*/g, '{$1}');

const toEvent = (method: string, path: string) => ({
  Type: 'HttpApi',
  Properties: { ApiId: { Ref: 'Api' }, Method: method, Path: path },
});
