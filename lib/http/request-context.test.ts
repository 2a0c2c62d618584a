import assert from 'node:assert/strict';
import test from 'node:test';
import { createRequestContext } from './request-context.ts';

const made = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const requestIds: readonly (readonly [what: string, id: string, taken: boolean])[] = [
  ['a UUID', '919108f7-52d1-4320-9bac-f847db4148a8', true],
  ['emails, digits, dot, dash and underscore', 'Client_1.2-3', true],
  ['as short as may be', 'a'.repeat(8), true],
  ['as long as may be', 'a'.repeat(64), true],
  ['too short', 'a'.repeat(7), false],
  ['too long', 'a'.repeat(65), false],
  ['empty', '', false],
  ['a space', 'request 12345', false],
  ['two headers', 'request-1, request-2', false],
  ['markup', '<script>alert(1)', false],
  ['not ASCII', 'r\u00e9quest-1', false],
];

test('createRequestContext takes a request id that is well formed and makes one in place of any other', () => {
  for (const [what, id, taken] of requestIds) {
    const { requestId } = createRequestContext(new Headers({ 'X-Request-Id': id }));
    if (taken) assert.equal(requestId, id, what);
    else assert.match(requestId, made, what);
  }
  assert.match(createRequestContext(new Headers()).requestId, made);
});

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';

// https://www.w3.org/TR/trace-context/, section 3.2 and the versioning of section 4.
const traceparents: readonly (readonly [what: string, header: string, taken: boolean])[] = [
  ['the example', `00-${traceId}-${parentId}-01`, true],
  ['not sampled', `00-${traceId}-${parentId}-00`, true],
  ['a later version', `cc-${traceId}-${parentId}-01`, true],
  ['a later version that says more', `cc-${traceId}-${parentId}-01-what-comes`, true],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${parentId}-01`, false],
  ['a parent of zeros', `00-${traceId}-${'0'.repeat(16)}-01`, false],
  ['version ff', `ff-${traceId}-${parentId}-01`, false],
  ['version 00 that says more', `00-${traceId}-${parentId}-01-what`, false],
  ['flags too long', `00-${traceId}-${parentId}-011`, false],
  ['upper case', `00-${traceId.toUpperCase()}-${parentId}-01`, false],
  ['a trace too short', `00-${traceId.slice(1)}-${parentId}-01`, false],
  ['no flags', `00-${traceId}-${parentId}`, false],
  ['no version', `${traceId}-${parentId}-01`, false],
  ['not hexadecimal', `00-${'g'.repeat(32)}-${parentId}-01`, false],
  ['empty', '', false],
];

test('createRequestContext knows the trace of a well-formed traceparent and none of any other', () => {
  for (const [what, header, taken] of traceparents) {
    const { traceId: known } = createRequestContext(new Headers({ traceparent: header }));
    assert.equal(known, taken ? traceId : undefined, what);
  }
  assert.equal(createRequestContext(new Headers()).traceId, undefined);
});

test('createRequestContext leaves caller and route open until somebody knows', () => {
  const { callerId, route } = createRequestContext(new Headers());
  assert.deepEqual([callerId, route], [undefined, undefined]);
});
