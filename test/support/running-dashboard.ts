import type { Page } from 'playwright-core';
import { buildWeb } from '../../scripts/web/build-page.ts';
import { isStale } from '../../scripts/web/is-stale.ts';
import { browserLacks, startBrowser, type TestBrowser, type Viewing } from './browser.ts';
import { type Ending, startLab, type RunningLab } from './running-lab.ts';
import { waitUntil } from './wait-until.ts';

const lacks = browserLacks();

/** For tests that need a browser: skipped where there is none, unless in CI, where no test may skip. */
export const NEEDS_BROWSER = { skip: process.env.CI || lacks === null ? false : lacks };

/** A lab, its page as the sources have it, and a browser to look at it. */
export class RunningDashboard {
  readonly lab: RunningLab;
  readonly browser: TestBrowser;
  readonly address: string;
  /** What the chaos panel asks for. */
  readonly token: string;

  constructor(parts: { lab: RunningLab; browser: TestBrowser; token: string }) {
    this.lab = parts.lab;
    this.browser = parts.browser;
    this.address = `http://127.0.0.1:${parts.lab.basePort + 1}`;
    this.token = parts.token;
  }

  /** Opens a path in a window of its own and waits until the page is live. */
  async open(path: string, viewing?: Viewing): Promise<Page> {
    const page = await this.browser.open(this.address + path, viewing);
    await live(page);
    return page;
  }
}

/** Builds the page where it is stale, and starts a lab and a browser. They end with the test. */
export async function startDashboard(context: Ending, flags: readonly string[]): Promise<RunningDashboard> {
  if (isStale()) await buildWeb();
  const browser = await startBrowser(context);
  const lab = await startLab(context, flags);
  const { token } = await lab.file();
  await lab.untilHealthy(0.1);
  return new RunningDashboard({ lab, browser, token });
}

/** Resolves once the page has its data from the controller. */
export async function live(page: Page): Promise<void> {
  await page.locator('.chip[data-kind="live"] time').waitFor();
}

/** The cell of a server in the house view; with a status only once it has that. */
export function cell(page: Page, rackId: number, serverId: number, status?: string) {
  const ofStatus = status === undefined ? '' : `[data-status="${status}"]`;
  return page.locator(`.cell[data-at="${rackId}/${serverId}"]${ofStatus}`);
}

/** What the shape of a cell's mark is made of: two marks that differ in it differ without their colour. */
export async function shapeOfMark(page: Page, rackId: number, serverId: number): Promise<string> {
  const style = `getComputedStyle(document.querySelector('[data-at="${rackId}/${serverId}"]'), '::before')`;
  return page.evaluate<string>(
    `(({ clipPath, borderRadius, width }) => [clipPath, borderRadius, width].join())(${style})`,
  );
}

/** The noise floor that the server view tells those who do not see the spectrum, dB. */
export async function noiseFloorDb(page: Page): Promise<number> {
  return waitUntil('the spectrum says its noise floor', async () => {
    const label = await page.getByRole('img', { name: /^Spectrum: a tone/ }).getAttribute('aria-label');
    const [, text] = /noise floor at (\S+)\s?dB/u.exec(label ?? '') ?? [];
    const floor = Number(text?.replace('−', '-'));
    return Number.isFinite(floor) ? { floor } : null;
  }).then(({ floor }) => floor);
}
