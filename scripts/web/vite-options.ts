import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';

/** The sources of the page, and where it is built to. */
export const webSources = fileURLToPath(new URL('../../src/web/', import.meta.url));
export const webOutput = fileURLToPath(new URL('../../dist/web/', import.meta.url));

/** How Vite builds the page. Nothing is loaded from elsewhere: it works offline. */
export const viteOptions: InlineConfig = {
  configFile: false,
  root: webSources,
  publicDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: webOutput,
    emptyOutDir: true,
    target: 'es2023',
    // Small files are files as well: a `data:` address is what the content security policy refuses for scripts.
    assetsInlineLimit: 0,
    sourcemap: false,
    reportCompressedSize: false,
  },
};
