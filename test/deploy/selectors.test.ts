/** The Kubernetes base as kustomize renders it: whatever names or selects something else finds it there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { makeTemporaryFolder } from '../support/folder.ts';

type Labels = Readonly<Record<string, string>>;

interface Container {
  readonly args?: readonly string[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string }[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

interface Pod {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly volumes?: readonly { readonly secret?: { readonly secretName: string } }[];
    readonly topologySpreadConstraints?: readonly { readonly labelSelector: Selector }[];
  };
}

interface Selector {
  readonly matchLabels?: Labels;
}

interface Rule {
  readonly ports: readonly { readonly port: number | string }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Labels;
  readonly stringData?: Labels;
  readonly spec: {
    readonly template?: Pod;
    readonly selector?: Selector & Labels;
    readonly podSelector?: Selector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
    readonly ports?: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
    readonly rules?: readonly {
      readonly http?: { readonly paths: readonly { readonly backend: { readonly service: Backend } }[] };
      readonly backendRefs?: readonly { readonly name: string; readonly port: number }[];
    }[];
  };
}

interface Backend {
  readonly name: string;
  readonly port: { readonly name: string };
}

const skip = spawnSync('kubectl', ['version', '--client']).status === 0 ? false : 'kubectl does not run here';
const base = 'deploy/kubernetes';
const read = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as Manifest);

function render(folder: string): Manifest[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return read(stdout);
}

/** As an overlay that takes the component. */
async function renderWithGateway(): Promise<Manifest[]> {
  const folder = await makeTemporaryFolder();
  const from = (path: string) => relative(folder, join(process.cwd(), path));
  writeFileSync(
    join(folder, 'kustomization.yaml'),
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: ['${from(base)}']\ncomponents: ['${from(`${base}/gateway`)}']\n`,
  );
  return render(folder);
}

const podsOf = (manifests: readonly Manifest[]) =>
  manifests.flatMap(({ spec }) => (spec?.template ? [spec.template] : []));

function find(pods: readonly Pod[], selector: Labels): readonly Pod[] {
  return pods.filter(({ metadata }) =>
    Object.entries(selector).every(([name, value]) => metadata.labels[name] === value),
  );
}

const portsOf = (pods: readonly Pod[]) =>
  pods.flatMap(({ spec }) => spec.containers).flatMap(({ ports = [] }) => ports.map(({ name }) => name));

test('every selector of the base selects a pod, and every port that is named is one of it', { skip }, () => {
  const manifests = render(base);
  const pods = podsOf(manifests);
  let selectors = 0;
  for (const { kind, metadata, spec } of manifests) {
    if (!spec) continue;
    const selector = spec.selector?.matchLabels ?? spec.podSelector?.matchLabels ?? spec.selector;
    const found = find(pods, selector ?? {});
    if (selector) {
      selectors++;
      assert.ok(found.length > 0, `${kind} ${metadata.name} selects nothing`);
    }
    const named = [
      ...(spec.ports ?? []).map(({ targetPort }) => targetPort),
      ...(spec.ingress ?? []).flatMap(({ ports }) => ports.map(({ port }) => port)),
    ].filter((port) => typeof port === 'string');
    for (const port of named) assert.ok(portsOf(found).includes(port), `${kind} ${metadata.name}: ${port}`);
  }
  // Deployment, Service, disruption budget, two policies.
  assert.equal(selectors, 5);
  for (const { spec } of pods) {
    for (const { labelSelector } of spec.topologySpreadConstraints ?? [])
      assert.ok(find(pods, labelSelector.matchLabels ?? {}).length > 0);
  }
});

test(
  'a pod may do what it is for, and nothing else: names, Postgres, and the router Redis and mail',
  { skip },
  () => {
    const manifests = render(base);
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    const isOf = (pod: Pod) => (policy: Manifest) =>
      find([pod], policy.spec.podSelector?.matchLabels ?? {}).length > 0;
    for (const pod of podsOf(manifests)) {
      const mine = policies.filter(isOf(pod));
      const isDenied = mine.some(
        ({ spec }) => !spec.ingress && !spec.egress && spec.policyTypes?.join() === 'Ingress,Egress',
      );
      assert.ok(isDenied, 'what no policy allows is allowed');
      const out = mine
        .flatMap(({ spec }) => spec.egress ?? [])
        .flatMap(({ ports }) => ports.map(({ port }) => port));
      const isRouter = pod.spec.containers[0]?.args?.[0] === 'router';
      const mail = [443, 465, 587];
      assert.deepEqual(
        [...new Set(out)].map(Number).sort((a, b) => a - b),
        [53, ...(isRouter ? mail : []), 5432, ...(isRouter ? [6379] : [])],
      );
      const into = mine.flatMap(({ spec }) => spec.ingress ?? []);
      assert.equal(into.length > 0, isRouter);
    }
  },
);

test(
  'what a pod mounts is in its secret, and nothing is in a secret that its pod does not read',
  { skip },
  () => {
    const manifests = render(base);
    const secrets = read(readFileSync(`${base}/secret.example.yaml`, 'utf8'));
    const config = manifests.find(({ kind }) => kind === 'ConfigMap');
    for (const { spec } of podsOf(manifests)) {
      const [name] = (spec.volumes ?? []).flatMap(({ secret }) => (secret ? [secret.secretName] : []));
      const keys = Object.keys(secrets.find(({ metadata }) => metadata.name === name)?.stringData ?? {});
      const [{ env = [], envFrom = [] } = assert.fail()] = spec.containers;
      for (const { configMapRef } of envFrom) assert.equal(configMapRef.name, config?.metadata.name);
      const values = [
        ...env.map(({ value }) => value),
        ...(envFrom.length > 0 ? Object.values(config?.data ?? {}) : []),
      ];
      const files = values
        .filter((value) => value.startsWith('/run/secrets/'))
        .map((path) => path.split('/').pop());
      assert.deepEqual([...files].sort(), [...keys].sort());
    }
  },
);

test('the autoscaler, the Ingress and the HTTPRoute name what there is', { skip }, async () => {
  for (const [manifests, kind] of [
    [render(base), 'Ingress'],
    [await renderWithGateway(), 'HTTPRoute'],
  ] as const) {
    const service = manifests.find((each) => each.kind === 'Service') ?? assert.fail();
    const [http] = service.spec.ports ?? [];
    const kinds = manifests.map((each) => each.kind);
    assert.deepEqual(
      ['Ingress', 'HTTPRoute'].filter((each) => kinds.includes(each)),
      [kind],
    );
    const { rules = [] } = manifests.find((each) => each.kind === kind)?.spec ?? {};
    const backends = rules.flatMap((rule) => [
      ...(rule.http?.paths ?? []).map(({ backend }) => [backend.service.name, backend.service.port.name]),
      ...(rule.backendRefs ?? []).map(({ name, port }) => [name, port]),
    ]);
    assert.deepEqual(backends, [[service.metadata.name, kind === 'Ingress' ? http?.name : http?.port]]);
    const scaled = manifests.find((each) => each.kind === 'HorizontalPodAutoscaler')?.spec.scaleTargetRef;
    assert.ok(manifests.some((each) => each.kind === scaled?.kind && each.metadata.name === scaled.name));
  }
});
