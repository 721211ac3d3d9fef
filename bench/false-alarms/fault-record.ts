import {
  SEVERITIES,
  type DatacenterHealth,
  type Fault,
  type FaultKind,
  type Severity,
} from '../../src/core/verdict.ts';

/** A fault that stood in the tree, from the first look that found it to the last. */
export interface Episode {
  readonly kind: FaultKind;
  readonly rackId: number;
  /** Null: a fault of the rack itself. */
  readonly serverId: number | null;
  /** When it is said to have begun, Unix seconds. */
  readonly since: number;
  /** The tree's time of the first and the last look that found it, Unix seconds. */
  readonly firstSeen: number;
  lastSeen: number;
  /** The worst it was. */
  severity: Severity;
  /** The most it was. */
  confidence: number;
  /** As they were last. */
  parameters: Fault['parameters'];
  /** True when the rack said of itself, at any time while this stood, that it was late. */
  isObserved: boolean;
}

/** Gathers faults from trees that were looked at one after the other. Bounded by what goes wrong: a healthy lab fills nothing. */
export class FaultRecord {
  /** All of them, in the order in which they were seen first. */
  readonly episodes: Episode[] = [];
  #standing = new Map<string, Episode>();

  /** Takes the next tree. Gives what it has that the one before it had not. */
  take(tree: DatacenterHealth): readonly Episode[] {
    const standing = new Map<string, Episode>();
    const news: Episode[] = [];
    for (const { rack_id: rackId, faults, servers } of tree.racks) {
      const isObserved = servers.some((server) => server.faults.some(({ kind }) => kind === 'observer'));
      const look = (fault: Fault, serverId: number | null): void => {
        const key = `${rackId}/${serverId ?? ''}/${fault.kind}`;
        const before = this.#standing.get(key);
        const episode = before ?? begun(fault, { rackId, serverId, firstSeen: tree.timestamp });
        follow(episode, fault, { lastSeen: tree.timestamp, isObserved });
        standing.set(key, episode);
        if (before === undefined) news.push(episode);
      };
      for (const fault of faults) look(fault, null);
      for (const server of servers) for (const fault of server.faults) look(fault, server.server_id);
    }
    this.#standing = standing;
    this.episodes.push(...news);
    return news;
  }
}

/**
 * Nothing is broken on purpose: whatever is said of anything but the observer itself is false. What a rack has is told
 * of the rack, and of each of its servers as `rack-wide`; it is one alarm.
 */
export function isFalseAlarm({ kind }: Pick<Episode, 'kind'>): boolean {
  return kind !== 'observer' && kind !== 'rack-wide';
}

type Beginning = Pick<Episode, 'rackId' | 'serverId' | 'firstSeen'>;

function begun({ kind, since, severity, confidence, parameters }: Fault, where: Beginning): Episode {
  return { kind, since, severity, confidence, parameters, ...where, lastSeen: where.firstSeen, isObserved: false };
}

function follow(episode: Episode, fault: Fault, seen: Pick<Episode, 'lastSeen' | 'isObserved'>): void {
  const isWorse = SEVERITIES.indexOf(fault.severity) > SEVERITIES.indexOf(episode.severity);
  if (isWorse) episode.severity = fault.severity;
  episode.confidence = Math.max(episode.confidence, fault.confidence);
  episode.parameters = fault.parameters;
  episode.lastSeen = seen.lastSeen;
  episode.isObserved ||= seen.isObserved;
}
