import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIGURED_ROLES } from '../../src/commands/config.ts';
import type { CommandContext } from '../../src/commands/context.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that a check asks for
const CONTEXT = { env: {}, stdout: { write: () => true } } as unknown as CommandContext;

test('a check reads the files that the role would read, and names the one that it cannot', async () => {
  const { agent, rack, datacenter } = CONFIGURED_ROLES;
  const refused = [
    [agent, 'key-file', 'the key file /nonexistent/x cannot be used'],
    [rack, 'key-file', 'the key file /nonexistent/x cannot be used'],
    [agent, 'control-token-file', 'the token file /nonexistent/x cannot be used'],
    [datacenter, 'control-token-file', 'the token file /nonexistent/x cannot be used'],
  ] as const;
  for (const [role, flag, message] of refused) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await assert.rejects(role.check(CONTEXT, { [flag]: '/nonexistent/x' }), {
      name: 'ConfigError',
      message: new RegExp(message),
    });
  }
  assert.equal(await datacenter.check(CONTEXT, {}), 0);
});
