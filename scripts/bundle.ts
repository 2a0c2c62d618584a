/** Bundles functions with their hosts, in the shape in which each platform deploys them. */
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadFunctions } from '../hosts/node/functions.ts';
import { toSurface } from '../contract/surface.ts';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { findFaults } from './surface/faults.ts';
import { printSizes } from './surface/sizes.ts';
import { writePlatformConfig } from './bundle/platform-config.ts';
import { bundleTarget, type TargetBundle } from './bundle/bundle-target.ts';
import { clearFolder } from './bundle/clear-folder.ts';
import { BundleFault } from './bundle/fault.ts';
import { write } from './bundle/deployable.ts';
import { noticesFile, toNotices } from './bundle/notices.ts';
import { findTargetFaults } from './bundle/check.ts';
import { matchesGlob } from './bundle/glob.ts';
import { type Needs, toNeeds } from '../hosts/core/needs.ts';
import { readSettings, settingsFile } from './bundle/settings.ts';
import { type TargetName, targetNames, targets } from './bundle/targets.ts';

const usage = `Usage: npm run bundle [-- --target TARGET] [--only GLOB] [--together] [--plan PLAN] [--out FOLDER] [--settings FILE] [--root FOLDER] [--quiet]

Bundles each function with the host of a platform, ready to be deployed, into FOLDER/TARGET (dist unless told).

  --target    ${targetNames.join(', ')} or all (all unless told); may be given more than once
  --only      functions whose name matches, such as 'sessions/*'; may be given more than once
  --together  one artefact with all of them, in place of one for each
  --plan      free or paid (paid unless told): free leaves no CPU time for a password's hash, and such functions are
              refused (cloudflare)
  --out       FOLDER
  --settings  FILE with environment variables and Cloudflare's Hyperdrive id (${settingsFile}, where it is there)
  --root      the folder that holds functions/
  --quiet     no table of sizes

Exit codes: 0 bundled, 1 a function is not fit for the platform, 2 wrong usage.
`;

function readArguments() {
  const { values } = readCommandLine(usage, {
    options: {
      target: { type: 'string', multiple: true, default: ['all'] },
      only: { type: 'string', multiple: true, default: ['**'] },
      together: { type: 'boolean', default: false },
      plan: { type: 'string', default: 'paid' },
      out: { type: 'string', default: 'dist' },
      root: { type: 'string', default: '.' },
      quiet: { type: 'boolean', default: false },
      settings: { type: 'string' },
    },
  });
  if (!['free', 'paid'].includes(values.plan))
    refuseUsage(usage, `--plan '${values.plan}' is neither free nor paid`);
  return { ...values, chosen: [...new Set(values.target.flatMap(toTargets))] };
}

function toTargets(target: string): readonly TargetName[] {
  if (target === 'all') return targetNames;
  const known = targetNames.find((name) => name === target);
  if (known === undefined)
    refuseUsage(usage, `--target '${target}' is neither all nor one of ${targetNames.join(', ')}`);
  return [known];
}

async function main(): Promise<number> {
  const { chosen, ...values } = readArguments();
  const startedAt = performance.now();
  const settings = readSettings(values.settings);
  const root = pathToFileURL(`${resolve(values.root)}/`);
  const functions = await loadFunctions(new URL('functions/', root));
  const surface = [...functions].map(([name, app]) => toSurface(name, app));
  const shapeFaults = findFaults(surface);
  if (shapeFaults.length > 0) return tell(shapeFaults);
  const routesOf = new Map(surface.map(({ name, endpoints }) => [name, endpoints]));
  const names = [...functions.keys()].filter((name) => values.only.some((glob) => matchesGlob(name, glob)));
  if (names.length === 0) return tell([`no function matches ${values.only.join(' or ')}`]);

  const needs = new Map<string, Needs>();
  for (const [name, app] of functions) if (names.includes(name)) needs.set(name, toNeeds(app));
  for (const [nth, name] of chosen.entries()) {
    progress(`${nth + 1}/${chosen.length} ${name}: ${names.length} functions`);
    const target = targets[name];
    const out = resolve(values.out, name);
    clearFolder(out);
    const bundles = await bundleTarget({
      target,
      functions: needs,
      root,
      out,
      together: values.together,
    }).catch((error: unknown) => {
      clearFolder(out);
      throw error;
    });
    const faults = await findTargetFaults(target, bundles, {
      functions: fileURLToPath(new URL('functions/', root)),
      withoutCpuTime: values.plan === 'free' && name === 'cloudflare',
    });
    if (faults.length > 0) {
      clearFolder(out);
      return tell(faults);
    }
    write(join(out, noticesFile), toNotices(bundles.flatMap(toInputs)));
    writePlatformConfig(
      name,
      out,
      bundles.map((bundle) => ({
        name: bundle.name,
        endpoints: bundle.functions.flatMap((each) => routesOf.get(each) ?? []),
        needs: bundle.needs,
        file: join(out, `${target.toEntry(bundle.name)}.mjs`),
        bytes: bundle.output.bytes,
      })),
      settings,
    );
    progress('');
    if (!values.quiet) {
      process.stdout.write(`\n${name}\n`);
      printSizes(bundles);
    }
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const count = names.length === 1 ? '1 function' : `${names.length} functions`;
  const what = `${count} for ${chosen.join(', ')}`;
  process.stdout.write(`${values.quiet ? '' : '\n'}Bundled ${what} into ${values.out} in ${seconds} s\n`);
  return 0;
}

const toInputs = ({ output, late }: TargetBundle) =>
  [output, ...late.map((module) => module.output)].flatMap(({ inputs }) => Object.keys(inputs));

function tell(faults: readonly string[]): number {
  progress('');
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return 1;
}

/** One line that is written over; nothing where nobody looks on. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BundleFault)) throw error;
  process.exitCode = tell(error.faults);
}
