import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  holderContainer,
  type HolderFacts,
  parseHolderFacts,
  sweepContainer,
} from '../../src/chaos/kubernetes/chaos-container.ts';
import { holderScript, sweepScript } from '../../src/chaos/holder/holder-script.ts';
import { checkModel } from '../support/kubernetes-models.ts';
import { expandReferences } from '../support/kubernetes-expansion.ts';
import { LOSS } from '../support/kubernetes-cluster.ts';

const FACTS: HolderFacts = {
  id: '0123456789ab',
  rackId: 3,
  serverId: 14,
  description: 'delay 200 ms ± 20 ms normal, loss 20 %',
  durationSeconds: 60.5,
  startBySeconds: 1_800_000_030,
};
const SERVER = { rackId: 3, serverId: 14 };

test('is what the API has models for', () => {
  const script = 'echo hello';
  const holder = holderContainer({ image: 'netwatch-chaos', facts: FACTS, script });
  const sweep = sweepContainer({ image: 'netwatch-chaos', nonce: 'ab', script });
  assert.deepEqual(checkModel(holder, 'V1EphemeralContainer'), []);
  assert.deepEqual(checkModel(sweep, 'V1EphemeralContainer'), []);
  // The check can fail.
  assert.deepEqual(checkModel(Object.assign(sweep, { comand: ['sh'], tty: 'no' }), 'V1EphemeralContainer'), [
    'unknown field ".comand"',
    '.tty is no boolean',
  ]);
});

test('what it holds can be read from it again', () => {
  for (const facts of [FACTS, { ...FACTS, durationSeconds: null }]) {
    assert.deepEqual(parseHolderFacts(holderContainer({ image: 'i', facts, script: '' })), facts);
  }
});

test('what is not whole is no fact', () => {
  const container = holderContainer({ image: 'i', facts: FACTS, script: '' });
  assert.equal(parseHolderFacts({ name: container.name }), null);
  for (const { name } of container.env ?? []) {
    const env = (container.env ?? []).filter((variable) => variable.name !== name);
    assert.equal(parseHolderFacts({ name: container.name, env }), null, name);
    const strange = [...env, { name, value: undefined }] as typeof env;
    assert.equal(parseHolderFacts({ name: container.name, env: strange }), null, name);
  }
});

test('a shell gets the script that was meant, whatever Kubernetes does to a command before', () => {
  const scripts = [
    holderScript({ injection: LOSS, server: SERVER, devices: null }),
    sweepScript({ devices: null }),
    'echo $$ $(date) $((1 + 1)) $(NETWATCH_CHAOS_ID) "$1" $',
  ];
  const variables = { NETWATCH_CHAOS_ID: FACTS.id };
  for (const script of scripts) {
    const holder = holderContainer({ image: 'i', facts: FACTS, script }).command?.[2] ?? '';
    assert.ok(expandReferences(holder, variables).endsWith(`\n${script}`));
    const sweep = sweepContainer({ image: 'i', nonce: 'ab', script }).command?.[2] ?? '';
    assert.equal(expandReferences(sweep, {}), script);
  }
  // Without care it would have become another script.
  assert.notEqual(expandReferences(scripts[2] ?? '', variables), scripts[2]);
});
