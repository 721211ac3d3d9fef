import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'yaml';
import { staleFiles } from '../../scripts/generate-k8s.ts';

const MONITORING = new URL('../../k8s/base/monitoring/', import.meta.url);

test("the manifests' rules and dashboards are those of prometheus/ and grafana/: else run npm run k8s:generate", async () => {
  assert.deepEqual(await staleFiles(), []);
});

test('each of them is brought to Prometheus or Grafana', async () => {
  const made = (await readdir(new URL('generated/', MONITORING))).map((name) => `generated/${name}`);
  const text = await readFile(new URL('kustomization.yaml', MONITORING), 'utf8');
  const { configMapGenerator: maps } = parse(text) as { configMapGenerator: { files: string[] }[] };
  const brought = maps.flatMap(({ files }) => files).filter((file) => file.startsWith('generated/'));
  assert.deepEqual(brought.toSorted(), made.toSorted());
});
