/**
 * The library of OpenTelemetry, put together by hand: its own bundle for Node patches modules as they are loaded, which a bundle of
 * ours has none of, and brings gRPC. What the standard's variables say of samplers, batches, limits and the exporters' endpoints,
 * headers, time-outs and certificates it reads by itself.
 */
import { randomUUID } from 'node:crypto';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { context, type Meter, type Tracer } from '@opentelemetry/api';
import { getNumberFromEnv } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

export interface Provided<Instrument> {
  readonly instrument: Instrument;
  /** Sends what is gathered. */
  readonly close: () => Promise<void>;
}

/** OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come before ours. */
export function createResource(revision: string): Resource {
  const own = {
    'service.name': 'blockbot',
    'service.version': revision,
    'service.instance.id': randomUUID(),
  };
  return defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: [envDetector] }));
}

export function createTracer(resource: Resource): Provided<Tracer> {
  // Which span is whose parent follows the calls; without it each would be a trace of its own.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  return { instrument: provider.getTracer('blockbot'), close: () => provider.shutdown() };
}

export function createMeter(resource: Resource): Provided<Meter> {
  const exportIntervalMillis = getNumberFromEnv('OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000;
  const asked = getNumberFromEnv('OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000;
  const exportTimeoutMillis = Math.min(asked, exportIntervalMillis);
  const exporter = new OTLPMetricExporter();
  const provider = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis })],
  });
  return { instrument: provider.getMeter('blockbot'), close: () => provider.shutdown() };
}
