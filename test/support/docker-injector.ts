/**
 * An injector to be killed: injects on every server of a Docker daemon, says so, and lives on.
 * Arguments: where the daemon is, and the injection as JSON.
 */
import { createDockerTarget } from '../../src/chaos/targets/docker.ts';
import { injectAll } from '../../src/chaos/inject.ts';
import type { Injection } from '../../src/wire/injection.ts';

const [, , dockerHost, injection = ''] = process.argv;
const { signal } = new AbortController();
const target = createDockerTarget({ dockerHost, helperImage: 'netwatch-chaos', composeProject: null });
const servers = await target.list(signal);
await injectAll({ target, injection: JSON.parse(injection) as Injection, servers, signal });
process.stdout.write('injected\n');
setInterval(() => {}, 1_000);
