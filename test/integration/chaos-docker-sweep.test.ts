import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createDockerTarget } from '../../src/chaos/targets/docker.ts';
import { type DockerDouble, startDockerDouble } from '../support/docker-double.ts';

const { signal } = new AbortController();
const ANOTHER = /^another injector is at work on it at this moment: /;

/** A server without any trace of an injection, on which only a sweep makes certain that nothing is left. */
async function setUp(context: TestContext): Promise<{ double: DockerDouble; clear: () => Promise<string | null> }> {
  const double = await startDockerDouble(context);
  double.addServer(0, 3);
  const target = createDockerTarget({ dockerHost: double.host, helperImage: 'netwatch-chaos', composeProject: null });
  context.after(() => target.close());
  return {
    double,
    async clear() {
      const [outcome] = await target.clear(await target.list(signal), { id: null, signal });
      assert.ok(outcome);
      return outcome.problem;
    },
  };
}

/** Somebody else removes helpers, so many of them, when `request` is asked for. */
function removeAt(double: DockerDouble, request: string, count: number): void {
  let left = count;
  double.onRequest = (asked) => {
    const [helper] = double.helpers;
    if (helper === undefined || !asked.includes(`/${request}`) || left === 0) return;
    left -= 1;
    double.remove(helper);
  };
}

for (const request of ['attach', 'start']) {
  test(`a sweep that somebody removes before its ${request} is done again, and not believed to be done`, async (context) => {
    const { double, clear } = await setUp(context);
    removeAt(double, request, 1);
    assert.equal(await clear(), null);
    assert.equal(double.requests.filter((asked) => asked.includes('/create')).length, 2);
    assert.deepEqual(double.helpers, []);
    removeAt(double, request, 100);
    assert.match((await clear()) ?? '', ANOTHER);
  });
}

for (const [lines, problem] of [
  [['netwatch: undone'], null],
  [['netwatch: problem tc is broken'], 'a sweep did not remove what is left: tc is broken'],
] as const) {
  test(`of a sweep that somebody removes after its end, what it said counts: ${lines.join()}`, async (context) => {
    const { double, clear } = await setUp(context);
    double.onStart = () => ({ lines, exitCode: 0 });
    removeAt(double, 'stop', 1);
    assert.equal(await clear(), problem);
  });
}
