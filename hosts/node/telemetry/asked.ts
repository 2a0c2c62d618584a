/**
 * Whether telemetry is asked for, by the standard's own variables
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/), told without its library.
 */
import { EnvironmentError, type Variables } from '../../../lib/core/variables.ts';

export interface Signals {
  readonly traces: boolean;
  readonly metrics: boolean;
}

const samplers = ['always_on', 'always_off', 'traceidratio'].flatMap((name) => [name, `parentbased_${name}`]);

/** What is spoken, or taken, of variables that have more values than that; the library would go on with a default. */
const choices: Readonly<Record<string, readonly string[]>> = {
  OTEL_TRACES_EXPORTER: ['otlp', 'none'],
  OTEL_METRICS_EXPORTER: ['otlp', 'none'],
  OTEL_EXPORTER_OTLP_PROTOCOL: ['http/protobuf'],
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: ['http/protobuf'],
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: ['http/protobuf'],
  OTEL_TRACES_SAMPLER: samplers,
};

/**
 * Undefined where nobody asked.
 *
 * @throws {EnvironmentError} for a value that means something else to the standard than what would happen
 */
export function toSignals(variables: Variables): Signals | undefined {
  const read = (name: string) => variables[name]?.trim() ?? '';
  if (read('OTEL_SDK_DISABLED').toLowerCase() === 'true') return undefined;
  const isAsked = (signal: string) =>
    (read('OTEL_EXPORTER_OTLP_ENDPOINT') || read(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`)) !== '' &&
    read(`OTEL_${signal}_EXPORTER`) !== 'none';
  const signals = { traces: isAsked('TRACES'), metrics: isAsked('METRICS') };
  if (!signals.traces && !signals.metrics) return undefined;
  const faults = Object.entries(choices)
    .filter(([name, values]) => read(name) !== '' && !values.includes(read(name)))
    .map(([name, values]) => `${name}: must be ${values.join(', ')}`);
  if (faults.length > 0) throw new EnvironmentError(faults);
  return signals;
}
