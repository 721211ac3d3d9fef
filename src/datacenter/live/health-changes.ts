import { groupStatus } from '../../core/health.ts';
import type { Fault, RackHealth, Verdict } from '../../core/verdict.ts';
import type { HealthChange } from '../../wire/api/socket.ts';
import type { Aggregate } from '../aggregate.ts';

/** Less than this is not worth a message. */
const LEAST_RATIO = 0.001;
const LEAST_SECONDS = 0.0002;
const FAULT_DIGITS = 3;

interface SentRack {
  readonly health: RackHealth;
  /** Each server as it was last sent. */
  readonly servers: ReadonlyMap<number, Verdict>;
}

/** Finds what changed in the tree since it was last asked. Remembers what was sent: about as much as the tree itself. */
export class HealthChanges {
  readonly #aggregate: Aggregate;
  readonly #sent = new Map<number, SentRack>();
  #score: number | null;

  constructor(aggregate: Aggregate) {
    this.#aggregate = aggregate;
    this.#score = aggregate.score;
    for (const { rackId, health } of aggregate.racks) this.#sent.set(rackId, { health, servers: byId(health) });
  }

  /** Null when nothing changed. */
  next(nowSeconds: number): HealthChange | null {
    const racks: RackHealth[] = [];
    const forgotten: { rack_id: number; server_ids: number[] }[] = [];
    for (const { rackId, health } of this.#aggregate.racks) {
      const sent = this.#sent.get(rackId);
      if (sent?.health === health) continue;
      racks.push({ ...health, servers: this.#changedServers(health, sent) });
      const present = byId(health);
      const gone = [...(sent?.servers.keys() ?? [])].filter((serverId) => !present.has(serverId));
      if (gone.length > 0) forgotten.push({ rack_id: rackId, server_ids: gone });
    }
    const forgottenRacks = this.#forget();
    const { score } = this.#aggregate;
    if (racks.length === 0 && forgottenRacks.length === 0 && score === this.#score) return null;
    this.#score = score;
    return {
      timestamp: nowSeconds,
      health_score: score,
      status: groupStatus(score),
      racks,
      forgotten_rack_ids: forgottenRacks,
      forgotten_servers: forgotten,
    };
  }

  /** The servers worth showing; from now on they are those that were sent. */
  #changedServers(health: RackHealth, sent: SentRack | undefined): Verdict[] {
    const changed = health.servers.filter((verdict) => isWorthShowing(sent?.servers.get(verdict.server_id), verdict));
    const known = new Map<number, Verdict>();
    for (const verdict of health.servers) {
      known.set(verdict.server_id, sent?.servers.get(verdict.server_id) ?? verdict);
    }
    for (const verdict of changed) known.set(verdict.server_id, verdict);
    this.#sent.set(health.rack_id, { health, servers: known });
    return changed;
  }

  #forget(): number[] {
    const gone = [...this.#sent.keys()].filter((rackId) => this.#aggregate.rack(rackId) === null);
    for (const rackId of gone) this.#sent.delete(rackId);
    return gone;
  }
}

/** Whether somebody who was shown `sent` ought to be shown `verdict`. */
export function isWorthShowing(sent: Verdict | undefined, verdict: Verdict): boolean {
  if (sent === undefined) return true;
  return (
    sent.status !== verdict.status ||
    sent.name !== verdict.name ||
    isAway(sent.spectral_error, verdict.spectral_error, LEAST_RATIO) ||
    isAway(sent.loss_ratio, verdict.loss_ratio, LEAST_RATIO) ||
    isAway(sent.delay_seconds, verdict.delay_seconds, LEAST_SECONDS) ||
    isAway(sent.jitter_seconds, verdict.jitter_seconds, LEAST_SECONDS) ||
    faultsText(sent.faults) !== faultsText(verdict.faults)
  );
}

function isAway(before: number | null, now: number | null, least: number): boolean {
  if (before === null || now === null) return before !== now;
  return Math.abs(now - before) >= least;
}

/** Faults as people tell them apart: their figures to three digits. Those of `rack-wide` come with the rack's faults. */
function faultsText(faults: readonly Fault[]): string {
  if (faults.length === 0) return '';
  const shown = faults.map((fault) =>
    fault.kind === 'rack-wide' ? { ...fault, confidence: 1, parameters: {} } : fault,
  );
  return JSON.stringify(shown, (key, value: unknown) =>
    typeof value === 'number' && key !== 'since' ? value.toPrecision(FAULT_DIGITS) : value,
  );
}

function byId({ servers }: RackHealth): ReadonlyMap<number, Verdict> {
  return new Map(servers.map((verdict) => [verdict.server_id, verdict]));
}
