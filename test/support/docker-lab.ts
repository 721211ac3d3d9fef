import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { chooseTarget, type Reach } from '../../src/chaos/choose-target.ts';
import type { DockerConnection } from '../../src/chaos/docker/connection.ts';
import { chaosSpec } from '../../src/config/chaos.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { DockerDouble } from './docker-double.ts';
import { tarOfFile } from './tar-of.ts';

/** Of the datacenter of `addLab`; the name of its project follows, after a hyphen. */
export const TOKEN = 'token-of-the-datacenter-0123456789abcdef';
/** Where it is in the container. */
export const TOKEN_PATH = '/run/netwatch/control/token';

/** Flags of the command. */
type Flags = Readonly<Record<string, string>>;

/** The configuration of `netwatch chaos --target docker`. */
export function configOf(flags: Flags) {
  return loadConfig(chaosSpec, { flags: { target: 'docker', ...flags }, env: {}, file: undefined });
}

/** Finds the target as the command does. */
export async function reachOf(
  context: TestContext,
  docker: DockerConnection,
  flags: Flags = {},
  signal = new AbortController().signal,
): Promise<Reach> {
  const reach = await chooseTarget({
    config: configOf({ all: 'true', loss: '20', ...flags }),
    labDirectory: '/nonexistent',
    docker,
    kubeconfig: undefined,
    signal,
    onProblem: (text) => assert.fail(text),
  });
  context.after(() => reach.target.close());
  return reach;
}

/** A lab in containers: a server, and a datacenter that has its token and its port. */
export function addLab(double: DockerDouble, project = 'lab', ports = ['127.0.0.1:18080->8080/tcp', '8000/tcp']) {
  const labels = { 'com.docker.compose.project': project };
  const files = new Map([[TOKEN_PATH, tarOfFile(`${TOKEN}-${project}\n`)]]);
  double.addServer(0, 1, { name: `${project}_server`, labels });
  return double.addDatacenter(`${project}_datacenter_1`, { labels, files, ports });
}

/** Who would be told, and where. */
export async function known(context: TestContext, daemon: DockerDouble | DockerConnection, flags: Flags = {}) {
  const docker = 'host' in daemon ? { dockerHost: daemon.host } : daemon;
  const { apiUrl, token, untoldReason } = await reachOf(context, docker, flags);
  return { apiUrl, token, untoldReason };
}

/** What is known of a datacenter that is not told. */
export function untoldOf(untoldReason: string, apiUrl = 'http://127.0.0.1:8080') {
  return { apiUrl, token: null, untoldReason };
}
