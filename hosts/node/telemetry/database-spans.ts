/** Statements and transactions as spans (https://opentelemetry.io/docs/specs/semconv/database/postgresql/). */
import { SpanKind, type Tracer } from '@opentelemetry/api';
import { flatten } from '../../../db/flatten.ts';
import type { Database, Sql, SqlFragment, SqlValue } from '../../../db/sql.ts';
import { inChildSpan, type Work } from './span.ts';
import { describeStatement } from './statement.ts';

const system = { 'db.system.name': 'postgresql' };

export function traceDatabase<Client extends Database>(client: Client, tracer: Tracer): Client {
  // By the list of its texts, which is the same each time (db/flatten.ts).
  const known = new WeakMap<readonly string[], Work>();

  function toWork(strings: TemplateStringsArray, values: readonly (SqlValue | SqlFragment)[]): Work {
    const flat = flatten(strings, values);
    let work = known.get(flat.strings);
    if (!work) {
      const { summary, text } = describeStatement(flat.strings);
      const attributes = { ...system, 'db.query.summary': summary, 'db.query.text': text };
      known.set(flat.strings, (work = { name: summary, kind: SpanKind.CLIENT, attributes }));
    }
    return work;
  }

  const traceSql =
    (sql: Sql): Sql =>
    <Row extends object>(strings: TemplateStringsArray, ...values: readonly (SqlValue | SqlFragment)[]) =>
      inChildSpan(
        tracer,
        () => toWork(strings, values),
        () => sql<Row>(strings, ...values),
      );

  const transaction: Work = { name: 'transaction', kind: SpanKind.INTERNAL, attributes: system };
  return {
    ...client,
    sql: traceSql(client.sql),
    transaction: (work) =>
      inChildSpan(
        tracer,
        () => transaction,
        () => client.transaction((sql) => work(traceSql(sql))),
      ),
  };
}
