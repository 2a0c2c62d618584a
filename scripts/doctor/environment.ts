import { readFileSync } from 'node:fs';
import { readConnectionString } from '../../lib/core/connection-string-variable.ts';
import { type Environment, parseEnvironment } from '../../lib/core/env.ts';
import { findSignalFaults } from '../../hosts/node/telemetry/asked.ts';
import { EnvironmentError } from '../../lib/core/variables.ts';
import { fail, type Finding, ok, warn } from './finding.ts';

/** The environment as the router would read it in production; undefined when it would refuse to start. */
export function examineEnvironment(variables: NodeJS.ProcessEnv): {
  findings: Finding[];
  environment: Environment | undefined;
} {
  try {
    const environment = parseEnvironment(
      { ...variables, NODE_ENV: 'production' },
      {
        readFile: (path) => readFileSync(path, 'utf8'),
        databaseUrl: readConnectionString,
        findFaults: findSignalFaults,
      },
    );
    return { findings: judge(environment), environment };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { findings: error.faults.map(toFinding), environment: undefined };
  }
}

function toFinding(fault: string): Finding {
  const advice = fault.includes("can't be read")
    ? 'The container reads it as uid 1001: secrets/ has mode 0700, the files in it 0444 (npm run init-env makes them so)'
    : 'Set it in .env or secrets/; README.md, Environment, says what it means';
  return fail('environment', fault, advice);
}

function judge({ PUBLIC_URL = '', TRUSTED_PROXIES, TRUSTED_PROXY_HOPS }: Environment): Finding[] {
  const findings = [ok('environment', 'complete for production')];
  if (!PUBLIC_URL.startsWith('https:')) {
    findings.push(
      warn(
        'environment',
        'PUBLIC_URL is not https',
        'Tokens and passwords travel in the clear: put TLS in front',
      ),
    );
  } else if (!TRUSTED_PROXIES && TRUSTED_PROXY_HOPS === 0) {
    findings.push(
      warn(
        'environment',
        'TRUSTED_PROXY_HOPS is 0 and something else ends TLS',
        'Everybody shares the limits of that proxy: set it to 1 behind Traefik, 2 behind a CDN and Traefik',
      ),
    );
  }
  return findings;
}
