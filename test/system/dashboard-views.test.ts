import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from '../support/accessibility.ts';
import { DESKTOP, PHONE, type Viewing } from '../support/browser.ts';
import { crowdPages } from '../support/crowded-page.ts';
import { cell, live, NEEDS_BROWSER, type RunningDashboard, startDashboard } from '../support/running-dashboard.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Each view, and what is there once it is drawn. */
const VIEWS = [
  { name: 'house', path: '/', drawn: '.cell' },
  { name: 'server', path: '/racks/0/servers/2', drawn: '.faults li' },
  { name: 'events', path: '/events', drawn: '.event' },
  { name: 'the token of chaos', path: '/?chaos=1', drawn: '#chaos-token' },
  { name: 'chaos', path: '/?chaos=1', drawn: '.chaos-inject' },
] as const;

test('the views of a running lab', NEEDS_BROWSER, async (context) => {
  const dashboard = await startDashboard(context, ['--racks', '2', '--servers', '4']);
  // So that there are an ill server and events to be seen.
  const page = await dashboard.open(`/?chaos=1#token=${dashboard.token}`);
  await page.getByLabel('Fault', { exact: true }).selectOption('Values of your own…');
  await page.getByLabel('Lose', { exact: true }).fill('60');
  await page.getByLabel('Duration', { exact: true }).selectOption('1 h');
  await page.getByRole('button', { name: 'Inject' }).click();
  await cell(page, 0, 3, 'critical').waitFor();

  await context.test('what all servers of a rack have is one line, of the rack', () => rackFaultIsTold(page));
  await context.test('the token is taken out of the address', () => assert.doesNotMatch(page.url(), /token/));
  await context.test('the keyboard reaches a server and comes back', () => keyboardPath(page));
  await context.test('a link shows somebody else the same', () => sameView(dashboard));
  await context.test('an address at which nothing is says so, with the way to the house', () => nowhere(dashboard));
  for (const colours of ['light', 'dark'] as const) {
    for (const viewing of [DESKTOP, PHONE]) {
      // oxlint-disable-next-line no-await-in-loop -- one window after the other: each takes what the machine has
      await context.test(`${colours}, ${viewing.widthPx} px: axe finds no serious fault, nothing sticks out`, () =>
        viewsAreSound(dashboard, { ...viewing, colours }),
      );
    }
  }
  await context.test('many faults and long names: nothing sticks out on a phone', () => crowdIsSound(dashboard));
  await context.test('where nothing can be injected, the panel says why', () => noControl(dashboard));
  await context.test('all that is active is undone at once', () => undoAll(dashboard));
  assert.deepEqual(dashboard.browser.unforeseen(), []);
});

/** Loss that came over all of them at once; which kind of loss it is may differ for a while. */
async function rackFaultIsTold(page: Page): Promise<void> {
  const findings = page.getByRole('region', { name: 'What is wrong now' }).getByRole('listitem');
  await findings.filter({ hasText: /^Rack 0: loss \d+\s% .*on \d of 4 servers, since \d\d:\d\d:\d\d\./ }).waitFor();
  const panel = page.getByRole('region', { name: 'Rack 0' });
  await panel
    .getByRole('list', { name: 'Faults of the rack' })
    .getByText(/^loss \d+\s% .*on \d of 4 servers/)
    .waitFor();
  await panel
    .getByText(/^rack: loss \d+\s%/)
    .first()
    .waitFor();
}

async function keyboardPath(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Chaos' }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('rack 1');
  await waitUntil('only rack 1 is shown', async () => (await page.locator('.cell').count()) === 4);
  assert.match(page.url(), /\?q=rack(\+|%20)1$/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.evaluate('document.activeElement.dataset.at'), '1/1');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /^Rack 1, server 1/ }).waitFor();
  await page.keyboard.press('Escape');
  await cell(page, 1, 1).waitFor();
  assert.match(page.url(), /\?q=rack(\+|%20)1/);
}

async function sameView(dashboard: RunningDashboard): Promise<void> {
  const house = await dashboard.open('/?q=critical&cells=tiles');
  await waitUntil('only ill servers are shown', async () => (await house.locator('.cell').count()) === 4);
  assert.equal(await house.locator('.cell[data-at^="1/"]').count(), 0);
  await house.context().close();
  const events = await dashboard.open('/events?scope=server&rack=0&ill=1&text=s3');
  await waitUntil('one event is shown', async () => (await events.locator('.event').count()) > 0);
  const lines = await events.locator('.event').allInnerTexts();
  assert.ok(
    lines.every((line) => /Rack 0, server 3 .*→ (warning|critical|silent)/.test(line)),
    lines.join('\n'),
  );
  await events.context().close();
}

async function nowhere(dashboard: RunningDashboard): Promise<void> {
  const page = await dashboard.open('/racks/99');
  await page.getByRole('heading', { level: 1, name: 'The controller knows no rack 99.' }).waitFor();
  assert.match(await page.title(), /Nothing here/);
  await page.getByRole('link', { name: 'The whole house' }).click();
  await cell(page, 0, 0).waitFor();
  await page.context().close();
}

async function viewsAreSound(dashboard: RunningDashboard, viewing: Viewing): Promise<void> {
  const window = await dashboard.browser.window(viewing);
  const page = await window.newPage();
  for (const { name, path, drawn } of VIEWS) {
    const token = drawn === '.chaos-inject' ? `#token=${dashboard.token}` : '';
    // oxlint-disable no-await-in-loop -- one view after the other, in one window
    // From another document: a new fragment alone would load nothing.
    await page.goto('about:blank');
    await page.goto(dashboard.address + path + token);
    await live(page);
    await page.locator(drawn).first().waitFor();
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(wide <= viewing.widthPx, `${name} is ${wide} px wide`);
    assert.deepEqual(await accessibilityFaults(page), [], name);
    // oxlint-enable no-await-in-loop
  }
  await window.close();
}

async function crowdIsSound({ browser, address }: RunningDashboard): Promise<void> {
  const window = await browser.window({ ...PHONE, colours: 'dark' });
  await crowdPages(window);
  const page = await window.newPage();
  for (const [path, drawn] of [
    ['/?cells=rows', '.rack-faults li'],
    ['/racks/1/servers/2', '.faults li'],
  ] as const) {
    // oxlint-disable no-await-in-loop -- one view after the other, in one window
    await page.goto(address + path);
    await live(page);
    await page.locator(drawn).nth(1).waitFor();
    assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), PHONE.widthPx, path);
    assert.deepEqual(await accessibilityFaults(page), [], path);
    // oxlint-enable no-await-in-loop
  }
  // Five of its own and two that it has with its rack.
  assert.ok((await page.locator('.faults li').count()) >= 7);
  await page.getByRole('heading', { level: 1, name: /it stalls every 12\.5\s.*worth a look: its clock/ }).waitFor();
  await window.close();
}

async function noControl({ address, browser }: RunningDashboard): Promise<void> {
  const window = await browser.window(DESKTOP);
  const page = await window.newPage();
  const control = { available: false, reason: 'This datacenter has no lab.' };
  await page.route('**/api/v1/chaos', (route) => route.fulfill({ json: { injections: [], control } }));
  await page.goto(`${address}/?chaos=1`);
  await page.getByText('Nothing can be injected from here. This datacenter has no lab.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Inject' }).count(), 0);
  await window.close();
}

async function undoAll(dashboard: RunningDashboard): Promise<void> {
  const { address, token } = dashboard;
  const page = await dashboard.open(`/?chaos=1#token=${token}`);
  const second = await fetch(`${address}/api/v1/chaos/injections`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ rack_ids: [1], server_ids: [0], inject: { delay: '100ms' }, duration: '5m' }),
  });
  assert.equal(second.status, 201, await second.text());
  await page.getByRole('button', { name: 'Undo all 2' }).click();
  await page.getByRole('status').filter({ hasText: '2 undone.' }).waitFor();
  await page.getByText('Nothing is broken on purpose.').waitFor();
}
