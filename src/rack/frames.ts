import type { WindowAnalyzer } from '../core/window-analyzer.ts';
import type { Stream } from '../core/stream.ts';
import type { FrameSpectrum, StreamFrame } from '../wire/api/frame.ts';
import type { WatchRequest } from '../wire/watch-request.ts';
import type { ServerTable } from './server-table.ts';

const POWER_STEPS_PER_DB = 10;
/** What a spectrum has where nothing is heard. */
const FLOOR_DB = -150;

/** With this many watched servers or fewer a call gives one frame: they do not all crowd into one moment. */
const SERVERS_A_FRAME = 16;

/** What frames are made of. */
export interface Heard {
  readonly servers: Pick<ServerTable, 'get'>;
  readonly analyzer: WindowAnalyzer;
}

/**
 * Makes frames of the servers that somebody watches, each at its own interval. Holds a time for each of them, at most
 * `MAX_WATCHED_SERVERS`, and does nothing while there are none. Times are arguments, in Unix seconds.
 */
export class Frames {
  readonly #rackId: number;
  /** When the next frame of each watched server is due; first whose turn was longest ago. */
  readonly #dueSeconds = new Map<number, number>();
  #intervalSeconds = 0;
  #leaseEndSeconds = 0;

  constructor(rackId: number) {
    this.#rackId = rackId;
  }

  /** How many servers are watched. */
  get watched(): number {
    return this.#dueSeconds.size;
  }

  /** From now on frames are wanted of these servers and of no others. A request for another rack changes nothing. */
  watch(request: WatchRequest, nowSeconds: number): void {
    if (request.rack_id !== this.#rackId) return;
    const wanted = new Set(request.server_ids);
    for (const serverId of this.#dueSeconds.keys()) if (!wanted.has(serverId)) this.#dueSeconds.delete(serverId);
    // Whoever has just begun to watch sees something at once.
    for (const serverId of wanted) if (!this.#dueSeconds.has(serverId)) this.#dueSeconds.set(serverId, nowSeconds);
    this.#intervalSeconds = request.interval_seconds;
    this.#leaseEndSeconds = nowSeconds + request.lease_seconds;
  }

  /** Nobody watches any more. */
  stop(): void {
    this.#dueSeconds.clear();
  }

  /**
   * Some of the frames that are due; to be called a few dozen times a second. What was due several times since the last
   * call is due once.
   */
  due(heard: Heard, nowSeconds: number): StreamFrame[] {
    if (nowSeconds >= this.#leaseEndSeconds) this.stop();
    const most = Math.ceil(this.watched / SERVERS_A_FRAME);
    const dueNow = [...this.#dueSeconds].filter(([, dueSeconds]) => nowSeconds >= dueSeconds).slice(0, most);
    for (const [serverId, dueSeconds] of dueNow) {
      const missed = Math.floor((nowSeconds - dueSeconds) / this.#intervalSeconds);
      this.#dueSeconds.delete(serverId);
      this.#dueSeconds.set(serverId, dueSeconds + (missed + 1) * this.#intervalSeconds);
    }
    return dueNow.map(([serverId]) => this.#frame(heard, serverId, nowSeconds));
  }

  #frame({ servers, analyzer }: Heard, serverId: number, nowSeconds: number): StreamFrame {
    const stream = servers.get(serverId)?.stream ?? null;
    return {
      type: 'frame',
      rack_id: this.#rackId,
      server_id: serverId,
      timestamp: nowSeconds,
      spectrum: stream && frameSpectrum(stream, analyzer, nowSeconds),
      window: stream && analyzer.window(stream, nowSeconds),
    };
  }
}

/** Of a silent stream nothing is heard, whatever its last window was like. */
function frameSpectrum(stream: Stream, analyzer: WindowAnalyzer, nowSeconds: number): FrameSpectrum | null {
  const spectrum = analyzer.spectrum(stream);
  if (spectrum === null) return null;
  const { window_slots, sample_rate_hz, expected_frequency_hz, frequencies_hz, power_db } = spectrum;
  const isSilent = stream.isSilent(nowSeconds);
  return {
    window_slots,
    sample_rate_hz,
    expected_frequency_hz,
    first_frequency_hz: frequencies_hz[0] ?? 0,
    bin_width_hz: sample_rate_hz / window_slots,
    power_db: power_db.map((db) =>
      isSilent ? FLOOR_DB : Math.round(db * POWER_STEPS_PER_DB) / POWER_STEPS_PER_DB + 0,
    ),
  };
}
