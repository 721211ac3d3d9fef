import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Fault, FaultKind } from '../../src/core/verdict.ts';
import type { Break, Servers } from './detection-breaker.ts';
import type { BrokenLink } from './detection-links.ts';
import { type FaultWatch, type Look, placeOf, seriousFaults } from './detection-watch.ts';
import type { RunningLab } from './running-lab.ts';
import { waitUntil } from './wait-until.ts';

const RACK_HTTP = 200;
const LATE_RACK_SECONDS = 60;
/** Far beyond what anything here takes: a slow machine is no failure. */
const DEADLINE_MS = 180_000;
/** The delay that servers of one rack are given together, and the least of it that is to be told. */
const SHARED_DELAY = '5ms';
const LEAST_SHARED_SECONDS = 0.002;
/** More than this share of all that is broken is told by its name, however late a rack is. */
const LEAST_TOLD_SHARE = 0.75;

/** Something that is broken, and what is to be told of it. */
export interface Broken {
  readonly what: string;
  readonly kind: FaultKind;
  /** `rack/server`. */
  readonly at: string;
  /** When it broke, Unix seconds. */
  readonly beganSeconds: number;
  /** How far the beginning that is told may lie from that, seconds. */
  readonly onsetSeconds: number;
  readonly parameter?: readonly [name: string, value: number, tolerance: number];
  /** What is measured of it is of so many seconds: its size is held to this once they were heard. 0 when not said. */
  readonly measuredSeconds?: number;
  /** Told no longer than so many seconds after it was mended; null: as long as that takes, which is not waited for. */
  readonly endSeconds: number | null;
  readonly mend: () => Promise<void>;
}

/** Makes each link what it usually is. */
export async function settle(links: ReadonlyMap<string, BrokenLink>, breakServers: Break): Promise<void> {
  for (const [at, { usual }] of links) {
    const [rackId, serverId] = placeOf(at);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (usual !== undefined) await breakServers({ rackId, serverIds: [serverId] }, { inject: usual });
  }
}

/** Breaks each link. Mended, each is what it was before. */
export async function breakAll(links: ReadonlyMap<string, BrokenLink>, breakServers: Break): Promise<Broken[]> {
  const broken: Broken[] = [];
  for (const [at, link] of links) {
    const [rackId, serverId] = placeOf(at);
    const servers = { rackId, serverIds: [serverId] };
    const { inject, pulse, usual } = link;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { beganSeconds, clear } = await breakServers(servers, { inject, ...(pulse && { pulse }) });
    const mend = async () => (usual === undefined ? clear() : void (await breakServers(servers, { inject: usual })));
    broken.push({ ...link, at, beganSeconds, mend });
  }
  return broken;
}

/** Delays servers of one rack at once: a fault of the rack, which each of them has. To mend the first mends all. */
export async function breakTogether(servers: Servers, breakServers: Break): Promise<Broken[]> {
  const { beganSeconds, clear } = await breakServers(servers, { inject: { delay: SHARED_DELAY } });
  return servers.serverIds.map((serverId, n) => ({
    what: `${servers.serverIds.length} servers together`,
    kind: 'rack-wide',
    at: `${servers.rackId}/${serverId}`,
    beganSeconds,
    onsetSeconds: 2,
    endSeconds: 20,
    mend: n === 0 ? clear : async () => {},
  }));
}

/** What these servers have together is told as one fault of their rack. */
export function assertOneFault(watch: FaultWatch, { rackId, serverIds }: Servers): void {
  const fault = watch.rackFaults(rackId).find(({ kind }) => kind === 'delay-shift');
  assert.deepEqual(fault?.server_ids, serverIds);
  assert.ok((fault.parameters.shift_seconds ?? 0) > LEAST_SHARED_SECONDS, JSON.stringify(fault));
}

/** Most of what is broken was told, once at least, by its name and nothing else: no excuse may be used for all of it. */
export function assertMostTold(watch: FaultWatch, broken: readonly Broken[]): void {
  const told = broken.filter(({ at, kind, beganSeconds }) => watch.naming(at, kind, beganSeconds).share > 0);
  assert.ok(
    told.length > LEAST_TOLD_SHARE * broken.length,
    `${told.length} of ${broken.length} were told, however late the racks were`,
  );
}

/** Resolves once each stream of these racks is so many samples long. */
export async function untilHeard(lab: RunningLab, racks: number, samples: number): Promise<void> {
  await waitUntil(
    `${samples} samples of each server came`,
    async () => {
      const texts = Array.from({ length: racks }, async (_, rack) => lab.exposition(RACK_HTTP + rack));
      const counts = (await Promise.all(texts)).flatMap((text) =>
        [...text.matchAll(/^netwatch_packets_received_total\{[^}]*\} (\d+)/gm)].map(([, count]) => Number(count)),
      );
      return counts.length > 0 && counts.every((count) => count >= samples);
    },
    3 * DEADLINE_MS,
  );
}

/** Resolves once none of these servers has a fault, but for what the lateness of its rack explains. */
export async function untilQuiet(watch: FaultWatch, servers: readonly string[]): Promise<void> {
  const isQuiet = (at: string): boolean => {
    const [now] = watch.looks(at);
    return now !== undefined && seriousFaults(now, null).length === 0;
  };
  await waitUntil('no server has a fault', () => servers.every(isQuiet), 3 * DEADLINE_MS);
}

/**
 * The fault is told alone, by its name, with its beginning and its size; says how soon. Where it is not told, and the
 * rack was late itself for most of the time, it says that instead: a machine with no time to listen hears little.
 */
export async function assertTold(context: TestContext, watch: FaultWatch, broken: Broken): Promise<void> {
  const { kind, at, beganSeconds, onsetSeconds, parameter, measuredSeconds = 0 } = broken;
  const named = await watch
    .untilNamed(at, kind, { seconds: beganSeconds, deadlineMs: DEADLINE_MS })
    .catch((error: unknown) => excuse(context, watch, { at, since: beganSeconds, error }));
  if (named === undefined) return;
  const { first, last } = named;
  const { firstSeconds, firstKinds, rightSeconds } = watch.naming(at, kind, beganSeconds);
  const offSeconds = first.fault.since - beganSeconds;
  context.diagnostic(
    `${kind} after ${(rightSeconds - beganSeconds).toFixed(2)} s (first ${firstKinds.join(', ')} after ` +
      `${(firstSeconds - beganSeconds).toFixed(2)} s), beginning off by ${offSeconds.toFixed(2)} s, ${sizeText(last.fault)}`,
  );
  // When, and how much, is known less well while the rack itself is late.
  const allowedSeconds = onsetSeconds + (first.isObserved ? LATE_RACK_SECONDS : 0);
  assert.ok(Math.abs(offSeconds) <= allowedSeconds, `it is said to have begun ${offSeconds} s after it did`);
  if (parameter === undefined) return;
  const measured = { seconds: beganSeconds + measuredSeconds, deadlineMs: DEADLINE_MS };
  const lasting =
    measuredSeconds === 0
      ? named
      : await watch
          .untilNamed(at, kind, measured)
          .catch((error: unknown) => excuse(context, watch, { at, since: beganSeconds, error }));
  if (lasting === undefined) return;
  const { fault, isObserved } = lasting.last;
  const [name, value, tolerance] = parameter;
  const told = fault.parameters[name] ?? Number.NaN;
  assert.ok(
    Math.abs(told - value) <= (isObserved ? 3 : 1) * tolerance,
    `${name} is said to be ${told}, and is ${value}`,
  );
}

/** The fault is gone in time, by the rack's own clock; says how soon, and what was told all the while. */
export async function assertOver(
  context: TestContext,
  watch: FaultWatch,
  { broken, mendedSeconds }: { broken: Broken; mendedSeconds: number },
): Promise<void> {
  const { at, kind, endSeconds, beganSeconds } = broken;
  if (endSeconds === null) return;
  const isOver = (): boolean => {
    const [now] = watch.looks(at);
    return now !== undefined && now.seconds > mendedSeconds && isFree(now, kind);
  };
  try {
    await waitUntil(`server ${at} has no fault any more`, isOver, DEADLINE_MS);
  } catch (error) {
    excuse(context, watch, { at, since: mendedSeconds, error });
    return;
  }
  const last = watch
    .looks(at)
    .find(({ seconds, faults }) => seconds >= beganSeconds && faults.some((fault) => fault.kind === kind));
  if (last === undefined) {
    context.diagnostic('it was never told');
    return;
  }
  const tookSeconds = last.seconds - mendedSeconds;
  const { share } = watch.naming(at, kind, beganSeconds, mendedSeconds);
  const percent = (100 * share).toFixed(0);
  context.diagnostic(
    `told for ${tookSeconds.toFixed(1)} s more, ${percent} % of the time rightly: ${watch.storyOf(at)}`,
  );
  assert.ok(
    tookSeconds <= endSeconds + (last.isObserved ? LATE_RACK_SECONDS : 0),
    `${kind} was told for ${tookSeconds} s more`,
  );
}

/** Says what a rack that was late itself for most of the time has made of it. @throws the error when it was not late */
function excuse(
  context: TestContext,
  watch: FaultWatch,
  { at, since, error }: { readonly at: string; readonly since: number; readonly error: unknown },
): undefined {
  const looks = watch.looks(at).filter(({ seconds }) => seconds >= since);
  const late = looks.filter(({ isObserved }) => isObserved).length;
  if (late <= looks.length / 2) throw error;
  context.diagnostic(`not so, but the rack was late itself in ${late} of ${looks.length} looks: ${watch.storyOf(at)}`);
}

/** Neither this fault nor another, but for what the lateness of the rack explains. */
function isFree(look: Look, kind: FaultKind): boolean {
  return look.faults.every((fault) => fault.kind !== kind) && seriousFaults(look, null).length === 0;
}

function sizeText({ parameters }: Fault): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(', ');
}
