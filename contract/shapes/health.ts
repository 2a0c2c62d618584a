/** How the service is doing (draft-inadarei-api-health-check-06). */
import * as z from 'zod/mini';
import { time } from './scalars.ts';

export const healthType = 'application/health+json';

const status = z.enum(['pass', 'warn', 'fail']);

const notes = z.optional(z.array(z.enum(['starting', 'draining'])));

export const Readiness = z
  .strictObject({ status, notes, checks: z.record(z.string(), z.array(z.strictObject({ status }))) })
  .register(z.globalRegistry, { id: 'Readiness' });

const Check = z.strictObject({
  componentType: z.enum(['datastore', 'system']),
  observedValue: z.number(),
  observedUnit: z.enum(['ms', 's']),
  status,
  time: z.optional(time),
  affectedEndpoints: z.optional(z.array(z.string())),
  output: z
    .optional(z.string())
    .check(z.describe('Why it failed: only for who sends HEALTH_TOKEN as bearer')),
});

export const Health = z
  .strictObject({ status, notes, checks: z.record(z.string(), z.array(Check)) })
  .register(z.globalRegistry, { id: 'Health' });

/** Both are told by the same two statuses. */
export const healthAnswers = (body: z.ZodMiniType) => ({
  200: { description: 'It serves requests', body, mediaType: healthType },
  503: {
    description: 'It does not: it is starting, draining, or without what it needs',
    body,
    mediaType: healthType,
  },
});
