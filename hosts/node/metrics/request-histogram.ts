/**
 * Answers by endpoint and status, and how long they took by endpoint: a histogram for each status too would be ten times as many
 * series. Counted by hand and written in the text format, because the library sorts and hashes the labels at every
 * observation: with it a small answer cost a seventh more.
 */
import type { ResponseRecord } from '../../../lib/http/services.ts';

/** Seconds; each counts what took no longer. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

interface Series {
  readonly statuses: Map<number, number>;
  /** One for each bound, and one for what took longer than the last. */
  readonly counts: number[];
  seconds: number;
}

export interface RequestHistogram {
  readonly count: (answered: ResponseRecord) => void;
  /** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
  readonly toText: () => string;
}

export function createRequestHistogram(): RequestHistogram {
  const routes = new Map<string, Map<string, Series>>();

  function seriesOf(route: string, method: string): Series {
    let methods = routes.get(route);
    if (!methods) routes.set(route, (methods = new Map()));
    let series = methods.get(method);
    if (!series) {
      series = {
        statuses: new Map(),
        counts: Array.from({ length: bounds.length + 1 }, () => 0),
        seconds: 0,
      };
      methods.set(method, series);
    }
    return series;
  }

  return {
    count: ({ method, route, status, durationMs }) => {
      // What no endpoint answered was asked for with any method, and a label for each would be the caller's choice.
      const series = seriesOf(route, route === 'none' ? 'any' : method);
      const seconds = durationMs / 1000;
      let bound = 0;
      while (bound < bounds.length && seconds > (bounds[bound] ?? 0)) bound++;
      series.counts[bound] = (series.counts[bound] ?? 0) + 1;
      series.seconds += seconds;
      series.statuses.set(status, (series.statuses.get(status) ?? 0) + 1);
    },
    toText: () => {
      // Neither an endpoint nor a method holds a character that has to be escaped.
      const all = [...routes].flatMap(([route, methods]) =>
        [...methods].map(([method, series]) => ({
          labels: `method="${method}",http_route="${route}"`,
          series,
        })),
      );
      return [
        '\n# HELP blockbot_http_requests_total Requests answered.',
        '# TYPE blockbot_http_requests_total counter',
        ...all.flatMap(({ labels, series }) =>
          [...series.statuses].map(
            ([status, count]) => `blockbot_http_requests_total{${labels},status="${status}"} ${count}`,
          ),
        ),
        '\n# HELP blockbot_http_request_duration_seconds From the request to its answer.',
        '# TYPE blockbot_http_request_duration_seconds histogram',
        ...all.flatMap(({ labels, series }) => toHistogram(labels, series)),
        '',
      ].join('\n');
    },
  };
}

function toHistogram(labels: string, { counts, seconds }: Series): string[] {
  const name = 'blockbot_http_request_duration_seconds';
  let total = 0;
  const buckets = counts.map((count, nth) => {
    total += count;
    return `${name}_bucket{${labels},le="${bounds[nth] ?? '+Inf'}"} ${total}`;
  });
  return [...buckets, `${name}_sum{${labels}} ${seconds}`, `${name}_count{${labels}} ${total}`];
}
