import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dashboardPage } from '../../src/lab/dashboard-page.ts';
import { openDashboard, type PageOpener } from '../../src/lab/open-dashboard.ts';

const DASHBOARD = 'http://127.0.0.1:8080/';

/** Opens it, and gives what was said. */
async function linesOf(opener: PageOpener, writePage = () => Promise.resolve('/run/lab-7.html')): Promise<string[]> {
  const lines: string[] = [];
  const writeLine = (line: string): void => void lines.push(line);
  await openDashboard({ writePage, dashboardUrl: DASHBOARD, tokenFile: '/run/lab-7.token', opener, writeLine });
  return lines;
}

test('the page leads to the dashboard with the token where no server sees it', () => {
  const html = dashboardPage(DASHBOARD, 'a&"b');
  assert.match(html, /http-equiv="refresh" content="0; url=http:\/\/127\.0\.0\.1:8080\/#token=a%26%22b"/);
  assert.match(html, /name="referrer" content="no-referrer"/);
});

test('the path of the page is opened, and nothing is said when that works', async () => {
  const opened: string[] = [];
  const lines = await linesOf((path) => {
    opened.push(path);
    return Promise.resolve();
  });
  assert.deepEqual([opened, lines], [['/run/lab-7.html'], []]);
});

test('what keeps it from being opened is one line with the address', async () => {
  const failing: [PageOpener, string][] = [
    [() => Promise.reject(new Error('spawn xdg-open ENOENT\nat …')), 'spawn xdg-open ENOENT'],
    [(_, onFailure) => Promise.resolve(onFailure('exit code 3')), 'exit code 3'],
  ];
  for (const [opener, why] of failing) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    assert.deepEqual(await linesOf(opener), [
      `the dashboard could not be opened (${why}): open http://127.0.0.1:8080/ in a browser; ` +
        'its chaos panel asks for the token in /run/lab-7.token',
    ]);
  }
  const full = () => Promise.reject(new Error('no space left'));
  assert.match(
    (await linesOf(() => Promise.resolve(), full)).join(),
    /^the dashboard could not be opened \(no space left\)/,
  );
});
