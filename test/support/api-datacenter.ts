import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ChaosControl, ControlOutcome } from '../../src/datacenter/chaos-control.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { encodeFrame } from '../../src/wire/frame-line.ts';
import { encodeIncidentAnswer } from '../../src/wire/incident-answer.ts';
import { encodeIncident } from '../../src/wire/incident-line.ts';
import { parseIncidentRequest, type IncidentRequest } from '../../src/wire/incident-request.ts';
import { parseWatchRequest } from '../../src/wire/watch-request.ts';
import { injectionId, noticeOf } from './chaos-notices.ts';
import { connectClient, runDatacenter, type ReportClient } from './datacenter-client.ts';
import { rackFaultOf, reportOf, serversOf } from './datacenter-reports.ts';
import { LOSSY } from './health-trees.ts';
import { INCIDENT } from './incidents.ts';
import { frameOf } from './stream-frames.ts';

export const API_TOKEN = 'the-token-of-those-who-read-the-api';
export const CONTROL_TOKEN = 'the-token-of-those-who-control-chaos';

/** What a request shows and carries besides its target. */
export interface Asked {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a lab says to the next thing it is asked to do; null: it does it. */
export interface LabMood {
  refuses: Extract<ControlOutcome<unknown>, { kind: 'refused' }> | null;
}

/**
 * A datacenter with both tokens and a lab that does as it is told, to which rack 0 has reported that its servers lose
 * packets.
 */
export async function runApiDatacenter(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-test-api-'));
  context.after(() => rm(folder, { recursive: true }));
  const tokens = { api: join(folder, 'api'), control: join(folder, 'control') };
  await Promise.all([writeFile(tokens.api, API_TOKEN), writeFile(tokens.control, CONTROL_TOKEN)]);
  const mood: LabMood = { refuses: null };
  const { datacenter, get } = await runDatacenter(
    context,
    { numRacks: 2, apiTokenFile: tokens.api, controlTokenFile: tokens.control },
    { chaosControl: labOf(mood) },
  );
  const rack = await connectClient(context, datacenter.reportPort);
  for (const sequence of [1, 2]) {
    // The rack's first fault ends, another begins.
    const faults = [rackFaultOf(sequence === 1 ? 'jitter' : 'delay-shift', [0, 1])];
    const timestamp = 1_700_000_000 + sequence;
    // Of its capsules it tells with the second, so that the first answers are acknowledgements only.
    const told = sequence === 1 ? {} : { incident_revision: 1 };
    rack.send(reportOf(0, { sequence, timestamp, faults, servers: serversOf(0, 2, LOSSY), ...told }));
    // oxlint-disable-next-line no-await-in-loop -- one report after the other
    if (sequence === 1) await rack.answer();
  }
  void answerRequests(rack);
  const ask = (method: string, path: string, { token = API_TOKEN, body, headers = {} }: Asked = {}) =>
    fetch(`http://127.0.0.1:${datacenter.apiPort}${path}`, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return { datacenter, get, ask, mood };
}

/** The head of the one capsule of rack 0 that it can still give. */
export const CAPSULE = { ...INCIDENT, rack_id: 0 };
/** It is on the list of rack 0, and gone. */
export const GONE_CAPSULE = { ...CAPSULE, incident_id: '20270115T070000.250Z-r0-s3-loss', detected: 1_799_996_400.25 };
const CAPSULE_TEXT = `${encodeIncident(CAPSULE)}\n`;

/** As a rack does: its capsules, and a frame of each server that is watched. Server 1 has given too few samples. */
async function answerRequests(rack: ReportClient): Promise<void> {
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- line by line
      const line = JSON.stringify(await rack.answer());
      const asked = parseIncidentRequest(line);
      if (asked !== null) rack.socket.write(`${answerOf(asked)}\n`);
      const request = parseWatchRequest(line);
      for (const serverId of request?.server_ids ?? []) {
        const nothing = serverId === 1 ? { spectrum: null, window: null } : {};
        rack.socket.write(`${encodeFrame(frameOf(0, serverId, nothing))}\n`);
      }
    }
  } catch {
    // The datacenter is closed.
  }
}

function answerOf({ rack_id, request_id, incident_id: id, offset }: IncidentRequest): string {
  const size = { bytes: CAPSULE_TEXT.length, is_complete: true };
  if (id === null) {
    const incidents = [GONE_CAPSULE, CAPSULE].map((incident) => ({ ...incident, ...size }));
    return encodeIncidentAnswer({ type: 'incidents', rack_id, revision: 1, incidents });
  }
  const isThere = id === CAPSULE.incident_id;
  const total_bytes = isThere ? CAPSULE_TEXT.length : null;
  // In two parts.
  const text = isThere ? CAPSULE_TEXT.slice(offset, offset + 200) : '';
  const data = Buffer.from(text).toString('base64');
  return encodeIncidentAnswer({ type: 'incident-part', rack_id, request_id, offset, total_bytes, data });
}

function labOf(mood: LabMood): ChaosControl {
  let injected: ChaosNotice[] = [];
  let total = 0;
  const unlessRefused = <T>(value: () => T): Promise<ControlOutcome<T>> =>
    Promise.resolve(mood.refuses ?? { kind: 'done', value: value() });
  return {
    target: 'lab',
    status: () => Promise.resolve({ available: true, reason: null }),
    inject: () =>
      unlessRefused(() => {
        const now = Date.now() / 1000;
        const notice = noticeOf({ id: injectionId(++total), began_at: now, until: now + 60 });
        injected = [...injected, notice];
        return notice;
      }),
    clear: (id) =>
      unlessRefused(() => {
        const cleared = injected.filter((notice) => id === null || notice.id === id).map((notice) => notice.id);
        injected = injected.filter((notice) => !cleared.includes(notice.id));
        return cleared;
      }),
    compare: () => Promise.resolve({ endedIds: [], narrowed: [] }),
  };
}
