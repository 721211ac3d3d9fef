import { serverStatus, spectralClass } from './health.ts';
import { packetDelayVariation } from './jitter.ts';
import { quantileInPlace } from './order-statistics.ts';
import { createSpectrumPlan, type SpectrumPlan } from './power-spectrum.ts';
import { SlotLoader } from './slot-loader.ts';
import { ALL_NOISE, measureTone, NOTHING_HEARD, type ToneQuality } from './spectral-error.ts';
import type { Stream } from './stream.ts';
import { TONE_TOLERANCE_BINS } from './tone-identity.ts';
import type { Fault, Verdict } from './verdict.ts';
import { describeSlots, type WindowSlots } from './window-slots.ts';
import { describeSpectrum, type WindowSpectrum } from './window-spectrum.ts';

/** Time between two verdicts of a stream, wherever it is judged. */
export const HOP_SECONDS = 1;
/** Samples a stream must have given before it is judged, and the shortest window. */
const MIN_SAMPLES = 64;
/** A measured sample rate this close to the nominal one is the nominal one: timers are no better. */
const NOMINAL_RATE_TOLERANCE = 0.002;
/** A real sample's mirror tone averages out over this many pairs of blocks, if a block has this many tone cycles. */
const REAL_PAIRS = 4;
const MIN_BLOCK_CYCLES = 0.45;

/** A verdict and what it was drawn from. */
export interface Judgement {
  readonly verdict: Verdict;
  /** 95th percentile packet delay variation of the window (RFC 5481), seconds. */
  readonly pdvSeconds: number | null;
}

/**
 * Judges streams, one window at a time. One analyzer serves all streams of a process: it owns the FFT plans and the
 * scratch buffers, and keeps nothing of a stream between calls: what was last said of one is remembered in the stream.
 */
export class WindowAnalyzer {
  readonly #plans = new Map<number, SpectrumPlan>();
  readonly #largest: number;
  readonly #loader: SlotLoader;
  readonly #values: Float64Array;

  /** @param windowSlots slots of a full window, a power of two, at least 64 */
  constructor(windowSlots: number) {
    this.#largest = windowSlots;
    for (let size = MIN_SAMPLES; size <= windowSlots; size *= 2) this.#plans.set(size, createSpectrumPlan(size));
    this.#loader = new SlotLoader(windowSlots);
    this.#values = new Float64Array(windowSlots);
  }

  /**
   * Draws the verdict of a stream's newest window.
   * @param nowSeconds receiver's clock, unix seconds
   * @param observerFault what the receiver has to say against itself, if it was late
   */
  judge(stream: Stream, nowSeconds: number, observerFault: Fault | null = null): Judgement {
    const faults = this.faults(stream, nowSeconds, observerFault);
    const plan = this.#planFor(stream);
    const isSilent = stream.isSilent(nowSeconds);
    const quality = plan === null ? null : isSilent ? NOTHING_HEARD : this.#measure(stream, plan);
    if (quality && !isSilent) stream.spectralClass = spectralClass(quality.spectralError, stream.spectralClass);
    const lateness = plan === null ? null : this.#lateness(stream, plan.size);

    const verdict: Verdict = {
      rack_id: stream.options.rackId,
      server_id: stream.options.serverId,
      name: stream.name,
      status: isSilent ? 'silent' : quality ? serverStatus(stream.spectralClass, faults) : 'warming',
      spectral_error: isSilent ? 1 : (quality?.spectralError ?? null),
      snr_db: quality?.snrDb ?? null,
      loss_ratio: plan && this.#lossRatio(stream, nowSeconds),
      delay_seconds: isSilent ? null : (lateness?.median ?? null),
      jitter_seconds: plan && !isSilent ? stream.jitterSeconds : null,
      clock_skew_ppm: stream.clock.skew === null ? null : stream.clock.skew * 1e6,
      expected_frequency_hz: stream.options.frequencyHz,
      sample_rate_hz: this.#sampleRateHz(stream),
      last_heard: stream.isStarted ? stream.lastHeardSeconds : null,
      faults,
    };
    return { verdict, pdvSeconds: isSilent ? null : (lateness?.pdv ?? null) };
  }

  /**
   * The faults that `judge` tells of a stream, for a fraction of its cost: no spectrum is computed. Like `judge`, it lets
   * the clock learn first.
   * @param observerFault what the receiver has to say against itself, if it was late
   */
  faults(stream: Stream, nowSeconds: number, observerFault: Fault | null = null): Fault[] {
    stream.learnClock(this.#values);
    stream.faults.delay.observeLag(observerFault?.parameters['lag_seconds'] ?? 0, nowSeconds);
    // Silence that matters is that of a stream that was judged: what gave a few samples was never there.
    const wasThere = stream.receivedSinceStart >= MIN_SAMPLES;
    const faults = [...stream.faults.faults(nowSeconds, wasThere ? stream.lastHeardSeconds : null)];
    const since = stream.rival.conflictSince(nowSeconds);
    if (since !== null) {
      const parameters = { conflicting_packets: stream.counts.conflict };
      faults.push({ kind: 'conflict', since, severity: 'info', confidence: 1, parameters });
    }
    if (observerFault) faults.push(observerFault);
    return faults;
  }

  /** The spectrum of the newest window; null while there are too few samples for one. */
  spectrum(stream: Stream): WindowSpectrum | null {
    const plan = this.#planFor(stream);
    if (plan === null) return null;
    const meanPower = this.#loader.load(stream, plan);
    plan.transform();
    return describeSpectrum(plan, {
      meanPower,
      sampleRateHz: this.#sampleRateHz(stream),
      toneHz: stream.options.frequencyHz,
    });
  }

  /** The newest window slot by slot; null while there are too few samples for one. */
  window(stream: Stream, nowSeconds: number): WindowSlots | null {
    const plan = this.#planFor(stream);
    if (plan === null) return null;
    const meanPower = this.#loader.load(stream, plan);
    return describeSlots(stream, plan, { meanPower, sampleRateHz: this.#sampleRateHz(stream), nowSeconds });
  }

  /** The largest window that lies wholly after the stream's start; null while there are too few samples. */
  #planFor(stream: Stream): SpectrumPlan | null {
    if (stream.receivedSinceStart < MIN_SAMPLES) return null;
    const span = stream.slots.newest - stream.slots.first + 1;
    let size = this.#largest;
    while (size > span && size > MIN_SAMPLES) size /= 2;
    return this.#plans.get(size) ?? null;
  }

  #measure(stream: Stream, plan: SpectrumPlan): ToneQuality {
    this.#loader.load(stream, plan);
    plan.transform();
    const quality = measureTone(plan.power, 0);
    return this.#isAnotherTone(stream) && quality !== NOTHING_HEARD ? ALL_NOISE : quality;
  }

  #isAnotherTone(stream: Stream): boolean {
    const { frequencyHz, sampleRateHz, windowSlots } = stream.options;
    const blockCycles = (frequencyHz * windowSlots) / 8 / sampleRateHz;
    if (stream.isReal && blockCycles < MIN_BLOCK_CYCLES) return false;
    const offsetHz = stream.identity.offsetHz(sampleRateHz, stream.isReal ? REAL_PAIRS : 1);
    return offsetHz !== null && Math.abs(offsetHz) > (TONE_TOLERANCE_BINS * sampleRateHz) / windowSlots;
  }

  #lateness(stream: Stream, size: number): { median: number; pdv: number } | null {
    const { slots, clock } = stream;
    let count = 0;
    for (let index = slots.newest - size + 1; index <= slots.newest; index++) {
      if (!slots.has(index)) continue;
      this.#values[count++] = slots.delaySeconds(index) - clock.expectedDelaySeconds(slots.sentSeconds(index));
    }
    if (count === 0 || !clock.isLearned) return null;
    const pdv = packetDelayVariation(this.#values, count);
    return { median: quantileInPlace(this.#values, count, 0.5), pdv };
  }

  /** Empty among the slots whose deadline has passed; a silent stream's window moves on with time. */
  #lossRatio(stream: Stream, nowSeconds: number): number | null {
    const { slots, options } = stream;
    const quiet = stream.isSilent(nowSeconds) ? nowSeconds - stream.lastHeardSeconds : 0;
    const head = slots.newest + Math.min(Math.floor(quiet * options.sampleRateHz), 2 * slots.size);
    const last = stream.losses.maturedIndex(head);
    const first = Math.max(head - slots.size + 1, slots.first);
    let lost = 0;
    for (let index = first; index <= last; index++) if (!slots.has(index)) lost++;
    return last >= first ? lost / (last - first + 1) : null;
  }

  /** Rate at which the slots were really sent, from the send times on the wire. */
  #sampleRateHz(stream: Stream): number {
    const { slots, options } = stream;
    const nominal = options.sampleRateHz;
    if (!stream.isStarted) return nominal;
    let last = slots.newest;
    let first = Math.max(slots.newest - slots.size + 1, slots.first);
    while (first < last && !slots.has(first)) first++;
    while (last > first && !slots.has(last)) last--;
    const span = slots.sentSeconds(last) - slots.sentSeconds(first);
    if (last - first < MIN_SAMPLES / 2 || !(span > 0)) return nominal;
    const measured = (last - first) / span;
    return Math.abs(measured / nominal - 1) < NOMINAL_RATE_TOLERANCE ? nominal : measured;
  }
}
