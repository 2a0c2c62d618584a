/** renovate.json, by what can be told without it: each image that a deployment names is in a file that Renovate reads, and under a rule. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Settings {
  readonly packageRules: readonly {
    readonly matchPackageNames?: readonly string[];
    readonly matchManagers?: readonly string[];
    readonly matchUpdateTypes?: readonly string[];
    readonly enabled?: boolean;
  }[];
  readonly 'docker-compose': { readonly managerFilePatterns: readonly string[] };
}

const settings = JSON.parse(readFileSync('renovate.json', 'utf8')) as Settings;

/** What each manager reads unasked (https://docs.renovatebot.com/modules/manager/), to which those of renovate.json are added. */
const patterns: Readonly<Record<string, readonly string[]>> = {
  'docker-compose': [
    String.raw`/(^|/)(?:docker-)?compose[^/]*\.ya?ml$/`,
    ...settings['docker-compose'].managerFilePatterns,
  ],
  dockerfile: [
    String.raw`/(^|/|\.)([Dd]ocker|[Cc]ontainer)file$/`,
    String.raw`/(^|/)([Dd]ocker|[Cc]ontainer)file[^/]*$/`,
  ],
  quadlet: [String.raw`/.+\.container$/`, String.raw`/.+\.image$/`, String.raw`/.+\.volume$/`],
};

/** `/…/` is a regular expression, and anything else here the text itself. */
const isLike = (text: string, pattern: string) =>
  pattern.startsWith('/') ? new RegExp(pattern.slice(1, -1)).test(text) : text === pattern;

const readers = (path: string) =>
  Object.keys(patterns).filter((manager) => patterns[manager]?.some((pattern) => isLike(path, pattern)));

interface Named {
  readonly path: string;
  /** `docker.io/library/postgres`, as it is written. */
  readonly image: string;
  readonly tag: string;
}

/** Images of others in the files of a deployment; our own are built, or the operator's. */
const named: readonly Named[] = spawnSync('git', ['ls-files', 'deploy', 'docker-compose*', 'Dockerfile'], {
  encoding: 'utf8',
})
  .stdout.trim()
  .split('\n')
  .flatMap((path) =>
    [
      ...readFileSync(path, 'utf8').matchAll(
        /^ *(?:- )?(?:image: |Image=|FROM |ARG \w+_IMAGE=)'?([a-z][\w./-]*):(v?\d[^\s'@]*)/gm,
      ),
    ].map(([, image = '', tag = '']) => ({ path, image, tag })),
  )
  .filter(({ image }) => !/^blockbot|your-|\/blockbot$/.test(image));

test('each image is in a file that Renovate reads', () => {
  assert.ok(new Set(named.map(({ image }) => image)).size > 15);
  for (const { path, image } of named) assert.equal(readers(path).length, 1, `${image} in ${path}`);
});

test('each Postgres and each Redis keeps its major version, whatever its registry is written as', () => {
  const kept = settings.packageRules.flatMap(({ matchPackageNames = [], matchUpdateTypes = [], enabled }) =>
    enabled === false && matchUpdateTypes.includes('major') ? matchPackageNames : [],
  );
  for (const { path, image } of named)
    if (/(?:^|\/)(?:postgres|redis)$/.test(image))
      assert.ok(
        kept.some((pattern) => isLike(image, pattern)),
        `${image} in ${path}`,
      );
});

test('an image that several files name is updated in all of them at once, and is the same in all', () => {
  const grouped = settings.packageRules.flatMap(({ matchManagers = [] }) => matchManagers);
  const tags = new Map<string, Set<string>>();
  for (const { path, image, tag } of named) {
    // What is for development follows a major version alone.
    if (path === 'docker-compose.yml') continue;
    assert.ok(grouped.includes(String(readers(path)[0])), path);
    const name = image.replace('docker.io/library/', '');
    tags.set(name, (tags.get(name) ?? new Set()).add(tag));
  }
  for (const [name, all] of tags) assert.equal(all.size, 1, `${name}: ${[...all].join(', ')}`);
});

test('the guide starts the images that Compose starts', () => {
  const guide = readFileSync('DEPLOYMENT.md', 'utf8');
  const told = named
    .filter(({ path, image }) => path === 'docker-compose.prod.yml' && image.includes('/'))
    .flatMap(({ image, tag }) =>
      [...guide.matchAll(new RegExp(`${image}:(v?[\\d.]+[\\w.-]*)`, 'g'))].map(([, found]) => {
        assert.equal(found, tag, image);
        return image;
      }),
    );
  assert.ok(told.includes('twinproduction/gatus'));
});
