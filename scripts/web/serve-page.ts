import { createServer } from 'vite';
import { viteOptions } from './vite-options.ts';

/** Serves the page from its sources until the process is ended. `controller`: whose API and socket it shows. */
export async function servePage(controller: string): Promise<void> {
  // The controller takes sockets and changes only from its own page: it sees itself as the origin.
  const proxy = { target: controller, changeOrigin: true, ws: true, headers: { origin: controller } };
  const server = await createServer({
    ...viteOptions,
    logLevel: 'info',
    server: { host: '127.0.0.1', proxy: { '/api': proxy, '/ws': proxy, '/docs': proxy } },
  });
  await server.listen();
  server.printUrls();
}
