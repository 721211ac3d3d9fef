import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../', import.meta.url);
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(new URL('docs/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Targets of `[text](target)`, `![text](target)`, `href="…"` and `src="…"` that lie in this repository. */
function linksOf(page: string): readonly string[] {
  const text = readFileSync(new URL(page, ROOT), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  const targets = Array.from(text.matchAll(/\]\(([^)\s]+)\)|(?:href|src)="([^"]+)"/g), ([, a, b]) => a ?? b ?? '');
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** What a heading is called in a link: small letters and digits, a hyphen for each space. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = Array.from(text.matchAll(/^#{1,6} (.+)$/gm), ([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/** Why a link of a page leads nowhere, null when it leads somewhere. */
function brokenness(page: string, link: string): string | null {
  const target = new URL(link, new URL(page, ROOT));
  const anchor = decodeURIComponent(target.hash.slice(1));
  target.hash = '';
  if (!existsSync(target)) return `${page}: there is no ${link}`;
  if (anchor === '' || !target.pathname.endsWith('.md')) return null;
  return anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? null : `${page}: ${link} is no heading`;
}

test('every relative link leads to a file, and to a heading of it', () => {
  const links = PAGES.flatMap((page) => linksOf(page).map((link) => ({ page, link })));
  assert.ok(links.length > 20, `only ${links.length} links were found`);
  assert.deepEqual(
    links.map(({ page, link }) => brokenness(page, link)).filter((reason) => reason !== null),
    [],
  );
});

test('a link to a file or a heading that is not there is found', () => {
  assert.match(brokenness('docs/signal.md', '../src/nothing.ts') ?? '', /there is no/);
  assert.match(brokenness('README.md', 'docs/signal.md#no-such-heading') ?? '', /is no heading/);
  assert.equal(brokenness('README.md', 'docs/signal.md#two-clocks'), null);
});
