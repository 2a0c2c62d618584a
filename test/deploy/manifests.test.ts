/** The files of deploy/, checked by the tools that read them: kubectl, Docker's client, promtool, and Kubernetes' types. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';

const run = (command: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...required },
  });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
};
const required: Readonly<Record<string, string>> = {
  DOMAIN: 'api.example.com',
  ACME_EMAIL: 'ops@example.com',
  MAIL_FROM: 'hello@example.com',
  BLOCKBOT_IMAGE: 'registry.example.com/blockbot:1',
  BACKUP_DIR: '/var/backups/blockbot',
};

const without = (command: string, ...args: readonly string[]) =>
  run(command, ...args).status === 0 ? false : `${command} ${args.join(' ')} does not run here`;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

const readManifests = (text: string) =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const example = readManifests(readFileSync('deploy/kubernetes/secret.example.yaml', 'utf8'));
const withoutKubectl = without('kubectl', 'version', '--client');

function render(): Manifest[] {
  const { status, stdout, stderr } = run('kubectl', 'kustomize', 'deploy/kubernetes');
  assert.equal(status, 0, stderr);
  return readManifests(stdout);
}

/** Faults that the types of the API find: unknown keys, missing ones, wrong kinds of value. */
function findTypeFaults(manifests: readonly Manifest[]): string {
  // Where the compiler finds the types.
  const folder = mkdtempSync(join(process.cwd(), 'node_modules/.blockbot-manifests-'));
  try {
    const source = manifests.map(
      (manifest, nth) =>
        `import type { I${manifest.kind} as K${nth} } from 'kubernetes-models/${manifest.apiVersion}';\n` +
        `export const m${nth}: K${nth} = ${JSON.stringify(manifest, null, 1)};\n`,
    );
    writeFileSync(join(folder, 'manifests.ts'), source.join(''));
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'];
    return run('npx', '--no-install', 'tsc', '--ignoreConfig', ...options, join(folder, 'manifests.ts'))
      .stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the kustomize base renders, and every key in it is one of the API', { skip: withoutKubectl }, () => {
  const manifests = render();
  assert.deepEqual(manifests.map(({ kind }) => kind).sort(), [
    'ConfigMap',
    'Deployment',
    'HorizontalPodAutoscaler',
    'Ingress',
    'Job',
    'Namespace',
    'NetworkPolicy',
    'NetworkPolicy',
    'NetworkPolicy',
    'PodDisruptionBudget',
    'Service',
  ]);
  assert.equal(findTypeFaults([...manifests, ...example]), '');
  const misspelt = JSON.parse(
    JSON.stringify(manifests).replaceAll('readinessProbe', 'readynessProbe'),
  ) as Manifest[];
  assert.match(findTypeFaults(misspelt), /readynessProbe/);
});

test(
  'every pod of the base is as hard as the namespace demands, with its three probes',
  { skip: withoutKubectl },
  () => {
    interface Pod {
      readonly automountServiceAccountToken: boolean;
      readonly securityContext: Readonly<Record<string, unknown>>;
      readonly containers: readonly Readonly<Record<string, unknown>>[];
    }
    const pods = render().flatMap(({ kind, spec }) => {
      const template = spec?.['template'] as { spec: Pod } | undefined;
      return template ? [{ kind, pod: template.spec }] : [];
    });
    assert.equal(pods.length, 2);
    for (const { kind, pod } of pods) {
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.securityContext['runAsNonRoot'], true);
      assert.equal(pod.securityContext['runAsUser'], 1001);
      assert.deepEqual(pod.securityContext['seccompProfile'], { type: 'RuntimeDefault' });
      for (const container of pod.containers) {
        assert.deepEqual(container['securityContext'], {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        });
        if (kind !== 'Deployment') continue;
        const pathOf = (probe: string) => (container[probe] as { httpGet: { path: string } }).httpGet.path;
        assert.deepEqual(['startupProbe', 'livenessProbe', 'readinessProbe'].map(pathOf), [
          '/health/live',
          '/health/live',
          '/health/ready',
        ]);
      }
    }
  },
);

test('the names in the configuration are names of the environment, and their files are keys of the secret', () => {
  const [config] = readManifests(readFileSync('deploy/kubernetes/config.yaml', 'utf8')) as unknown as {
    data: Record<string, string>;
  }[];
  const [secret] = example as unknown as { stringData: Record<string, string> }[];
  const documented = readFileSync('README.md', 'utf8');
  const source = readFileSync('lib/core/env.ts', 'utf8');
  for (const [name, value] of Object.entries(config?.data ?? {})) {
    const base = name.replace(/_FILE$/, '');
    assert.ok(documented.includes(`\`${base}\``) || source.includes(base) || isOfMail(base), name);
    if (name.endsWith('_FILE'))
      assert.ok((value.split('/').pop() ?? '') in (secret?.stringData ?? {}), value);
  }
});

const isOfMail = (name: string) => ['MAIL_FROM', 'RESEND_API_KEY'].includes(name);

test(
  'the stack file passes docker stack config, and names each variable that is missing',
  {
    skip: without('docker', 'stack', 'config', '--help'),
  },
  () => {
    const file = 'deploy/swarm/docker-stack.yml';
    const whole = run('docker', 'stack', 'config', '-c', file);
    assert.equal(whole.status, 0, whole.stderr);
    const stack = parse(whole.stdout) as {
      services: Record<
        string,
        { read_only?: boolean; cap_drop?: string[]; deploy?: { resources?: unknown } }
      >;
    };
    for (const [name, service] of Object.entries(stack.services)) {
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.ok(service.deploy?.resources, name);
    }
    assert.doesNotMatch(whole.stdout, /\$\{/);
    for (const name of Object.keys(required)) {
      const { status, stderr } = spawnSync('docker', ['stack', 'config', '-c', file], {
        encoding: 'utf8',
        env: { ...process.env, ...required, [name]: '' },
      });
      assert.notEqual(status, 0, name);
      assert.match(stderr, new RegExp(name));
    }
  },
);

test(
  'Prometheus takes its configuration, and its alerts come when they should',
  {
    skip: without('promtool', '--version'),
  },
  () => {
    for (const args of [
      ['check', 'config', 'deploy/monitoring/prometheus/prometheus.yml'],
      ['test', 'rules', 'deploy/monitoring/prometheus/rules.test.yml'],
    ]) {
      const { status, stdout, stderr } = run('promtool', ...args);
      assert.equal(status, 0, stdout + stderr);
    }
  },
);

interface Rule {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const monitoring = 'deploy/monitoring/prometheus';
const readRules = () =>
  (parse(readFileSync(`${monitoring}/rules.yml`, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
    ({ rules }) => rules,
  );

test('every alert says how bad it is, what it is, and what to do', () => {
  for (const { alert, labels, annotations } of readRules()) {
    assert.match(labels['severity'] ?? '', /^(?:page|ticket)$/, alert);
    assert.ok(annotations['summary'] && annotations['description'], alert);
  }
});

test('every alert is tried with what it must come for, and with what it must not', () => {
  const { tests } = parse(readFileSync(`${monitoring}/rules.test.yml`, 'utf8')) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
  };
  const cases = tests.flatMap((each) => each.alert_rule_test);
  const names = readRules().map(({ alert }) => alert);
  assert.deepEqual([...new Set(cases.map(({ alertname }) => alertname))].sort(), [...names].sort());
  for (const name of names) {
    const [silent, loud] = [0, 1].map((count) =>
      cases.some(({ alertname, exp_alerts }) => alertname === name && exp_alerts.length === count),
    );
    assert.ok(silent && loud, name);
  }
});
