import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Makes dist/: what a package carries, plain JavaScript with declarations. Sources run without it.
const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(/package\.json$/, 'bin/tsc');

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '--project', `${root}tsconfig.build.json`], { stdio: 'inherit' });
chmodSync(`${root}dist/cli.js`, 0o755);
