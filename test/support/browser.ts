import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Ending } from './running-lab.ts';

/** Where Debian and others put it; CHROMIUM names another one. */
const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** No sandbox, because tests run as root; no GPU; nothing goes out by itself. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Far beyond what anything here takes: a slow machine is no failure. */
const DEADLINE_MS = 60_000;

/** How a page is looked at. */
export interface Viewing {
  readonly widthPx: number;
  readonly heightPx?: number;
  readonly colours: 'light' | 'dark';
}

export const DESKTOP: Viewing = { widthPx: 1280, heightPx: 800, colours: 'light' };
export const PHONE: Viewing = { widthPx: 390, heightPx: 844, colours: 'light' };

/** What a machine lacks to run a browser; null when it has one. */
export function browserLacks(): string | null {
  return executable() === null ? 'Chromium is not installed (Debian: chromium)' : null;
}

/** A browser with a fresh profile, which ends with the test, and what it had to complain about. */
export class TestBrowser {
  /** Errors of the console and exceptions of the pages, with their addresses. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** A page in a window of its own: nothing is shared with another one. */
  async open(address: string, viewing: Viewing = DESKTOP): Promise<Page> {
    const context = await this.window(viewing);
    const page = await context.newPage();
    await page.goto(address, { waitUntil: 'load' });
    return page;
  }

  /** A window whose pages share what is kept for a site. */
  async window({ widthPx, heightPx = 800, colours }: Viewing): Promise<BrowserContext> {
    const context = await this.#browser.newContext({
      viewport: { width: widthPx, height: heightPx },
      colorScheme: colours,
      reducedMotion: 'reduce',
      // What the page forbids itself has to hold in tests, too.
      bypassCSP: false,
    });
    context.setDefaultTimeout(DEADLINE_MS);
    context.on('page', (page) => this.#listen(page));
    return context;
  }

  /** The complaints that no pattern foresees. */
  unforeseen(...patterns: readonly RegExp[]): readonly string[] {
    return this.complaints.filter((complaint) => !patterns.some((pattern) => pattern.test(complaint)));
  }

  #listen(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error')
        this.complaints.push(`${page.url()}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error.stack ?? error.message}`));
  }
}

/** Starts a browser that ends with the test. @throws Error when the machine has none */
export async function startBrowser(context: Ending): Promise<TestBrowser> {
  const browser = await launchBrowser();
  context.after(() => browser.close());
  return new TestBrowser(browser);
}

/** A browser that whoever calls closes. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = executable();
  if (executablePath === null) throw new Error(`${browserLacks()}, and nothing here can be seen without one`);
  // Without a profile that is named, one is made in the folder for temporary files and removed at the end.
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}

function executable(): string | null {
  const named = process.env.CHROMIUM;
  return [...(named === undefined ? [] : [named]), ...EXECUTABLES].find((path) => existsSync(path)) ?? null;
}
