import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { viteOptions, webOutput, webSources } from './vite-options.ts';

/** What the page may take on the way to a browser, compressed: HTML, scripts and styles. The docs page is not it. */
const MOST_BYTES = 150 * 1024;

/** The browsable page of the API brings these along. */
const DOCS_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt', 'LICENSE', 'NOTICE'];

/**
 * Builds the page into dist/web/ and says how large it is.
 * @throws when it is larger than it may be
 */
export async function buildWeb(): Promise<void> {
  await build(viteOptions);
  copyDocs();
  const bytes = compressedBytes();
  console.log(`The page: ${(bytes / 1024).toFixed(1)} KiB compressed, of ${MOST_BYTES / 1024} that it may take.`);
  if (bytes > MOST_BYTES)
    throw new Error(`The page takes ${bytes} bytes compressed; at most ${MOST_BYTES} are allowed.`);
}

/** Swagger UI, beside what src/web/docs/ has: the page that loads it. */
function copyDocs(): void {
  const docs = `${webOutput}docs/`;
  mkdirSync(docs, { recursive: true });
  const swagger = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));
  for (const name of DOCS_FILES) copyFileSync(`${swagger}/${name}`, `${docs}${name}`);
  if (existsSync(`${webSources}docs`)) cpSync(`${webSources}docs`, docs, { recursive: true });
}

function compressedBytes(): number {
  const assets = `${webOutput}assets/`;
  const files = [`${webOutput}index.html`, ...readdirSync(assets).map((name) => assets + name)];
  return files
    .filter((file) => statSync(file).isFile())
    .reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
}
