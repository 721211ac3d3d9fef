import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import {
  cell,
  NEEDS_BROWSER,
  noiseFloorDb,
  type RunningDashboard,
  shapeOfMark,
  startDashboard,
} from '../support/running-dashboard.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Far more than between two windows of a clean link, far less than between a clean one and one that loses half. */
const NOTABLE_DB = 12;

test('what the chaos panel breaks is seen, and what it undoes heals', NEEDS_BROWSER, async (context: TestContext) => {
  const dashboard = await startDashboard(context, ['--racks', '2', '--servers', '4']);
  const page = await dashboard.open('/racks/1/servers/2');
  const cleanDb = await noiseFloorDb(page);

  await context.test('without its token the panel asks for one, and says where it is', async () => {
    await page.getByRole('button', { name: 'Chaos' }).click();
    await tokenIsAsked(page, dashboard);
  });
  await context.test('the keyboard opens and closes it, and what was chosen stays', () => panelKeepsItself(page));
  await context.test('loss that is injected changes the cell in word and shape, and is told as a fault', async () => {
    await injectLoss(page);
    await cellTurnsCritical(page);
    await findingNamesFault(page);
  });
  await context.test('the server’s noise floor has risen, and its sentence says why', async () => {
    await cell(page, 1, 2).click();
    await page
      .getByRole('heading', {
        level: 1,
        name: /^Rack 1, server 2 \(r1-s2\) is critical: \d+\s% of its packets are lost,.* since \d\d:\d\d:\d\d/,
      })
      .waitFor();
    await faults(page)
      .filter({ hasText: /^critical: loss \d+\s%.*\d\d:\d\d:\d\d to now/ })
      .waitFor();
    await waitUntil('the noise floor rises', async () => (await noiseFloorDb(page)) > cleanDb + NOTABLE_DB);
  });
  await context.test(
    'another page is told of it, with the time it ends, and may undo nothing without the token',
    async () => {
      const other = await dashboard.open('/?chaos=1');
      const panel = other.getByRole('region', { name: 'Chaos' });
      await panel.getByText(/^\d+:\d\d left, until \d\d:\d\d:\d\d$/).waitFor();
      assert.equal(await panel.getByRole('button', { name: /^Undo/ }).count(), 0);
      await other.context().close();
    },
  );
  await context.test('what is refused does not stand under what is in force', async () => {
    await page.getByLabel('Lose', { exact: true }).fill('160');
    await page.getByRole('button', { name: 'Inject' }).click();
    await page.getByText(/“160%” cannot be used/).waitFor();
    assert.equal(await page.getByText(/^In force:/).count(), 0);
  });
  await context.test('undone, it heals, and the events have the whole story', async () => {
    await page.getByRole('button', { name: /^Undo loss 60 %/ }).click();
    await page.getByText('Nothing is broken on purpose.').waitFor();
    await page.getByRole('heading', { level: 1, name: /is healthy:/ }).waitFor();
    await waitUntil('the noise floor falls', async () => (await noiseFloorDb(page)) < cleanDb + NOTABLE_DB / 2);
    await faults(page)
      .filter({ hasText: /^critical: loss \d+\s%.*\d\d:\d\d:\d\d to \d\d:\d\d:\d\d/ })
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Events' }).click();
    await eventsTellIt(page);
  });
  // The token that was wrong on purpose is an error of the network to a browser.
  assert.deepEqual(dashboard.browser.unforeseen(/status of 401/), []);
});

async function tokenIsAsked(page: Page, { token }: RunningDashboard): Promise<void> {
  const field = page.getByLabel('Control token');
  assert.equal(await field.getAttribute('type'), 'password');
  await page.getByRole('button', { name: 'Use this token' }).click();
  await page.getByText('Nothing was given: paste the token first.').waitFor();
  await field.fill('x'.repeat(token.length));
  await page.getByRole('button', { name: 'Use this token' }).click();
  await page.getByRole('button', { name: 'Inject' }).click();
  // What the controller says of the wrong one; then the field is back.
  await page.getByRole('alert').filter({ hasText: /token/i }).waitFor();
  await field.fill(token);
  await page.getByRole('button', { name: 'Use this token' }).click();
  await page.getByRole('button', { name: 'Inject' }).waitFor();
}

async function panelKeepsItself(page: Page): Promise<void> {
  const fault = page.getByLabel('Fault', { exact: true });
  const focused = () => page.evaluate<string>('document.activeElement.textContent');
  await fault.selectOption('Delay packets, 200 ms');
  await page.keyboard.press('Escape');
  await fault.waitFor({ state: 'detached' });
  assert.match(page.url(), /\/racks\/1\/servers\/2$/);
  assert.equal(await focused(), 'Chaos');
  await page.keyboard.press('Enter');
  await waitUntil('the keyboard is in the panel', () =>
    page.evaluate<boolean>('document.activeElement.id === "chaos-title"'),
  );
  await page.getByRole('button', { name: 'Close this panel' }).click();
  await fault.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'House' }).click();
  await page.getByRole('button', { name: 'Chaos' }).click();
  assert.equal(await fault.inputValue(), 'delay');
  assert.equal(await page.getByLabel('Servers', { exact: true }).inputValue(), '2');
  await fault.selectOption('Lose packets, 20 %');
}

async function injectLoss(page: Page): Promise<void> {
  await page.getByLabel('Rack', { exact: true }).selectOption('Rack 1');
  await page.getByLabel('Servers', { exact: true }).selectOption('Server 2 (r1-s2)');
  await page.getByLabel('Fault', { exact: true }).selectOption('Values of your own…');
  await page.getByLabel('Lose', { exact: true }).fill('160');
  await page.getByRole('button', { name: 'Inject' }).click();
  await page.getByText(/“160%” cannot be used; allowed is per cent/).waitFor();
  await page.getByLabel('Lose', { exact: true }).fill('60');
  await page.getByLabel('Duration', { exact: true }).selectOption('5 min');
  await page.getByRole('button', { name: 'Inject' }).click();
  await page
    .getByRole('status')
    .filter({ hasText: /^In force: loss 60 %/ })
    .waitFor();
}

async function cellTurnsCritical(page: Page): Promise<void> {
  const ill = cell(page, 1, 2, 'critical');
  await ill.waitFor();
  assert.match(await ill.ariaSnapshot(), /^- link "Rack 1, server 2 r1-s2 critical (burst )?loss\b.* error 0\.\d/);
  assert.match(await ill.innerText(), /loss/);
  assert.match(await cell(page, 1, 1).ariaSnapshot(), /^- link "Rack 1, server 1 r1-s1 healthy error 0\.0/);
  assert.notEqual(await shapeOfMark(page, 1, 2), await shapeOfMark(page, 1, 1));
}

/** The list of a server's faults, now and lately. */
function faults(page: Page) {
  return page.getByRole('region', { name: 'Faults' }).getByRole('listitem');
}

async function findingNamesFault(page: Page): Promise<void> {
  await page
    .getByRole('region', { name: 'What is wrong now' })
    .getByRole('listitem')
    .filter({ hasText: /^Rack 1, server 2 \(r1-s2\): \d+\s% of its packets are lost,.* since \d\d:\d\d:\d\d\./ })
    .waitFor();
}

async function eventsTellIt(page: Page): Promise<void> {
  const events = page.getByRole('region', { name: 'Events' }).getByRole('listitem');
  await events
    .filter({ hasText: /Rack 1, server 2 \(r1-s2\): .* → critical, error 0\.\d/ })
    .first()
    .waitFor();
  const fault = events.filter({ hasText: /Rack 1, server 2 \(r1-s2\): (burst )?loss/ });
  await fault
    .filter({ hasText: /began.*, heard since \d\d:\d\d:\d\d, sure to/ })
    .first()
    .waitFor();
  await fault
    .filter({ hasText: /ended, after \d/ })
    .first()
    .waitFor();
  await events.filter({ hasText: /chaos began: loss 60 %/ }).waitFor();
  await events.filter({ hasText: /chaos ended: loss 60 %, undone/ }).waitFor();
  await page.getByRole('combobox', { name: 'About' }).selectOption('Chaos');
  await waitUntil('only chaos is shown', async () => (await events.count()) === 2);
  await page.getByRole('combobox', { name: 'About' }).selectOption('Faults');
  await page
    .getByRole('search', { name: 'Events' })
    .getByRole('combobox', { name: /^Fault/ })
    .selectOption('loss');
  await waitUntil('only loss is shown', async () => {
    const lines = await events.allInnerTexts();
    return lines.length > 0 && lines.every((line) => /: loss .*(began|ended)/s.test(line));
  });
  assert.match(page.url(), /\/events\?.*scope=fault&fault=loss/);
}
