// Runs after `npm ci` in a checkout, on whatever Node is there. The optional packages that bring Node 24 all offer the
// same command, and some releases of npm remove its link along with the packages of other platforms: put it back.

import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const packages = ['linux-x64', 'linux-arm64', 'darwin-x64', 'bin-darwin-arm64', 'win-x64'].map(
  (name) => `node-${name}`,
);
const installed = packages.find((name) => existsSync(`${modules}${name}`));

if (installed?.startsWith('node-win')) {
  const link = `${modules}.bin/node.cmd`;
  mkdirSync(`${modules}.bin`, { recursive: true });
  if (!existsSync(link)) writeFileSync(link, `@"%~dp0\\..\\${installed}\\bin\\node.exe" %*\r\n`);
} else if (installed && !existsSync(`${modules}.bin/node`)) {
  mkdirSync(`${modules}.bin`, { recursive: true });
  symlinkSync(`../${installed}/bin/node`, `${modules}.bin/node`);
}
