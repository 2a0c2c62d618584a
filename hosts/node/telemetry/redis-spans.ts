/** Commands to Redis as spans (https://opentelemetry.io/docs/specs/semconv/database/redis/): their names, without keys or values. */
import { SpanKind, type Tracer } from '@opentelemetry/api';
import type { Requester } from '@upstash/redis';
import { inChildSpan, type Work } from './span.ts';

export function traceRequester<Client extends Requester>(requester: Client, tracer: Tracer): Client {
  const request: Requester['request'] = (asked) =>
    inChildSpan(
      tracer,
      () => toWork(asked),
      () => requester.request(asked),
    );
  return { ...requester, request };
}

function toWork({ path = [], body }: Parameters<Requester['request']>[0]): Work {
  const isPipeline = path[0] === 'pipeline';
  const commands = (isPipeline ? body : [body]) as readonly (readonly unknown[])[];
  const names = new Set(commands.map(([name]) => String(name).toUpperCase()));
  // What a pipeline is called: by its commands where they are alike.
  const [only = ''] = names.size === 1 ? names : [];
  const name = [...(isPipeline ? ['PIPELINE'] : []), ...(only === '' ? [] : [only])].join(' ');
  return {
    name,
    kind: SpanKind.CLIENT,
    attributes: {
      'db.system.name': 'redis',
      'db.operation.name': name,
      ...(commands.length > 1 && { 'db.operation.batch.size': commands.length }),
    },
  };
}
