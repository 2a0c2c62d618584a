/** The running containers, as Docker itself tells: whether what the Compose file asks for is what runs. */
import { spawnSync } from 'node:child_process';
import { fail, type Finding, ok, skipped, warn } from './finding.ts';

/** What is read of `docker inspect`. */
export interface Container {
  readonly Name: string;
  readonly Config: {
    readonly User: string;
    readonly Env: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly State: { readonly Status: string; readonly Health?: { readonly Status: string } };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly Privileged: boolean;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly PidsLimit: number | null;
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
    readonly PortBindings: Readonly<
      Record<string, readonly { HostIp: string; HostPort: string }[] | null>
    > | null;
  };
  readonly Mounts: readonly { readonly Source: string }[];
}

export function examineContainers(project: string): Finding[] {
  const name = 'containers';
  const docker = (...args: readonly string[]) => spawnSync('docker', args, { encoding: 'utf8' });
  const list = docker('ps', '--quiet', '--filter', `label=com.docker.compose.project=${project}`);
  if (list.error) return [skipped(name, 'no docker here: run this on the host too')];
  if (list.status !== 0) {
    return [warn(name, list.stderr.trim().split('\n')[0] ?? '', 'May this user ask Docker? Try with sudo')];
  }
  const ids = list.stdout.split('\n').filter(Boolean);
  if (ids.length === 0) {
    return [
      warn(name, `none runs in the project ${project}`, 'docker compose -f docker-compose.prod.yml up -d'),
    ];
  }
  const inspected = JSON.parse(docker('inspect', ...ids).stdout) as readonly Container[];
  return inspected.map(judgeContainer);
}

// Their entry points start as root and become another user.
const becomesAnother = new Set(['postgres', 'backup', 'traefik', 'socket-proxy']);

export function judgeContainer({ Name, Config, State, HostConfig, Mounts }: Container): Finding {
  const service = Config.Labels['com.docker.compose.service'] ?? '';
  const weaknesses = [
    [State.Health !== undefined && State.Health.Status !== 'healthy', `is ${State.Health?.Status}`],
    [HostConfig.Privileged, 'is privileged'],
    [!HostConfig.ReadonlyRootfs, 'may write to its root'],
    [!HostConfig.CapDrop?.some((capability) => /^(?:CAP_)?ALL$/.test(capability)), 'keeps capabilities'],
    [
      !HostConfig.SecurityOpt?.some((option) => /^no-new-privileges(?::true)?$/.test(option)),
      'may gain privileges',
    ],
    [!HostConfig.Memory, 'has no memory limit'],
    [(HostConfig.PidsLimit ?? 0) <= 0, 'has no limit of processes'],
    [
      HostConfig.LogConfig.Type === 'json-file' && !HostConfig.LogConfig.Config['max-size'],
      'logs without end',
    ],
    [/^(?:0|root)?(?::|$)/.test(Config.User) && !becomesAnother.has(service), 'runs as root'],
    [
      service !== 'socket-proxy' && Mounts.some(({ Source }) => Source.endsWith('docker.sock')),
      "has Docker's socket, and so the host",
    ],
    [
      Config.Env?.some((entry) => /^\w*(?:PASSWORD|SECRET|TOKEN|_KEYS?)=./.test(entry)) ?? false,
      'has a secret in its environment',
    ],
    ...Object.values(HostConfig.PortBindings ?? {})
      .flatMap((bindings) => bindings ?? [])
      .map(({ HostIp, HostPort }): [boolean, string] => [
        !['80', '443'].includes(HostPort) && !['127.0.0.1', '::1'].includes(HostIp),
        `is open to the world on ${HostPort}, past any UFW rule`,
      ]),
  ] as const;
  const told = weaknesses.flatMap(([weak, words]) => (weak ? [words] : []));
  const name = `container ${Name.replace(/^\//, '')}`;
  return told.length === 0
    ? ok(name, 'healthy and hardened')
    : fail(name, told.join(', '), 'Compare with docker-compose.prod.yml, then docker compose up -d');
}
