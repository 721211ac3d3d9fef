import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** What each folder of src/ may import besides itself; packages by name. Node's own modules are refused where `-node`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: ['fft.js', '-node'],
  wire: ['core', 'netem', 'valibot'],
  words: ['core', '-node'],
  io: ['core', 'wire', 'pino'],
  metrics: ['core', 'wire', 'netem', 'prom-client'],
  config: ['core', 'wire', 'valibot', '-node'],
  netem: ['core', 'valibot', '-node'],
  agent: ['core', 'wire', 'io', 'metrics', 'config', 'netem'],
  rack: ['core', 'wire', 'io', 'metrics', 'config'],
  datacenter: ['core', 'wire', 'io', 'metrics', 'config', 'valibot', '@valibot/to-json-schema', 'ws'],
  analyze: ['core', 'wire', 'config', 'valibot'],
  terminal: ['core', 'wire', 'words', 'io', 'valibot'],
  web: ['core', 'wire', 'words', 'netem', 'analyze', 'preact', 'uplot', '-node'],
  lab: ['core', 'wire', 'words', 'io', 'config', 'terminal', 'open'],
  chaos: [
    'core',
    'wire',
    'io',
    'config',
    'netem',
    'terminal',
    'valibot',
    'yaml',
    'dockerode',
    'kubernetes',
    '@kubernetes/client-node',
  ],
  placement: ['config', 'io', 'kubernetes', '@kubernetes/client-node'],
  kubernetes: ['io', 'wire', 'valibot', '@kubernetes/client-node'],
  commands: [
    'config',
    'io',
    'agent',
    'rack',
    'datacenter',
    'analyze',
    'terminal',
    'lab',
    'netem',
    'chaos',
    'placement',
    'yargs',
  ],
  'cli.ts': ['commands', 'config', 'yargs'],
};

/** Static imports and re-exports, bare imports, dynamic imports. */
const IMPORTS = /(?:^(?:import|export)\b[^;'`]*?from|^import|\bimport\()\s*'([^']+)'/gm;

const root = new URL('../../src/', import.meta.url);

for (const [place, allowed] of Object.entries(ALLOWED)) {
  test(`${place} imports only ${allowed.join(', ')}`, () => {
    for (const file of filesOf(place)) {
      const text = readFileSync(new URL(file, root), 'utf8');
      for (const [, imported = ''] of text.matchAll(IMPORTS)) {
        assert.ok(isAllowed({ file, imported, place, allowed }), `${file} imports ${imported}`);
      }
    }
  });
}

test('every folder of src has its rule', () => {
  assert.deepEqual(readdirSync(root).toSorted(), Object.keys(ALLOWED).toSorted());
});

test('only cli.ts reads argv, the environment and signals, and ends the process', () => {
  const forbidden = /process\.(argv|env\b|exit\(|stdin|kill)|process\.(on|once)\('SIG/;
  for (const place of Object.keys(ALLOWED).filter((name) => name !== 'cli.ts')) {
    for (const file of filesOf(place)) {
      assert.doesNotMatch(readFileSync(new URL(file, root), 'utf8'), forbidden, file);
    }
  }
});

function filesOf(place: string): string[] {
  if (place.endsWith('.ts')) return [place];
  const names = readdirSync(new URL(`${place}/`, root), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => `${place}/${name}`);
}

function isAllowed(of: { file: string; imported: string; place: string; allowed: readonly string[] }): boolean {
  const { file, imported, place, allowed } = of;
  if (imported.startsWith('node:')) return !allowed.includes('-node');
  if (!imported.startsWith('.')) return allowed.includes(imported.replace(/^(@[^/]+\/)?([^/]+).*$/, '$1$2'));
  const folder = new URL(imported, new URL(file, root)).href.slice(root.href.length).split('/')[0] ?? '';
  return folder === place || allowed.includes(folder);
}
