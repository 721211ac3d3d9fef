import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureBaseImageTar } from '../support/base-image.ts';
import { dockerEngineLacks } from '../support/docker-engine.ts';
import { guestLacks, runTestsInGuest } from '../support/uml-guest.ts';

const lacks = dockerEngineLacks() ?? guestLacks();

test(
  'chaos in containers, with netem: a real Docker Engine in a guest',
  { skip: process.env.CI ? false : (lacks ?? false) },
  async (context) => {
    assert.equal(lacks, null, 'in CI no test may skip');
    // The guest has no way out.
    await ensureBaseImageTar();
    const report = await runTestsInGuest(['test/guest/chaos-docker.test.ts'], {
      memoryMiB: 2_048,
      modules: ['overlay'],
      environment: { XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache') },
    });
    context.diagnostic(report.trim());
  },
);
