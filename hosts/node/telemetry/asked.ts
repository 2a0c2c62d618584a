/**
 * Whether telemetry is asked for, by the standard's own variables
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/), told without its library.
 */
import { findFaults, httpAddress, type Variables } from '../../../lib/core/variables.ts';

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

/** Without a scheme the library would go on and send nothing. */
const addresses = ['', '_TRACES', '_METRICS'].map((signal) => `OTEL_EXPORTER_OTLP${signal}_ENDPOINT`);

/** Undefined where nobody asked. */
export function toSignals(variables: Variables): Signals | undefined {
  const isSet = (name: string) => read(variables, name) !== '';
  if (read(variables, 'OTEL_SDK_DISABLED').toLowerCase() === 'true') return undefined;
  const isAsked = (signal: string) =>
    (isSet('OTEL_EXPORTER_OTLP_ENDPOINT') || isSet(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`)) &&
    read(variables, `OTEL_${signal}_EXPORTER`) !== 'none';
  const signals = { traces: isAsked('TRACES'), metrics: isAsked('METRICS') };
  return signals.traces || signals.metrics ? signals : undefined;
}

/** Values that mean something else to the standard than what would happen; none where nobody asked. */
export function findSignalFaults(variables: Variables): readonly string[] {
  if (!toSignals(variables)) return [];
  const unknown = Object.entries(choices)
    .filter(([name, values]) => !['', ...values].includes(read(variables, name)))
    .map(([name, values]) => `${name}: must be ${values.join(', ')}`);
  return [...addresses.flatMap((name) => findAddressFaults(name, read(variables, name))), ...unknown];
}

function findAddressFaults(name: string, value: string): readonly string[] {
  if (value === '') return [];
  return findFaults(() => httpAddress(value)).map((fault) => `${name}: ${fault}`);
}

const read = (variables: Variables, name: string) => variables[name]?.trim() ?? '';
