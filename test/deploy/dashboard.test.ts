/** The dashboard that Grafana is given, by what can be told without it: its queries, the routes in them, and its layout. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { functions } from '../support/blockbot.ts';
import { production } from '../support/compose-file.ts';
import { makeTemporaryFolder } from '../support/folder.ts';

interface Query {
  readonly expr: string;
  readonly datasource: { readonly uid: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly Query[];
}

const folder = 'deploy/monitoring/grafana';
const { panels } = JSON.parse(readFileSync(`${folder}/dashboards/blockbot.json`, 'utf8')) as {
  panels: readonly Panel[];
};
const queries = panels.flatMap(({ targets = [] }) => targets);

const withoutPromtool =
  spawnSync('promtool', ['--version']).status === 0 ? false : 'promtool is not installed';

test('every query of Prometheus is one', { skip: withoutPromtool }, async () => {
  const rules = queries
    .filter(({ datasource }) => datasource.uid === 'prometheus')
    .map(({ expr }, nth) => ({
      record: `panel:${nth}`,
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$route', '.*'),
    }));
  assert.ok(rules.length > 40);
  const path = join(await makeTemporaryFolder(), 'rules.yml');
  writeFileSync(path, stringify({ groups: [{ name: 'dashboard', rules }] }));
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', path], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

test('every endpoint that is asked for is there', () => {
  const routes = [...functions.values()].flatMap((app) => app.routes.map(({ path }) => path));
  const asked = queries.flatMap(({ expr }) =>
    [...expr.matchAll(/http_route[!=]~"([^"$]+)"/g)].flatMap(([, pattern = '']) => pattern.split('|')),
  );
  assert.ok(asked.length > 10);
  for (const pattern of asked) {
    assert.ok(
      routes.some((route) => new RegExp(`^(?:${pattern})$`).test(route)),
      pattern,
    );
  }
});

test('no panel lies on another, and each asks a source that is provisioned', () => {
  const cells = new Set<string>();
  for (const { title, gridPos } of panels) {
    assert.ok(gridPos.x + gridPos.w <= 24, title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        assert.ok(!cells.has(`${x} ${y}`), title);
        cells.add(`${x} ${y}`);
      }
    }
  }
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const sources = ['prometheus', 'loki'].map((name) => {
    const text = readFileSync(`${folder}/provisioning/datasources/${name}.yml`, 'utf8');
    return (parse(text) as { datasources: { uid: string }[] }).datasources[0]?.uid;
  });
  for (const { datasource } of queries) assert.ok(sources.includes(datasource.uid));
});

test('what is asked of Loki goes by the labels that Vector gives, and by a service that there is', () => {
  const { sinks } = parse(readFileSync('deploy/monitoring/vector/vector.yml', 'utf8')) as {
    sinks: { loki: { labels: object } };
  };
  const asked = queries.filter(({ datasource }) => datasource.uid === 'loki').map(({ expr }) => expr);
  assert.ok(asked.length > 0);
  for (const expr of asked) {
    const [, selector = ''] = /^\{([^}]+)\}$/.exec(expr) ?? [];
    for (const [, label = '', value = ''] of selector.matchAll(/(\w+)=~?"([^"]+)"/g)) {
      assert.ok(label in sinks.loki.labels, expr);
      if (label === 'service') assert.ok(value in production.services, expr);
    }
  }
});
