import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** What axe gives of a rule that is broken. */
interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const GRAVE = new Set(['serious', 'critical']);

/** The serious and critical faults that axe finds in a page as it is now, a text each. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // Not as an element of the page: its policy runs no scripts but its own.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()');
  return violations.filter(({ impact }) => GRAVE.has(impact ?? '')).map(faultText);
}

function faultText({ id, help, nodes }: Violation): string {
  const places = nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ''}`);
  return `${id}: ${help}, ${nodes.length} times:\n${places.join('\n')}`;
}
