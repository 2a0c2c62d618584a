/** The tables of `bench:fleet`, and what they say of a larger site. */
import { availableParallelism } from 'node:os';
import { median } from '../median.ts';
import { mapUsage, toProcessorMs, type Usage } from './usage.ts';

export interface FleetFigures {
  readonly requestsPerSecond: number;
  /** Of the machine's processors, what routers, Postgres, Redis and the callers got: the rest was idle, or somebody else's. */
  readonly machineShare: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** 5xx, and connections that broke. */
  readonly serverErrors: number;
  readonly postgresConnections: number;
  readonly redisConnections: number;
  /** Of one request. */
  readonly costs: Usage;
}

const toRule = (head: string) => head.replace(/[^|]+/g, ' --- ').trim();

const costs =
  'router ms | Postgres ms | Redis ms | statements | WAL bytes | WAL pages | Redis commands | Redis operations';
const actHead = `| one request | ${costs} |`;
const sizeHead = `| routers | requests/s | p50 ms | p99 ms | 5xx | of the machine | router ms | Postgres ms | Redis ms | connections to Postgres, Redis |`;

export const costsHead: readonly string[] = ['', actHead, toRule(actHead)];
export const fleetHead: readonly string[] = ['', sizeHead, toRule(sizeHead)];

export function toCostsRow(name: string, usage: Usage): string {
  const processor = [usage.routerMs, usage.postgresMs, usage.redisMs].map((ms) => ms.toFixed(3));
  const { statements, walBytes, walPages, redisCommands, redisOperations } = usage;
  const counted = [
    statements.toFixed(2),
    walBytes.toFixed(0),
    walPages.toFixed(2),
    redisCommands.toFixed(2),
    redisOperations.toFixed(1),
  ];
  return `| ${[name, ...processor, ...counted].join(' | ')} |`;
}

export function toFleetRow(processes: number, figures: FleetFigures): string {
  const {
    requestsPerSecond,
    machineShare,
    p50,
    p99,
    serverErrors,
    postgresConnections,
    redisConnections,
    costs,
  } = figures;
  const cells = [
    processes,
    requestsPerSecond.toFixed(0),
    p50.toFixed(1),
    p99.toFixed(0),
    serverErrors,
    `${(machineShare * 100).toFixed(0)} %`,
    costs.routerMs.toFixed(3),
    costs.postgresMs.toFixed(3),
    costs.redisMs.toFixed(3),
    `${postgresConnections}, ${redisConnections}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Figure by figure; errors and connections are the most of any round. */
export function toMedian(rounds: readonly FleetFigures[]): FleetFigures {
  const middle = (value: (round: FleetFigures) => number) => median(rounds.map(value));
  const most = (value: (round: FleetFigures) => number) => Math.max(...rounds.map(value));
  return {
    requestsPerSecond: middle(({ requestsPerSecond }) => requestsPerSecond),
    machineShare: middle(({ machineShare }) => machineShare),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    serverErrors: most(({ serverErrors }) => serverErrors),
    postgresConnections: most(({ postgresConnections }) => postgresConnections),
    redisConnections: most(({ redisConnections }) => redisConnections),
    costs: mapUsage((name) => middle(({ costs }) => costs[name])),
  };
}

const wanted = 100_000;

/**
 * What the machine could give, and what one core of each resource carries of the mix, by the costs of its kinds: a router that is
 * asked seldom takes more for each request, since it wakes up for each.
 *
 * @param kinds what one of each kind costs, and its share of the mix
 * @param callersMs what the simulation takes of the processor for a request
 */
export function toOutlook(
  kinds: readonly { readonly share: number; readonly costs: Usage }[],
  callersMs: number,
): readonly string[] {
  const shares = kinds.reduce((sum, { share }) => sum + share, 0);
  const mix = mapUsage((name) =>
    kinds.reduce((sum, { share, costs }) => sum + (share / shares) * costs[name], 0),
  );
  const cores = availableParallelism();
  const most = (cores * 1000) / toProcessorMs({ ...mix, callersMs });
  const line = (name: string, ms: number) =>
    `| ${name} | ${ms.toFixed(3)} | ${(1000 / ms).toFixed(0)} | ${((wanted * ms) / 1000).toFixed(0)} |`;
  return [
    '',
    `Routers, Postgres, Redis and the callers (${callersMs.toFixed(3)} ms a request) share ${cores} cores here: ${most.toFixed(0)} requests a second at`,
    'most, however many routers there are, and less where others use the machine. So read what a request costs:',
    '',
    `| of the mix | processor ms a request | requests/s of one core | cores for ${wanted.toLocaleString('en')}/s |`,
    '| --- | --- | --- | --- |',
    line('routers', mix.routerMs),
    line('Postgres', mix.postgresMs),
    line('Redis, which has one core', mix.redisMs),
    '',
    `A request of the mix: ${mix.statements.toFixed(2)} statements, ${mix.walBytes.toFixed(0)} bytes of WAL, ${mix.redisCommands.toFixed(2)} commands to Redis, ${mix.redisOperations.toFixed(1)} operations in it.`,
  ];
}
