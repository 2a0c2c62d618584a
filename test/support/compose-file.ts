/** The Compose files of a deployment, as they stand in the repository. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly stop_grace_period?: string;
  readonly logging?: unknown;
  readonly deploy?: { readonly labels?: Readonly<Record<string, string>> };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

export const readCompose = (path: string) =>
  parse(readFileSync(path, 'utf8'), { merge: true }) as ComposeFile;
/** docker-compose.prod.yml. */
export const production = readCompose('docker-compose.prod.yml');
/** One of its services. */
export const findService = (name: string): Service =>
  production.services[name] ?? assert.fail(`there is no service ${name}`);
