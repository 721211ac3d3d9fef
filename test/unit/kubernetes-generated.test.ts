import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staleFiles } from '../../scripts/generate-k8s.ts';

test("the manifests' rules and dashboards are those of prometheus/ and grafana/: if this fails, run npm run k8s:generate", async () => {
  assert.deepEqual(await staleFiles(), []);
});
