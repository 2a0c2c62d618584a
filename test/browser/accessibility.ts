/** What axe finds wrong with a page (WCAG 2.2 A and AA, and its own best practices). */
import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Nothing at all, not even what is minor. */
export async function assertAccessible(page: Page): Promise<void> {
  // Through the debugger and not by a tag, which the page's policy forbids.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: readonly Finding[] }>('axe.run()');
  assert.deepEqual(
    violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ html }) => html) })),
    [],
    page.url(),
  );
}
