/** How the parts that a host depends on are doing (draft-inadarei-api-health-check-06). */
import { withDeadline } from '../../db/deadline.ts';
import { toErrorMessage } from './error-message.ts';

export type HealthStatus = 'pass' | 'warn' | 'fail';

/** One dependency. */
export interface HealthCheck {
  /** `postgres:responseTime`: the part and what is measured of it. */
  readonly name: string;
  /** What the whole is when this part is away: `fail` when no endpoint works without it. */
  readonly onFailure: 'warn' | 'fail';
  /** Endpoints that work less well without it. */
  readonly affectedEndpoints?: readonly string[];
  readonly ping: () => Promise<void>;
}

export interface CheckResult {
  readonly name: string;
  readonly status: HealthStatus;
  readonly responseTimeMs: number;
  readonly time: string;
  readonly affectedEndpoints: readonly string[] | undefined;
  /** Why it failed; for those who know the health token, never for the public. */
  readonly error: string | undefined;
}

export interface HealthReport {
  readonly status: HealthStatus;
  readonly results: readonly CheckResult[];
  /** `starting` or `draining` while the host takes no new work. */
  readonly note: string | undefined;
  readonly uptimeSeconds: number;
}

export interface Health {
  /** Asks every part at once; many callers share one answer, which is kept for a second. */
  readonly report: () => Promise<HealthReport>;
  /** A host that is starting or draining is not ready, however well its parts are. */
  readonly setPhase: (phase: 'starting' | 'serving' | 'draining') => void;
}

const timeoutMs = 500;
const keptForMs = 1000;

/** @param options.now milliseconds that never go back */
export function createHealth(
  checks: readonly HealthCheck[],
  { now = () => performance.now() }: { now?: () => number } = {},
): Health {
  const startedAt = now();
  let phase: 'starting' | 'serving' | 'draining' = 'serving';
  let results: Promise<readonly CheckResult[]> | undefined;
  let keptUntil = 0;

  function ask(): Promise<readonly CheckResult[]> {
    if (!results || now() >= keptUntil) {
      keptUntil = Number.POSITIVE_INFINITY;
      results = Promise.all(checks.map((check) => run(check, now))).finally(() => {
        keptUntil = now() + keptForMs;
      });
    }
    return results;
  }

  return {
    setPhase: (next) => {
      phase = next;
    },
    report: async () => {
      const answers = await ask();
      return {
        status: phase === 'serving' ? worst(answers.map(({ status }) => status)) : 'fail',
        results: answers,
        note: phase === 'serving' ? undefined : phase,
        uptimeSeconds: Math.floor((now() - startedAt) / 1000),
      };
    },
  };
}

async function run(
  { name, onFailure, affectedEndpoints, ping }: HealthCheck,
  now: () => number,
): Promise<CheckResult> {
  const startedAt = now();
  // Inside of a promise, so that a part which throws is away like one that rejects.
  const asked = (async () => withDeadline(timeoutMs, ping()))();
  const error = await asked.then(() => undefined, toErrorMessage);
  return {
    name,
    status: error === undefined ? 'pass' : onFailure,
    responseTimeMs: Math.round((now() - startedAt) * 100) / 100,
    time: new Date().toISOString(),
    affectedEndpoints: error === undefined ? undefined : affectedEndpoints,
    error,
  };
}

function worst(statuses: readonly HealthStatus[]): HealthStatus {
  return statuses.includes('fail') ? 'fail' : statuses.includes('warn') ? 'warn' : 'pass';
}
