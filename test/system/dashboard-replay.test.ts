import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { text } from 'node:stream/consumers';
import type { BrowserContext, Page } from 'playwright-core';
import { buildWeb } from '../../scripts/web/build-page.ts';
import { isStale } from '../../scripts/web/is-stale.ts';
import type { IncidentList } from '../../src/wire/api/incident.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import { DESKTOP, PHONE, startBrowser, type TestBrowser, type Viewing } from '../support/browser.ts';
import { type Capsule, lossyCapsule, stallingCapsule } from '../support/capsule.ts';
import { type NetwatchProcess, runNetwatch } from '../support/netwatch-process.ts';
import { live, NEEDS_BROWSER } from '../support/running-dashboard.ts';
import { waitUntil } from '../support/wait-until.ts';

const LIST = '**/api/v1/incidents?*';
const CAPSULES = '**/api/v1/incidents/2/';

/** A datacenter controller that no rack reports to, and a browser to look at its page. */
interface Stage {
  readonly datacenter: NetwatchProcess;
  readonly address: string;
  readonly browser: TestBrowser;
}

test('recordings are replayed by the page alone', NEEDS_BROWSER, async (context) => {
  const stage = await setStage(context);
  const [lossy, stalling] = [lossyCapsule(), stallingCapsule()];

  await context.test('the controller’s incidents are listed, or why not', () => listStates(stage, lossy));
  await context.test('a capsule of the list is replayed, and a link shows somebody else the same moment', () =>
    fromTheList(stage, lossy),
  );
  await context.test('where a token is needed, a capsule is fetched and saved with it', () => saved(stage, lossy));
  for (const viewing of [DESKTOP, { ...PHONE, colours: 'dark' }] as const) {
    const { widthPx, colours } = viewing;
    // oxlint-disable-next-line no-await-in-loop -- one window after the other: each takes what the machine has
    await context.test(`${colours}, ${widthPx} px: axe finds no serious fault, nothing sticks out`, () =>
      viewsAreSound(stage, viewing, lossy),
    );
  }

  const page = await stage.browser.open(`${stage.address}/`);
  await live(page);
  const other = await stage.browser.open(`${stage.address}/`);
  await waitUntil('what replays is loaded ahead', () =>
    other.evaluate<boolean>(
      `performance.getEntriesByType('resource').some(({ name }) => /replay-view.*js$/.test(name))`,
    ),
  );
  await context.test('a file that is dropped is heard again, and begins where its fault was found', async () => {
    await drop(page, 'lossy.ndjson', lossy.text);
    await page.getByText(/^Recording of rack 2, server 5 \(db-17\), 2027-01-15, .* to .*: loss$/).waitFor();
    await verdict(page, /^Rack 2, server 5 \(db-17\) is (impaired|critical).*: .*packets are lost/);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    // Nothing here is called live.
    await page.locator('.chip[data-kind="recording"]').waitFor();
    assert.equal(await page.getByText(/^live$/).count(), 0);
    assert.equal(await page.title(), 'Recording · NetWatch');
  });
  await context.test('every moment can be had, by the slider, by buttons and by keys', () => scrub(page));
  await context.test('it plays to its end', () => play(page));
  await context.test('with the controller gone it goes on, and says nothing of a past that is shown', async () => {
    stage.datacenter.child.kill('SIGKILL');
    await page.getByText('controller lost').waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
    assert.equal(await page.locator('.is-stale').count(), 0);
    await scrub(page);
  });
  await context.test('a page that has replayed nothing before can do it then, too', async () => {
    await other.getByRole('alert').filter({ hasText: 'Controller lost' }).waitFor();
    await drop(other, 'stalling.ndjson', stalling.text);
    await verdict(other, /it stalls every 5\.0\s?s/u);
    assert.equal(await other.getByRole('alert').count(), 0);
  });
  await context.test('a file that is none is refused with its reason, and what was shown stays', async () => {
    await drop(other, 'letter.txt', 'Dear Sir,\n');
    await other
      .getByRole('alert')
      .filter({ hasText: /^letter\.txt is no recording: .*line 1: not JSON/ })
      .waitFor();
    await other.getByText(/: periodic stalls$/).waitFor();
    await other.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await other.getByRole('alert').count(), 0);
  });
  // A browser calls an answer that is none, and a connection that is refused, an error, whoever handles it.
  const foreseen = /status of (404|503)|ERR_CONNECTION_(REFUSED|RESET)|WebSocket connection to .* failed/;
  assert.deepEqual(stage.browser.unforeseen(foreseen), []);
});

async function setStage(context: TestContext): Promise<Stage> {
  if (isStale()) await buildWeb();
  const browser = await startBrowser(context);
  const ports = ['--metrics-port', 0, '--tcp-listen-port', 0, '--api-port', 0];
  const datacenter = runNetwatch(context, 'datacenter', ...ports);
  const { apiPort } = await datacenter.logged('listening');
  assert.ok(typeof apiPort === 'number');
  return { datacenter, address: `http://127.0.0.1:${apiPort}`, browser };
}

async function listStates({ browser, address }: Stage, { head }: Capsule): Promise<void> {
  const page = await browser.open(`${address}/incidents`);
  await page.getByText(/^No incident was recorded yet\./).waitFor();
  await page.route(LIST, (route) => route.fulfill({ status: 404, json: { title: 'Not Found' } }));
  await page.reload();
  await page.getByText(/^This controller keeps no list of incidents/).waitFor();
  await page.unroute(LIST);
  await page.route(LIST, (route) => route.fulfill({ status: 503, json: { detail: 'The racks are away.' } }));
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'The incidents cannot be listed: The racks are away.' }).waitFor();
  await page.unroute(LIST);
  await page.route(LIST, (route) => route.fulfill({ json: listOf(head, route.request().url()) }));
  await page.getByRole('button', { name: 'Ask again' }).click();
  const rows = page.getByRole('listitem');
  await rows
    .filter({ hasText: /loss, warning, found 2\.00\s?s later.*Rack 2, server 5 \(db-17\).*412\s?kB/su })
    .waitFor();
  await rows.filter({ hasText: /Rack 3, server 1.*still recording/s }).waitFor();
  await page.getByLabel('Rack', { exact: true }).fill('3');
  await page.getByText('1 incident.').waitFor();
  assert.match(page.url(), /\/incidents\?rack=3$/);
  await page.context().close();
}

async function fromTheList({ browser, address }: Stage, capsule: Capsule): Promise<void> {
  const window = await browser.window(DESKTOP);
  await serve(window, capsule);
  const page = await window.newPage();
  await page.goto(`${address}/incidents`);
  await page.getByRole('link', { name: /^Replay loss of rack 2, server 5/ }).click();
  await verdict(page, /packets are lost/);
  await page.getByRole('slider').press('Home');
  await verdict(page, /is warming up/);
  const other = await window.newPage();
  await other.goto(page.url());
  await verdict(other, /is warming up/);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor();
  await window.close();
}

async function saved({ browser, address }: Stage, capsule: Capsule): Promise<void> {
  const window = await browser.window(DESKTOP);
  await serve(window, capsule, 'Bearer let-me-in');
  const page = await window.newPage();
  await page.goto(`${address}/incidents#api-token=let-me-in`);
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: /^Download loss of rack 2, server 5/ }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), `${capsule.head.incident_id}.ndjson`);
  assert.equal(await text(await download.createReadStream()), capsule.text);
  await window.close();
}

async function scrub(page: Page): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Time in the recording' });
  await slider.press('Home');
  await verdict(page, /is warming up/);
  await slider.fill('60');
  await verdict(page, /is healthy/);
  assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /before the fault began$/);
  const before = Number(await slider.inputValue());
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('ArrowRight');
  await waitUntil('it is a second on', async () => Number(await slider.inputValue()) === before + 2);
  await page.getByRole('button', { name: /^Found \d\d:\d\d:\d\d$/ }).click();
  await page
    .getByText(/after the fault began$/)
    .first()
    .waitFor();
}

async function play(page: Page): Promise<void> {
  const slider = page.getByRole('slider');
  const from = Number(await slider.inputValue());
  await page.getByRole('button', { name: '60×' }).click();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press(' ');
  await waitUntil('it plays', async () => Number(await slider.inputValue()) > from);
  await waitUntil('it is at its end', async () => (await slider.inputValue()) === (await slider.getAttribute('max')));
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
}

async function viewsAreSound({ browser, address }: Stage, viewing: Viewing, capsule: Capsule): Promise<void> {
  const window = await browser.window(viewing);
  await serve(window, capsule);
  const page = await window.newPage();
  const { incident_id: id } = capsule.head;
  const views = { '/incidents': '.incident', [`/replay?rack=2&incident=${id}`]: '.transport' };
  for (const [path, drawn] of Object.entries(views)) {
    // oxlint-disable no-await-in-loop -- one view after the other, in one window
    await page.goto(address + path);
    await page.locator(drawn).first().waitFor();
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(wide <= viewing.widthPx, `${path} is ${wide} px wide`);
    assert.deepEqual(await accessibilityFaults(page), [], path);
    // oxlint-enable no-await-in-loop
  }
  await window.close();
}

/** Answers in place of a controller whose racks recorded something; with a token only whoever has it. */
async function serve(window: BrowserContext, { head, text: body }: Capsule, token?: string): Promise<void> {
  await window.route(LIST, (route) => route.fulfill({ json: listOf(head, route.request().url()) }));
  await window.route(`${CAPSULES}${head.incident_id}`, (route) =>
    route.request().headers()['authorization'] === token
      ? route.fulfill({ body, contentType: 'application/x-ndjson' })
      : route.fulfill({ status: 401, json: { detail: 'Not without the token.' } }),
  );
}

/** Two of them, or those of a rack. */
function listOf(head: Capsule['head'], address: string): IncidentList {
  const other = { ...head, incident_id: 'b', rack_id: 3, server_id: 1, name: null, kind: 'jitter' } as const;
  const incidents = [
    { ...head, bytes: 412_000, is_complete: true },
    { ...other, bytes: 99_000, is_complete: false },
  ];
  const rack = new URL(address).searchParams.get('rack');
  return { incidents: incidents.filter(({ rack_id: id }) => rack === null || id === Number(rack)) };
}

async function verdict(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Drops a file onto the page, as the browser would tell it of. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    `(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(content)}], ${JSON.stringify(name)}));
      return transfer;
    })()`,
  );
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
  await page.getByText('Drop to replay').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await page.getByText('Drop to replay').waitFor({ state: 'detached' });
}
