/** What an edge deployment is told beside its secrets: read from a file, so that no run of the bundler throws it away. */
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { environmentVariables, secretNames } from '../../lib/core/env.ts';
import { findFaults } from '../../lib/core/variables.ts';
import { BundleFault } from './fault.ts';

/** Where it stands unless told. */
export const settingsFile = 'deploy/edge.json';

const Settings = z.strictObject({
  /** Environment variables of every function; secrets are given to the platform, and never stand in a file of the repository. */
  variables: z._default(z.record(z.string(), z.string('must be a text')), {}),
  /** The id that `wrangler hyperdrive create --caching-disabled` answers. */
  hyperdrive: z.optional(
    z.string().check(z.regex(/^[\da-f]{32}$/, 'must be an id of 32 hexadecimal digits')),
  ),
});

export type EdgeSettings = z.output<typeof Settings>;

/**
 * @param file undefined for the usual one, which need not be there
 * @throws {BundleFault} with every fault of the file
 */
export function readSettings(file: string | undefined): EdgeSettings {
  const path = file ?? settingsFile;
  if (file === undefined && !existsSync(path)) return { variables: {} };
  const parsed = Settings.safeParse(readJson(path));
  const faults = parsed.success
    ? Object.entries(parsed.data.variables).flatMap(([name, value]) => judge(name, value))
    : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${toMessage(issue)}`);
  if (!parsed.success || faults.length > 0) throw new BundleFault(faults.map((fault) => `${path}: ${fault}`));
  return parsed.data;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BundleFault([`${path}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

const toMessage = (issue: z.core.$ZodIssue) =>
  issue.code === 'unrecognized_keys'
    ? `has ${issue.keys.join(', ')}, where ${Object.keys(Settings.shape).join(' and ')} may stand`
    : issue.message;

function judge(name: string, value: string): readonly string[] {
  const variable = Object.entries(environmentVariables).find(([known]) => known === name)?.[1];
  if (variable === undefined) return [`variables.${name}: no variable of ours`];
  if (secretNames.some((secret) => secret === name)) {
    return [`variables.${name}: a secret, which the platform is told by its own command`];
  }
  return findFaults(() => variable(value)).map((fault) => `variables.${name}: ${fault}`);
}
