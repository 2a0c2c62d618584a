/** DEPLOYMENT.md, read and done: every block that is marked `sh` alone, from top to bottom, on one stack. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { docker, images, run, withEngine } from './engine.ts';
import { createStack, type Stack, unwatched } from './stack.ts';

interface Block {
  readonly heading: string;
  readonly commands: string;
}

/** Fenced blocks with exactly this after the fence, each below its heading. */
function readBlocks(info: string): Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let lines: string[] | undefined;
  for (const line of readFileSync('DEPLOYMENT.md', 'utf8').split('\n')) {
    if (lines && line.trim() === '```') {
      blocks.push({ heading, commands: lines.join('\n') });
      lines = undefined;
    } else if (lines) lines.push(line);
    else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '');
    else if (line.trim() === `\`\`\`${info}`) lines = [];
  }
  return blocks;
}

test('every command of the guide is a block that runs here or is marked as the host’s, and a shell can read it', async () => {
  const text = readFileSync('DEPLOYMENT.md', 'utf8');
  assert.deepEqual([...new Set([...text.matchAll(/^ *```(\w[^\n]*)$/gm)].map(([, info]) => info))].sort(), [
    'sh',
    'sh host-only',
    // What somebody else's database is told.
    'sql',
    'yaml',
  ]);
  for (const { heading, commands } of [...readBlocks('sh'), ...readBlocks('sh host-only')]) {
    const { code, errors } = await run('bash', ['-n', '-c', commands]);
    assert.equal(code, 0, `${heading}: ${errors}`);
  }
});

test('what the guide links to inside itself is there', () => {
  const text = readFileSync('DEPLOYMENT.md', 'utf8');
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(' ', '-')
      .replace(/[^\w-]/g, ''),
  );
  for (const [, anchor = ''] of text.matchAll(/\]\(#([\w-]+)\)/g))
    assert.ok(headings.includes(anchor), anchor);
});

describe('the guide on a real engine', withEngine, () => {
  let stack: Stack;

  before(async () => {
    stack = await createStack(unwatched);
    await docker('tag', images.next, 'registry.example.com/blockbot:1.2.3');
    await docker('tag', images.current, 'registry.example.com/blockbot:1.2.2');
  });
  after(() => stack.remove());

  for (const [nth, { heading, commands }] of readBlocks('sh').entries()) {
    test(`${heading}, block ${nth + 1}`, async (context) => {
      // The stack's secrets stand beside its other files, and not in the checkout.
      const here = commands.replaceAll(/(?<![/\w])secrets\//g, `${stack.env['SECRETS_DIR'] ?? ''}/`);
      const { code, output, errors } = await run('bash', ['-euo', 'pipefail', '-c', here], {
        env: stack.env,
      });
      context.diagnostic(`$ ${commands}\n${output}`);
      assert.equal(code, 0, `${commands}\n${output}\n${errors}`);
    });
  }
});
