/** What is deployed as one, and what the configurations of several platforms say of it alike. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Route } from '../../contract/surface.ts';
import type { Needs } from '../../hosts/core/needs.ts';
import type { EdgeSettings } from './settings.ts';

/** A function, or all of them. */
export interface Deployable {
  readonly name: string;
  readonly endpoints: readonly Route[];
  readonly needs: Needs;
  /** The bundle. */
  readonly file: string;
  /** What it weighs. */
  readonly bytes: number;
}

export type Writer = (out: string, deployables: readonly Deployable[], settings: EdgeSettings) => void;

export const everyMinute = '* * * * *';
export const isScheduled = ({ caller }: Route) => caller === 'scheduler';
export const toScheduledPaths = (deployables: readonly Deployable[]) =>
  deployables.flatMap(({ endpoints }) => endpoints.filter(isScheduled).map(({ path }) => path));

/** Who answers what no path fits: scanners ask for such all day, and should wake as little as possible. */
export function findLightest<Some extends Pick<Deployable, 'bytes'>>(
  deployables: readonly Some[],
): Some | undefined {
  return deployables.toSorted((a, b) => a.bytes - b.bytes)[0];
}

export const toMethods = (method: string) => (method === 'GET' ? ['GET', 'HEAD'] : [method]);

/** `/v1/sessions/:id` -> `^/v1/sessions/[^/]+$` */
export function toPattern(path: string): string {
  return `^${path.replace(/[.+*?^$()[\]|\\]/g, '\\$&').replace(/:\w+(?:\{[^}]*\})?/g, '[^/]+')}$`;
}

export function write(file: string, content: object | string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
}
