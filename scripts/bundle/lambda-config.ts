/** All functions as one template of AWS SAM. */
import { join } from 'node:path';
import { type Deployable, toMethods, write } from './deployable.ts';
import { toSlug } from './targets.ts';

export function writeLambda(out: string, deployables: readonly Deployable[]): void {
  const resources: Record<string, unknown> = {};
  for (const { name, endpoints, hashes } of deployables) {
    const events =
      name === 'all'
        ? // A greedy parameter takes one segment at least, so that it has no `/`.
          ['/', '/{proxy+}'].map((path, nth) => [
            `Any${nth}`,
            { Type: 'HttpApi', Properties: { ApiId: { Ref: 'Api' }, Method: 'ANY', Path: path } },
          ])
        : endpoints.flatMap(({ method, path }) =>
            toMethods(method).map((each) => [
              `On${each}`,
              {
                Type: 'HttpApi',
                Properties: {
                  ApiId: { Ref: 'Api' },
                  Method: each,
                  Path: path.replace(/:(\w+)[^/]*/g, '{$1}'),
                },
              },
            ]),
          );
    resources[toSlug(name).replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())] = {
      Type: 'AWS::Serverless::Function',
      Properties: {
        // A folder: `sam deploy` packs it.
        CodeUri: `${toSlug(name)}/`,
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        // The share of a CPU comes with the memory: at less a hash takes seconds.
        MemorySize: hashes ? 1024 : 256,
        Timeout: 10,
        Events: Object.fromEntries(events),
      },
    };
  }
  const names = ['PUBLIC_URL', 'DATABASE_URL', 'UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'];
  const parameters = [...names, 'JWT_PRIVATE_KEYS', 'TOKEN_SECRET'];
  const toParameter = (name: string) =>
    name.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  write(join(out, 'template.json'), {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Parameters: Object.fromEntries(
      parameters.map((name) => [
        toParameter(name),
        { Type: 'String', ...(name !== 'PUBLIC_URL' && { NoEcho: true }) },
      ]),
    ),
    Globals: {
      Function: {
        Environment: {
          Variables: Object.fromEntries(parameters.map((name) => [name, { Ref: toParameter(name) }])),
        },
      },
    },
    Resources: { Api: { Type: 'AWS::Serverless::HttpApi' }, ...resources },
  });
}
