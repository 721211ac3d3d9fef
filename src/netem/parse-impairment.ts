import { DISTRIBUTIONS, type Delay, type Distribution, type Impairment, type Reorder } from './impairment.ts';
import {
  MAX_DELAY_SECONDS,
  MAX_GAP,
  MAX_JITTER_SECONDS,
  MAX_LIMIT_PACKETS,
  MAX_RATE_BITS_PER_SECOND,
  MIN_RATE_BITS_PER_SECOND,
} from './impairment-limits.ts';
import { timeText } from './netem-arguments.ts';
import { ImpairmentReader, type ImpairmentProblem, type ImpairmentTexts } from './impairment-reader.ts';
import { LOSS_MODEL_ALLOWED, parseLossModel } from './parse-loss-model.ts';
import { parsePercent, parseRate, parseTime } from './quantity-text.ts';

export type { ImpairmentProblem, ImpairmentTexts };

export type ParsedImpairment =
  | { readonly kind: 'impairment'; readonly impairment: Impairment }
  | { readonly kind: 'problems'; readonly problems: readonly ImpairmentProblem[] };

/**
 * Reads an impairment, holds each value to its range and all of them to each other. Every problem is told at once; what
 * follows from a value that could not be read is not told as well.
 */
export function parseImpairment(texts: ImpairmentTexts): ParsedImpairment {
  const reader = new ImpairmentReader(texts);
  const impairment: Impairment = {
    delay: readDelay(reader),
    loss: readLoss(reader),
    corruptRatio: reader.share('corrupt'),
    duplicateRatio: reader.share('duplicate'),
    reorder: readReorder(reader),
    rateBitsPerSecond: readRate(reader),
    limitPackets: reader.whole('limit', MAX_LIMIT_PACKETS),
  };
  if (reader.problems.length === 0) refuseNothing(reader, impairment);
  const { problems } = reader;
  return problems.length === 0 ? { kind: 'impairment', impairment } : { kind: 'problems', problems };
}

function readDelay(reader: ImpairmentReader): Delay | null {
  const seconds = reader.time('delay', MAX_DELAY_SECONDS);
  const jitterSeconds = reader.time('jitter', MAX_JITTER_SECONDS);
  const distribution = readDistribution(reader);
  const correlation = readCorrelation(reader);
  if (jitterSeconds === 0) {
    for (const key of ['distribution', 'correlation'] as const) {
      if (reader.text(key) === undefined || reader.isRefused(key)) continue;
      reader.refuse(key, 'only with jitter, because without it every packet has the same delay');
    }
  }
  if (seconds === null || jitterSeconds === null) return null;
  if (jitterSeconds > 0 && seconds === 0) {
    return reader.refuse('jitter', 'only with a delay that is at least as long, about which it varies');
  }
  if (jitterSeconds > seconds) {
    const most = `at most the delay of ${timeText(seconds)}, because a packet cannot leave before it came`;
    return reader.refuse('jitter', most);
  }
  return seconds === 0 ? null : { seconds, jitterSeconds, distribution, correlation };
}

function readDistribution(reader: ImpairmentReader): Distribution {
  const text = reader.text('distribution');
  const distribution = DISTRIBUTIONS.find((name) => name === (text ?? 'uniform'));
  if (distribution === undefined) reader.refuse('distribution', DISTRIBUTIONS.join(', '));
  return distribution ?? 'uniform';
}

function readCorrelation(reader: ImpairmentReader): number {
  const text = reader.text('correlation');
  const ratio = text === undefined ? 0 : parsePercent(text);
  if (ratio !== null && ratio <= 1) return ratio;
  reader.refuse('correlation', 'per cent from 0 to 100, like 25 or 25%');
  return 0;
}

function readLoss(reader: ImpairmentReader): Impairment['loss'] {
  const ratio = reader.share('loss');
  const text = reader.text('lossModel');
  if (text === undefined) return ratio === null ? null : { model: 'random', ratio };
  const model = parseLossModel(text);
  if (model === null) return reader.refuse('lossModel', LOSS_MODEL_ALLOWED);
  if (reader.text('loss') === undefined) return model;
  return reader.refuse('lossModel', 'either a loss or a loss model, not both');
}

function readReorder(reader: ImpairmentReader): Reorder | null {
  const ratio = reader.share('reorder');
  const gap = reader.whole('gap', MAX_GAP) ?? 1;
  if (reader.text('reorder') === undefined) {
    if (reader.text('gap') !== undefined && !reader.isRefused('gap')) {
      reader.refuse('gap', 'only with reorder: every so many-th packet may overtake, and reorder says how likely');
    }
    return null;
  }
  if (ratio === null || reader.isRefused('gap') || reader.isRefused('delay')) return null;
  const delayText = reader.text('delay');
  if (delayText === undefined || parseTime(delayText) === 0) {
    return reader.refuse('reorder', 'only with a delay, because a packet overtakes those that are held back');
  }
  if (ratio === 1 && gap === 1) {
    return reader.refuse(
      'reorder',
      'less than 100, or with a gap above 1: when every packet overtakes, none is delayed',
    );
  }
  return { ratio, gap };
}

function readRate(reader: ImpairmentReader): number | null {
  const text = reader.text('rate');
  if (text === undefined) return null;
  const rate = parseRate(text);
  if (typeof rate === 'number' && rate >= MIN_RATE_BITS_PER_SECOND && rate <= MAX_RATE_BITS_PER_SECOND) return rate;
  const units = 'bit, kbit, mbit, gbit per second, or bps, kbps, mbps, gbps, which are bytes';
  const reason = rate === 'unitless' ? '; a number alone is not' : '';
  return reader.refuse('rate', `a rate from 1kbit to 100gbit with its unit, like 1mbit (${units})${reason}`);
}

/** What would impair nothing was not meant. */
function refuseNothing(reader: ImpairmentReader, { limitPackets, ...faults }: Impairment): void {
  if (Object.values(faults).some((fault) => fault !== null)) return;
  if (limitPackets !== null) {
    reader.refuse('limit', 'only with something else, because packets that nothing holds back do not wait');
    return;
  }
  reader.refuse('delay', 'at least one of delay (above 0), loss, loss model, corrupt, duplicate, reorder and rate');
}
