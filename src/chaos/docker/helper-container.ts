import type { ContainerCreateOptions } from 'dockerode';
import { describeInjection } from '../describe-injection.ts';
import { holderScript, sweepScript } from '../holder/holder-script.ts';
import type { Injection } from '../../wire/injection.ts';
import type { DockerServer } from './docker-servers.ts';
import { shortEndpoint } from './endpoints.ts';
import { LABEL, type Labels } from './labels.ts';

/** Longer than a holder lets what waits leave, on a machine that is busy. */
export const STOP_SECONDS = 30;

const MEMORY_BYTES = 64 * 1024 * 1024;
const MAX_PROCESSES = 32;

/** Whose network a helper joins, and as what. */
export interface HelperTarget {
  readonly containerId: string;
  readonly containerName: string;
  readonly rackId: number;
  readonly serverId: number;
  readonly project: string;
}

/** One for each target: of two that want it at a time, Docker lets one in. */
export function holderName({ containerName }: Pick<HelperTarget, 'containerName'>): string {
  return `netwatch-chaos-${containerName}`;
}

/** The helper that holds an injection. */
export function holderContainer(image: string, injection: Injection, server: DockerServer): ContainerCreateOptions {
  return {
    ...helperContainer(image, server, holderScript({ injection, server, devices: null })),
    name: holderName(server),
    Labels: {
      ...targetLabels(server, 'holder'),
      [LABEL.id]: injection.id,
      [LABEL.targetEndpoints]: server.endpointIds.map(shortEndpoint).join(','),
      [LABEL.description]: describeInjection(injection),
      [LABEL.durationSeconds]: String(injection.durationSeconds ?? 'forever'),
      [LABEL.seed]: String(injection.seed ?? 'none'),
    },
  };
}

/** The helper that removes what is ours, and ends. @param name null: any */
export function sweepContainer(image: string, target: HelperTarget, name: string | null): ContainerCreateOptions {
  return {
    ...helperContainer(image, target, sweepScript({ devices: null })),
    ...(name === null ? {} : { name }),
    Labels: targetLabels(target, 'sweep'),
  };
}

/** The same as a command line, for people. */
export function dockerRunText(options: ContainerCreateOptions, targetName: string): string {
  const ofThisMoment = new Set<string>([LABEL.targetId, LABEL.targetEndpoints]);
  const labels = Object.entries(options.Labels ?? {}).filter(([key]) => !ofThisMoment.has(key));
  return [
    `docker run --detach --name ${options.name ?? ''} --network container:${targetName} --init`,
    '--cap-drop ALL --cap-add NET_ADMIN --read-only --security-opt no-new-privileges --user 0',
    `--memory ${MEMORY_BYTES} --pids-limit ${MAX_PROCESSES} --stop-signal SIGTERM --stop-timeout ${STOP_SECONDS}`,
    '--restart no --log-driver json-file --log-opt max-size=1m --log-opt max-file=1',
    ...labels.map(([key, value]) => `--label ${quoted(`${key}=${value}`)}`),
    `--entrypoint sh ${options.Image ?? ''} -c "$HOLDER"`,
  ].join(' ');
}

function helperContainer(image: string, target: HelperTarget, script: string): ContainerCreateOptions {
  return {
    Image: image,
    Entrypoint: ['sh'],
    Cmd: ['-c', script],
    // Whatever the image says: tc is root's.
    User: '0',
    StopSignal: 'SIGTERM',
    StopTimeout: STOP_SECONDS,
    HostConfig: {
      NetworkMode: `container:${target.containerId}`,
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      Memory: MEMORY_BYTES,
      PidsLimit: MAX_PROCESSES,
      Init: true,
      // It is the evidence of what was done, until the undo is certain.
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      // Its log says why something failed; other drivers cannot be read.
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
    },
  };
}

function targetLabels(target: HelperTarget, kind: 'holder' | 'sweep'): Labels {
  return {
    [LABEL.helper]: kind,
    [LABEL.targetId]: target.containerId,
    [LABEL.targetName]: target.containerName,
    [LABEL.targetRack]: String(target.rackId),
    [LABEL.targetServer]: String(target.serverId),
    [LABEL.targetProject]: target.project,
  };
}

function quoted(text: string): string {
  return /^[\w.=:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
