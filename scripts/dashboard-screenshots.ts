// Writes docs/images/dashboard-*.png: a lab with things to see, as a browser shows it. Takes some five minutes, because a
// waterfall has to fill. Needs Chromium.

import { mkdir, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { TestBrowser, Viewing } from '../test/support/browser.ts';
import { stallingCapsule } from '../test/support/capsule.ts';
import { live, type RunningDashboard, startDashboard } from '../test/support/running-dashboard.ts';

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
/** Pictures are loaded with the page that shows them. */
const MOST_BYTES = 300 * 1024;

/** For how long the waterfall shows a clean link, and then a broken one. */
const CLEAN_MS = 60_000;
const BROKEN_MS = 95_000;
/** For how long an ill status is waited for. */
const SOON = { timeout: 60_000 };

/** Of a replay: half a minute into the fault. */
const REPLAYED_MOMENT = 186;

const LIGHT: Viewing = { widthPx: 1280, heightPx: 720, colours: 'light' };
const DARK: Viewing = { ...LIGHT, colours: 'dark' };
const PHONE: Viewing = { widthPx: 390, heightPx: 844, colours: 'dark' };

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly viewing: Viewing;
  /** Of a server that is ill; it is watched from the beginning. */
  readonly isWatched?: true;
}

const PICTURES: readonly Picture[] = [
  { name: 'house', path: '/', viewing: { ...LIGHT, heightPx: 740 } },
  { name: 'house-dark', path: '/', viewing: { ...DARK, heightPx: 740 } },
  { name: 'loss', path: '/racks/1/servers/2', viewing: { ...LIGHT, heightPx: 1340 }, isWatched: true },
  { name: 'stall', path: '/racks/0/servers/7?span=2', viewing: { ...DARK, heightPx: 1340 }, isWatched: true },
  { name: 'chaos', path: '/?chaos=1', viewing: { ...LIGHT, heightPx: 960 } },
  { name: 'events', path: '/events', viewing: { ...LIGHT, heightPx: 640 } },
  { name: 'mobile', path: '/', viewing: PHONE },
  { name: 'mobile-server', path: '/racks/1/servers/2', viewing: PHONE, isWatched: true },
];

/** What is broken, as `POST /api/v1/chaos/injections` takes it. */
const FAULTS = [
  { rack_ids: [1], server_ids: [2], inject: { loss: '20%' } },
  { rack_ids: [0], server_ids: [7], inject: { delay: '310ms' }, pulse: { every: '5s', for: '350ms' } },
  // Most of a rack at once is a fault of the rack.
  { rack_ids: [2], server_ids: [0, 1, 2, 3, 4], inject: { delay: '50ms' } },
  { rack_ids: [3], server_ids: [1], inject: { loss: '60%' } },
];

async function main(): Promise<void> {
  const ends: (() => Promise<unknown>)[] = [];
  try {
    await mkdir(IMAGES, { recursive: true });
    const dashboard = await startDashboard({ after: (end) => ends.push(end) }, []);
    const open = (picture: Picture) => openPage(dashboard, picture);
    const watched = new Map<Picture, Page>();
    // oxlint-disable no-await-in-loop -- one after the other, so that none waits for the processor
    for (const picture of PICTURES) if (picture.isWatched) watched.set(picture, await open(picture));
    await pause(CLEAN_MS);
    for (const fault of FAULTS) await inject(dashboard, fault);
    await pause(BROKEN_MS);
    for (const picture of PICTURES) await take(picture, watched.get(picture) ?? (await open(picture)));
    // oxlint-enable no-await-in-loop
    await takeReplay(dashboard.browser, dashboard.address);
    if (dashboard.browser.complaints.length > 0) throw new Error(dashboard.browser.complaints.join('\n'));
  } finally {
    // oxlint-disable-next-line no-await-in-loop -- what was started last ends first
    for (const end of ends.toReversed()) await end();
  }
}

async function openPage({ browser, address, token }: RunningDashboard, { path, viewing }: Picture): Promise<Page> {
  const page = await browser.open(`${address}${path}#token=${token}`, viewing);
  await live(page);
  return page;
}

async function inject({ address, token }: RunningDashboard, fault: (typeof FAULTS)[number]): Promise<void> {
  const response = await fetch(`${address}/api/v1/chaos/injections`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...fault, duration: '10m' }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
}

/** A capsule of a server that stalls every 5 s, simulated, at its end; any controller's page will do. */
export async function takeReplay(browser: TestBrowser, address: string): Promise<void> {
  const picture: Picture = {
    name: 'replay',
    path: '/incidents',
    viewing: { ...LIGHT, heightPx: 1050 },
    isWatched: true,
  };
  const page = await browser.open(address + picture.path, picture.viewing);
  const buffer = Buffer.from(stallingCapsule().text);
  const file = { name: 'capsule.ndjson', mimeType: 'application/x-ndjson', buffer };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('slider').fill(String(REPLAYED_MOMENT));
  await take(picture, page);
}

async function take({ name, isWatched }: Picture, page: Page): Promise<void> {
  if (isWatched) await page.locator('.verdict:is([data-status="warning"], [data-status="critical"])').waitFor(SOON);
  else await page.waitForLoadState('networkidle');
  // What was decided is drawn with the next frames of the screen.
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  const path = `${IMAGES}dashboard-${name}.png`;
  await page.screenshot({ path });
  const { size } = await stat(path);
  process.stdout.write(`docs/images/dashboard-${name}.png  ${Math.ceil(size / 1024)} KiB\n`);
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes; at most ${MOST_BYTES} are allowed.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
