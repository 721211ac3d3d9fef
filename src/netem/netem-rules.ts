import { toFixedPoint } from './fixed-point.ts';
import type { Impairment } from './impairment.ts';
import { DEFAULT_LIMIT_PACKETS } from './impairment-limits.ts';
import { createLossModel } from './loss-model.ts';
import { createPacketDelay } from './packet-delay.ts';

/** An impairment made ready to be applied to packets: chances in the kernel's fixed point, and what draws the rest. */
export interface NetemRules {
  readonly duplicate: number;
  readonly corrupt: number;
  readonly reorder: number;
  /** 0: no reordering. */
  readonly gap: number;
  /** Null: any. */
  readonly bytesPerSecond: number | null;
  readonly limitPackets: number;
  /** Whether the next packet is lost. */
  readonly isLost: () => boolean;
  /** Of the next packet, in nanoseconds. */
  readonly drawDelay: () => number;
}

/** @param impairment null: packets pass as they are */
export function createNetemRules(impairment: Impairment | null, random: () => number): NetemRules {
  const parts: Partial<Impairment> = impairment ?? {};
  const { delay = null, loss = null, rateBitsPerSecond = null } = parts;
  const { corruptRatio, duplicateRatio, reorder, limitPackets } = parts;
  return {
    duplicate: toFixedPoint(duplicateRatio ?? 0),
    corrupt: toFixedPoint(corruptRatio ?? 0),
    reorder: toFixedPoint(reorder?.ratio ?? 0),
    gap: reorder?.gap ?? 0,
    // tc hands on whole bytes per second.
    bytesPerSecond: rateBitsPerSecond === null ? null : Math.max(1, Math.floor(rateBitsPerSecond / 8)),
    limitPackets: limitPackets ?? DEFAULT_LIMIT_PACKETS,
    isLost: createLossModel(loss, random),
    drawDelay: createPacketDelay(delay, random),
  };
}
