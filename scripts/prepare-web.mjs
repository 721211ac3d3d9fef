// Runs after `npm ci` in a checkout: builds the dashboard, so that the lab shows it at once. Where its sources or its
// tools are not there, as in an image's layer of packages or after `npm ci --omit=dev`, there is nothing to build.

import { existsSync } from 'node:fs';

const isThere = (path) => existsSync(new URL(path, import.meta.url));

if (isThere('../src/web/index.html') && isThere('../node_modules/vite') && isThere('build-web.ts')) {
  await import('./build-web.ts');
}
