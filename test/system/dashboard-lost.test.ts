import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell, live, NEEDS_BROWSER, startDashboard } from '../support/running-dashboard.ts';

test(
  'a controller that dies is said to be lost, with the time of what is shown, and found again',
  NEEDS_BROWSER,
  async (context) => {
    const dashboard = await startDashboard(context, ['--racks', '1', '--servers', '2', '--restart-after', '3s']);
    const page = await dashboard.open('/');
    await cell(page, 0, 1).waitFor();

    await context.test('killed, the page says so, keeps the last picture and counts down', async () => {
      // Waited for from before on: the lab starts the controller again soon.
      const past = Promise.all([
        page.getByText(/^\s*was \w+ at \d\d:\d\d:\d\d$/).waitFor(),
        page.getByRole('heading', { name: /^What was wrong at \d\d:\d\d:\d\d$/ }).waitFor(),
      ]);
      process.kill(dashboard.lab.pid('datacenter'), 'SIGKILL');
      await page
        .getByRole('alert')
        .filter({ hasText: /^Controller lost, showing what was known at \d\d:\d\d:\d\d$/ })
        .waitFor();
      await page.getByText(/^(next try in \d+ s|trying …)$/).waitFor();
      assert.equal(await cell(page, 0, 1).isVisible(), true);
      assert.match(await page.title(), /^lost · /);
      await past;
    });
    await context.test('the lab starts it again, and the page recovers by itself', async () => {
      await live(page);
      assert.equal(await page.getByRole('alert').filter({ hasText: 'lost' }).count(), 0);
      await cell(page, 0, 1, 'healthy').waitFor();
    });
    // A browser calls a connection that is refused an error, whoever handles it.
    const refused = /ERR_CONNECTION_(REFUSED|RESET)|WebSocket connection to .* failed/;
    assert.deepEqual(dashboard.browser.unforeseen(refused), []);
  },
);
