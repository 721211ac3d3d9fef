import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startAgent, type Agent } from '../../src/agent/start-agent.ts';
import { agentSpec, type AgentConfig } from '../../src/config/agent.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Sample } from '../../src/core/sample.ts';
import { createWallClock } from '../../src/io/clock.ts';
import { createLog } from '../../src/io/log.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import type { Injection } from '../../src/wire/injection.ts';

export const CONTROL_TOKEN = 'f'.repeat(64);
const RATE_HZ = 100;
const defaults = loadConfig(agentSpec, { flags: {}, env: {}, file: undefined });

export interface Heard {
  readonly sample: Sample;
  /** On the clock that the send times are of. */
  readonly arrivedSeconds: number;
}

/** An agent of servers 0 and 1 of rack 3 that is controlled, and what its rack hears. */
export interface Controlled {
  readonly agent: Agent;
  readonly rackPort: number;
  /** Samples of a server so far. */
  readonly heard: (serverId: number) => readonly Heard[];
  /** Datagrams that are none of this project. */
  readonly garbled: () => number;
  readonly request: (method: string, path: string, options?: RequestOptions) => Promise<Response>;
  /** Asks to hold an injection on some servers. */
  readonly put: (injection: Injection, servers?: string) => Promise<Response>;
}

export interface RequestOptions {
  readonly body?: string;
  readonly token?: string | null;
  readonly mediaType?: string;
}

/** Starts such an agent. It ends with the test. */
export async function startControlled(context: TestContext, changes: Partial<AgentConfig> = {}): Promise<Controlled> {
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-control-'));
  context.after(() => rm(folder, { recursive: true }));
  const controlTokenFile = join(folder, 'token');
  await writeFile(controlTokenFile, `${CONTROL_TOKEN}\n`, { mode: 0o600 });
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  context.after(() => socket.close());
  const rackPort = socket.address().port;
  const clock = createWallClock();
  const heard: Heard[] = [];
  let garbled = 0;
  listen(socket, (bytes) => {
    const decoded = decodeDatagram(bytes, { key: null });
    if (decoded.kind === 'sample') heard.push({ sample: decoded.sample, arrivedSeconds: clock.nowSeconds() });
    if (decoded.kind === 'rejected') garbled++;
  });
  const agent = await startAgent({
    config: {
      ...defaults,
      rackId: 3,
      serverIds: [0, 1],
      sampleRateHz: RATE_HZ,
      metricsPort: 0,
      rackControllerPort: rackPort,
      controlPort: 0,
      controlTokenFile,
      ...changes,
    },
    clock,
    log: createLog({ role: 'agent', level: 'silent' }),
    version: '1.2.3',
    random: Math.random,
  });
  context.after(() => agent.close());
  const request: Controlled['request'] = (
    method,
    path,
    { body, token = CONTROL_TOKEN, mediaType = 'application/json' } = {},
  ) =>
    fetch(`http://127.0.0.1:${agent.controlPort}${path}`, {
      method,
      ...(body !== undefined && { body }),
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': mediaType }),
      },
    });
  return {
    agent,
    rackPort,
    heard: (serverId) => heard.filter(({ sample }) => sample.serverId === serverId),
    garbled: () => garbled,
    request,
    put: (injection, servers) => {
      const query = servers === undefined ? '' : `?servers=${servers}`;
      return request('PUT', `/v1/injections/${injection.id}${query}`, { body: JSON.stringify(injection) });
    },
  };
}

function listen(socket: Socket, onBytes: (bytes: Buffer) => void): void {
  socket.on('message', onBytes);
}
