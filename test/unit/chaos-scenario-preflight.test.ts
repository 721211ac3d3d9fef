import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChaosError } from '../../src/chaos/target.ts';
import { FetchHealthError } from '../../src/terminal/fetch-health.ts';
import { LOSSY, SILENT, treeOf, WARMING } from '../support/health-trees.ts';
import { StoryStage } from '../support/story-stage.ts';

const LOSE = 'on: { racks: 0 }, inject: { loss: 5 }, for: 10s';

const REFUSALS: readonly (readonly [
  what: string,
  arrange: (stage: StoryStage) => void,
  step: string,
  message: RegExp,
])[] = [
  [
    'a rack that is not there',
    () => undefined,
    '{ on: { racks: 7 }, inject: { loss: 5 }, for: 9s }',
    /^step 1: there is no rack 7: there are rack 0 with servers 0-1, rack 1 with servers 0-1$/,
  ],
  [
    'a server that is only expected',
    () => undefined,
    `{ ${LOSE}, expect: { on: { servers: 9 }, status: healthy, within: 3s } }`,
    /^step 1: there is no server 9 in any rack/,
  ],
  [
    'more than there are',
    () => undefined,
    `{ ${LOSE}, expect: { at_least: 3, status: healthy, within: 3s } }`,
    /^step 1: at_least 3 is more than the 2 servers it is about$/,
  ],
  [
    'an expectation of nobody',
    () => undefined,
    '{ expect: { status: healthy, within: 3s } }',
    /^step 1: it expects something of no server: say whom with "on"$/,
  ],
  [
    'what the target cannot do',
    ({ target }) => {
      target.planError = new ChaosError('the lab knows no ingress');
    },
    `{ ${LOSE} }`,
    /^the lab knows no ingress$/,
  ],
  [
    'servers that somebody breaks already',
    ({ target }) => {
      const server = { rackId: 0, serverId: 1, place: '' };
      const other = { id: 'aa', server, description: 'delay 5 ms', untilSeconds: null, problem: null } as const;
      target.foreign = [
        { ...other, state: 'active' },
        { ...other, state: 'active', server: { ...server, rackId: 1 } },
      ];
    },
    `{ ${LOSE} }`,
    /^the network is broken already, wait until it is over, or end it with netwatch chaos --clear:\n {2}rack 0 server 1: delay 5 ms \(id aa\)$/,
  ],
  [
    'servers that cannot be judged',
    (stage) => {
      stage.fetchTree = () =>
        treeOf({
          racks: 2,
          servers: 2,
          change: (_, server) => (server === 0 ? WARMING : { ...SILENT, status: 'silent' }),
        });
    },
    `{ ${LOSE} }`,
    /^nothing was injected: after 90 s, rack 0 server 0 has sent too little to be judged \(warming\), rack 0 server 1 is silent \(silent\)$/,
  ],
  [
    'servers that are ill already',
    (stage) => {
      stage.fetchTree = () => treeOf({ racks: 2, servers: 2, change: () => LOSSY });
    },
    `{ ${LOSE} }`,
    /rack 0 server 0 is not well already \(critical\)/,
  ],
  [
    'servers whose usual delay is not known yet',
    (stage) => {
      stage.fetchTree = () => treeOf({ racks: 2, servers: 2, change: () => ({ clock_skew_ppm: null }) });
    },
    `{ ${LOSE} }`,
    /after 90 s, rack 0 server 0 has not been heard for long enough to know its usual delay, rack 0 server 1 has/,
  ],
  [
    'servers that the datacenter does not know',
    (stage) => {
      stage.fetchTree = () => treeOf({ racks: 1, servers: 1 });
    },
    `{ ${LOSE} }`,
    /after 90 s, rack 0 server 1 is not known to the datacenter$/,
  ],
  [
    'a rack that does not report',
    (stage) => {
      stage.fetchTree = () => treeOf({ racks: 2, servers: 2, silentRack: 0 });
    },
    `{ ${LOSE} }`,
    /after 90 s, rack 0 server 0 is in a rack that does not report/,
  ],
  [
    'a datacenter that does not answer',
    (stage) => {
      stage.fetchTree = () => {
        throw new FetchHealthError('No datacenter controller answers');
      };
    },
    `{ ${LOSE} }`,
    /after 90 s, No datacenter controller answers$/,
  ],
];

for (const [what, arrange, step, message] of REFUSALS) {
  test(`refused before anything is injected: ${what}`, async () => {
    const stage = new StoryStage();
    arrange(stage);
    await assert.rejects(stage.run([step]), (error) => {
      assert.ok(error instanceof ChaosError, String(error));
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(stage.target.calls, []);
  });
}

test('a cluster that is still warming is waited for, and that is said once', async () => {
  const stage = new StoryStage();
  const { fetchTree } = stage;
  stage.fetchTree = () =>
    stage.clock.seconds < 10 ? treeOf({ racks: 2, servers: 2, change: () => WARMING }) : fetchTree();
  const report = await stage.run([`{ ${LOSE} }`]);
  assert.ok(report.passed);
  assert.equal(stage.lines.filter((line) => line.includes('waiting until all is well')).length, 1);
  assert.equal(report.injections[0]?.began_after_seconds, 10);
});

test('what somebody breaks while all is waited for is seen before anything is injected', async () => {
  const stage = new StoryStage();
  const { fetchTree } = stage;
  stage.fetchTree = () => {
    if (stage.clock.seconds < 10) return treeOf({ racks: 2, servers: 2, change: () => WARMING });
    const server = { rackId: 0, serverId: 1, place: '' };
    stage.target.foreign = [
      { id: 'aa', server, description: 'delay 5 ms', untilSeconds: null, state: 'active', problem: null },
    ];
    return fetchTree();
  };
  await assert.rejects(
    stage.run([`{ ${LOSE} }`]),
    /^ChaosError: the network is broken already, .*\n {2}rack 0 server 1/,
  );
  assert.deepEqual(stage.target.calls, []);
});

test('an error of the program before anything was injected is thrown as it is', async () => {
  const stage = new StoryStage();
  stage.fetchTree = () => {
    throw new TypeError('a bug');
  };
  await assert.rejects(stage.run([`{ ${LOSE} }`]), new TypeError('a bug'));
  assert.deepEqual(stage.target.calls, []);
});
