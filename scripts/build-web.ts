import { parseArgs } from 'node:util';
import { isStale } from './web/is-stale.ts';

// Makes dist/web/, the dashboard that a datacenter controller serves.
//
//   node scripts/build-web.ts                 builds it
//   node scripts/build-web.ts --if-stale      only if a source is newer than it
//   node scripts/build-web.ts --dev           serves the sources on http://localhost:5173, and shows what is changed at
//                                             once; API and socket are those of a controller, --controller ADDRESS
const { values } = parseArgs({
  options: {
    'if-stale': { type: 'boolean', default: false },
    dev: { type: 'boolean', default: false },
    controller: { type: 'string', default: 'http://127.0.0.1:8080' },
  },
});

// Vite is loaded only where there is something to do: `npm start` asks each time.
if (values.dev) {
  const { servePage } = await import('./web/serve-page.ts');
  await servePage(values.controller);
} else if (!values['if-stale'] || isStale()) {
  const { buildWeb } = await import('./web/build-page.ts');
  await buildWeb();
}
