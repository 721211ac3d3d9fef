import type { DatacenterHealth, Fault, FaultKind, RackHealth, Verdict } from '../core/verdict.ts';
import { durationText } from '../terminal/number-text.ts';
import { serverText } from '../terminal/server-label.ts';
import { faultPhrase, rackFaultPhrase } from '../words/fault-words.ts';

/** A link that flaps on hundreds of servers must not fill a log. */
const LINES_A_MINUTE = 60;
const MINUTE_SECONDS = 60;

/** Told of the rack, of its controller, or by a change of the status. */
const TOLD_OTHERWISE: ReadonlySet<FaultKind> = new Set(['rack-wide', 'observer', 'silent']);

/** A fault that stands, as it was last told. */
interface Standing {
  readonly rackId: number;
  /** Null: of the rack itself. */
  readonly serverId: number | null;
  readonly fault: Fault;
  /** Of the newest report that had it, Unix seconds, the rack's clock. */
  readonly seenSeconds: number;
  /** `rack 2 server 5 (r2-s5)` */
  readonly who: string;
  readonly phrase: string;
}

/**
 * Tells from one tree to the next which faults have begun and ended, a line each, at most 60 a minute and then how many
 * more there were: `rack 2 server 5: fault has begun: loss 20 % (critical)`, `rack 2: fault has ended: delay +5.0 ms on 4
 * of 8 servers, after 42 s`. What is not known while a server or its rack is silent has not ended.
 */
export class FaultChanges {
  #standing: ReadonlyMap<string, Standing> = new Map();
  #minuteSeconds = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #leftOut = 0;

  /** The lines of the newest tree. `nowSeconds` is any clock that goes on. */
  update(tree: DatacenterHealth, nowSeconds: number): readonly string[] {
    const standing = standingFaults(tree);
    const lines: string[] = [];
    for (const [key, known] of this.#standing) {
      if (standing.has(key)) continue;
      const rack = tree.racks.find(({ rack_id: id }) => id === known.rackId);
      if (isHidden(known, rack)) standing.set(key, known);
      else if (!isOfRackNow(known, rack)) {
        // By the clock that told its beginning, as events of the API do: the datacenter's may be another.
        const endSeconds = rack?.last_report ?? known.seenSeconds;
        const lasted = durationText(Math.max(0, endSeconds - known.fault.since));
        lines.push(`${known.who}: fault has ended: ${known.phrase}, after ${lasted}`);
      }
    }
    for (const [key, { who, phrase, fault }] of standing) {
      if (!this.#standing.has(key)) lines.push(`${who}: fault has begun: ${phrase} (${fault.severity})`);
    }
    this.#standing = standing;
    return this.#limit(lines, nowSeconds);
  }

  #limit(lines: readonly string[], nowSeconds: number): readonly string[] {
    const said: string[] = [];
    if (nowSeconds - this.#minuteSeconds >= MINUTE_SECONDS) {
      if (this.#leftOut > 0) said.push(`… and ${this.#leftOut} more faults have begun or ended`);
      this.#minuteSeconds = nowSeconds;
      this.#lines = this.#leftOut = 0;
    }
    const room = Math.max(0, LINES_A_MINUTE - this.#lines);
    this.#lines += Math.min(room, lines.length);
    this.#leftOut += Math.max(0, lines.length - room);
    return [...said, ...lines.slice(0, room)];
  }
}

function standingFaults(tree: DatacenterHealth): Map<string, Standing> {
  const standing = new Map<string, Standing>();
  const add = (one: Standing): unknown => standing.set(`${one.rackId}/${one.serverId}/${one.fault.kind}`, one);
  for (const rack of tree.racks) {
    const { rack_id: rackId } = rack;
    const of = { rackId, seenSeconds: rack.last_report ?? tree.timestamp };
    for (const fault of rack.faults) {
      const phrase = rackFaultPhrase(fault, rack.servers.length);
      add({ ...of, serverId: null, fault, who: `rack ${rackId}`, phrase });
    }
    for (const verdict of rack.servers) {
      for (const fault of verdict.faults) {
        if (TOLD_OTHERWISE.has(fault.kind)) continue;
        add({ ...of, serverId: verdict.server_id, fault, who: serverText(verdict), phrase: faultPhrase(fault) });
      }
    }
  }
  return standing;
}

/** True while nothing is known of it. */
function isHidden({ serverId }: Standing, rack: RackHealth | undefined): boolean {
  if (rack === undefined) return false;
  return rack.status === 'silent' || serverOf(rack, serverId)?.status === 'silent';
}

/** True when it turned out to be the fault of the rack, which is told of that. */
function isOfRackNow({ serverId, fault }: Standing, rack: RackHealth | undefined): boolean {
  if (serverId === null || rack === undefined) return false;
  return rack.faults.some(({ kind, server_ids: ids }) => kind === fault.kind && ids.includes(serverId));
}

function serverOf(rack: RackHealth, serverId: number | null): Verdict | undefined {
  return rack.servers.find(({ server_id: id }) => id === serverId);
}
