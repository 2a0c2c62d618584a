/** A certificate of its own signature, made by the openssl that Debian's Postgres brings along. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder } from './folder.ts';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Where the certificate lies, for whoever is to trust it. */
  readonly path: string;
}

/** Removed after the test file. */
export async function makeCertificate(
  host: string,
  { days = 1, subject = `/CN=${host}` }: { readonly days?: number; readonly subject?: string } = {},
): Promise<Certificate> {
  const folder = await makeTemporaryFolder();
  const [key, path] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  // Deno takes none that is an authority for a server's own.
  const names = ['-subj', subject, '-addext', `subjectAltName=DNS:${host}`];
  names.push('-addext', 'basicConstraints=critical,CA:FALSE');
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', String(days)];
  const made = spawnSync('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', path]);
  assert.equal(made.status, 0, String(made.stderr));
  return { key: readFileSync(key), cert: readFileSync(path), path };
}
