import type { Sample } from '../../core/sample.ts';
import type { Tone } from '../../core/tone.ts';
import { ByteCursor } from './byte-cursor.ts';

/**
 * Times are kept in this: what a double resolves of unix seconds until 2038, so that none is rounded. Only a sender whose
 * clock stands before 2004 loses something, less than 0.12 µs.
 */
const UNITS_PER_SECOND = 2 ** 22;
/** A record that is further from what was expected has its times as they are. */
const MAX_DELTA_UNITS = 2 ** 45;

/** What the first byte of a record says of it. */
const NOT_NEXT = 1;
const OTHER_BOOT = 2;
const ABSOLUTE = 4;
const VALUES = 24;
/** The values are those of the tone, as float32 or as float64; or they follow, as the one or the other. */
const TONE_32 = 0;
const TONE_64 = 8;
const RAW_32 = 16;
const RAW_64 = 24;
const REAL_ONLY = 32;

const NO_BOOT = -1;

/** Bytes of the longest record. */
export const MAX_RECORD_BYTES = 1 + 5 + 5 + 2 * 8 + 2 * 8;

/** What all records of a history are written against. */
export interface RecordContext {
  /** The bytes of the records, of which the last is followed by the first. */
  readonly bytes: Uint8Array;
  readonly tone: Tone;
  /** Nominal time between two samples, in units of 2⁻²² s. */
  readonly intervalUnits: number;
}

/** Called for each arrival that is read. `receivedSeconds`: unix, the receiver's clock. */
export type ArrivalVisitor = (sample: Omit<Sample, 'rackId' | 'serverId'>, receivedSeconds: number) => void;

/** @param sampleRateHz nominal */
export function createRecordContext(bytes: Uint8Array, tone: Tone, sampleRateHz: number): RecordContext {
  return { bytes, tone, intervalUnits: Math.round(UNITS_PER_SECOND / sampleRateHz) };
}

/**
 * A place between two records of a ring, with what the next one is written against: the record before it. A record says
 * only how it differs from what follows from that one, five bytes of a clean stream:
 *
 * | bytes | what | when |
 * |---|---|---|
 * | 1 | which of the others there are | always |
 * | 1–5 | sequence number less the last one | unless 1 |
 * | 1–5 | boot id plus 1, 0 for none | when it is another |
 * | 1–7 | send time less what the rate makes of the last one | |
 * | 1–7 | delay (receive time less send time) less the last one | |
 * | 16 | both times as float64 instead | at first, and where they are far off |
 * | 4–16 | the values, in phase first | unless they are the tone's |
 *
 * Nothing is allocated but by `read`.
 */
export class ArrivalCursor extends ByteCursor {
  #sequence = 0;
  #bootId = NO_BOOT;
  #sentUnits = 0;
  #delayUnits = 0;
  /** Of the record that `#step` came by, when it had its times as they are. */
  #exactSent = 0;
  #exactReceived = 0;
  readonly #context: RecordContext;

  constructor(context: RecordContext) {
    super(context.bytes);
    this.#context = context;
  }

  /** Goes to where another cursor of the same ring is. */
  override moveTo(other: ArrivalCursor): void {
    super.moveTo(other);
    this.#sequence = other.#sequence;
    this.#bootId = other.#bootId;
    this.#sentUnits = other.#sentUnits;
    this.#delayUnits = other.#delayUnits;
  }

  /** Writes a record here and goes behind it. There has to be room. */
  write({ bootId, sequence, sentSeconds, re, im }: Sample, receivedSeconds: number): void {
    const boot = bootId ?? NO_BOOT;
    const isOtherBoot = boot !== this.#bootId;
    const step = (sequence - this.#sequence) | 0;
    const expectedUnits = this.#expectedUnits(isOtherBoot, step);
    const sentUnits = toUnits(sentSeconds);
    const receivedUnits = toUnits(receivedSeconds);
    const delayUnits = receivedUnits - sentUnits;
    const sentDelta = sentUnits - expectedUnits;
    const delayDelta = delayUnits - this.#delayUnits;
    // Above 2⁵³ units, from 2038 on, sums of what is far apart are rounded.
    const isExact =
      expectedUnits + sentDelta === sentUnits &&
      this.#delayUnits + delayDelta === delayUnits &&
      sentUnits + delayUnits === receivedUnits;
    const isFar = !isExact || Math.abs(sentDelta) > MAX_DELTA_UNITS || Math.abs(delayDelta) > MAX_DELTA_UNITS;
    const values = this.#valuesOf(re, im, isFar ? sentSeconds : sentUnits / UNITS_PER_SECOND);
    this.putByte(
      (step === 1 ? 0 : NOT_NEXT) |
        (isOtherBoot ? OTHER_BOOT : 0) |
        (isFar ? ABSOLUTE : 0) |
        values |
        (re === null ? REAL_ONLY : 0),
    );
    if (step !== 1) this.putSigned(step);
    if (isOtherBoot) this.putNumber(boot + 1);
    if (isFar) {
      this.putFloat64(sentSeconds);
      this.putFloat64(receivedSeconds);
    } else {
      this.putSigned(sentDelta);
      this.putSigned(delayDelta);
    }
    if (values >= RAW_32) this.#putValues(values === RAW_64, re, im);
    this.#sequence = sequence;
    this.#bootId = boot;
    this.#sentUnits = sentUnits;
    this.#delayUnits = delayUnits;
  }

  /** Goes behind the record that is here. */
  skip(): void {
    const flags = this.#step();
    if ((flags & VALUES) >= RAW_32) this.advance(((flags & VALUES) === RAW_64 ? 8 : 4) * (flags & REAL_ONLY ? 1 : 2));
  }

  /** Gives the record that is here and goes behind it. */
  read(visit: ArrivalVisitor): void {
    const flags = this.#step();
    const isExact = (flags & ABSOLUTE) !== 0;
    const sentSeconds = isExact ? this.#exactSent : this.#sentUnits / UNITS_PER_SECOND;
    const receivedSeconds = isExact ? this.#exactReceived : (this.#sentUnits + this.#delayUnits) / UNITS_PER_SECOND;
    const { tone } = this.#context;
    const values = flags & VALUES;
    const isReal = (flags & REAL_ONLY) !== 0;
    const next = (quadrature: boolean): number => {
      if (values >= RAW_32) return values === RAW_64 ? this.takeFloat64() : this.takeFloat32();
      const value = quadrature ? tone.quadrature(sentSeconds) : tone.inPhase(sentSeconds);
      return values === TONE_32 ? Math.fround(value) : value;
    };
    const im = next(false);
    const re = isReal ? null : next(true);
    const bootId = this.#bootId === NO_BOOT ? null : this.#bootId;
    visit({ bootId, sequence: this.#sequence, sentSeconds, re, im }, receivedSeconds);
  }

  /** Takes all of a record but its values; gives its first byte. */
  #step(): number {
    const flags = this.takeByte();
    const step = flags & NOT_NEXT ? this.takeSigned() : 1;
    const isOtherBoot = (flags & OTHER_BOOT) !== 0;
    const expectedUnits = this.#expectedUnits(isOtherBoot, step);
    this.#sequence = (this.#sequence + step) >>> 0;
    if (isOtherBoot) this.#bootId = this.takeNumber() - 1;
    if ((flags & ABSOLUTE) !== 0) {
      this.#exactSent = this.takeFloat64();
      this.#exactReceived = this.takeFloat64();
      this.#sentUnits = toUnits(this.#exactSent);
      this.#delayUnits = toUnits(this.#exactReceived) - this.#sentUnits;
    } else {
      this.#sentUnits = expectedUnits + this.takeSigned();
      this.#delayUnits += this.takeSigned();
    }
    return flags;
  }

  /** When the next sample would be sent, had the sender kept its rate; a new run of it begins at once. */
  #expectedUnits(isOtherBoot: boolean, step: number): number {
    return isOtherBoot ? this.#sentUnits : this.#sentUnits + step * this.#context.intervalUnits;
  }

  #valuesOf(re: number | null, im: number, sentSeconds: number): number {
    const phaseRadians = this.#context.tone.phaseRadians(sentSeconds);
    const toneIm = Math.sin(phaseRadians);
    const toneRe = re === null ? 0 : Math.cos(phaseRadians);
    if (Object.is(im, Math.fround(toneIm)) && (re === null || Object.is(re, Math.fround(toneRe)))) return TONE_32;
    if (Object.is(im, toneIm) && (re === null || Object.is(re, toneRe))) return TONE_64;
    return Math.fround(im) === im && (re === null || Math.fround(re) === re) ? RAW_32 : RAW_64;
  }

  #putValues(isDouble: boolean, re: number | null, im: number): void {
    if (isDouble) this.putFloat64(im);
    else this.putFloat32(im);
    if (re === null) return;
    if (isDouble) this.putFloat64(re);
    else this.putFloat32(re);
  }
}

function toUnits(seconds: number): number {
  return Math.round(seconds * UNITS_PER_SECOND);
}
