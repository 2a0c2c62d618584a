import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestHistogram } from './request-histogram.ts';

test('a tally counts each answer once by status, and in every bucket that is long enough for it', () => {
  const { count, toText } = createRequestHistogram();
  const answered = { method: 'GET', route: '/v1/me', status: 200, durationMs: 1 };
  count(answered);
  count({ ...answered, durationMs: 3 });
  count({ ...answered, status: 401, durationMs: 6000 });
  const text = toText();
  const labels = 'method="GET",http_route="/v1/me"';
  for (const line of [
    `blockbot_http_requests_total{${labels},status="200"} 2`,
    `blockbot_http_requests_total{${labels},status="401"} 1`,
    `blockbot_http_request_duration_seconds_bucket{${labels},le="0.001"} 1`,
    `blockbot_http_request_duration_seconds_bucket{${labels},le="0.0025"} 1`,
    `blockbot_http_request_duration_seconds_bucket{${labels},le="0.005"} 2`,
    `blockbot_http_request_duration_seconds_bucket{${labels},le="5"} 2`,
    `blockbot_http_request_duration_seconds_bucket{${labels},le="+Inf"} 3`,
    `blockbot_http_request_duration_seconds_count{${labels}} 3`,
  ]) {
    assert.ok(text.split('\n').includes(line), `${line}\nis not in\n${text}`);
  }
  assert.match(text, /_sum\{[^}]+\} 6\.00/);
  assert.ok(text.endsWith('\n'));
});
