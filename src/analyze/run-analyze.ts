import type { Writable } from 'node:stream';
import { isToneAllowed, toneHz } from '../core/frequency-plan.ts';
import { WindowAnalyzer } from '../core/window-analyzer.ts';
import type { AnalyzeConfig } from '../config/analyze.ts';
import { createLineDecoder } from '../wire/line-decoder.ts';
import { analyzeRecording } from './analyze-recording.ts';
import { Recording } from './recording.ts';
import { parseSampleLine, type SampleLine } from './sample-line.ts';

const MAX_LINE_BYTES = 64 * 1024;
const PROGRESS_LINES = 1_000_000;

export interface AnalyzeOptions {
  readonly config: AnalyzeConfig;
  readonly input: AsyncIterable<Buffer | string>;
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'>;
  /** Tells on stderr how far a long reading has come. */
  readonly showProgress: boolean;
}

/** All recordings of a file, and what was wrong in it. */
class Reading {
  readonly recordings = new Map<string, Recording>();
  lines = 0;
  broken = 0;
  samples = 0;
  endSeconds = Number.NEGATIVE_INFINITY;
  readonly #options: AnalyzeOptions;

  constructor(options: AnalyzeOptions) {
    this.#options = options;
  }

  take(text: string | null): void {
    this.lines++;
    const { showProgress, stderr } = this.#options;
    if (showProgress && this.lines % PROGRESS_LINES === 0) stderr.write(`${this.lines / 1e6} million lines read\n`);
    if (text !== null && text.trim() === '') return;
    const parsed = text === null ? `longer than ${MAX_LINE_BYTES} bytes` : parseSampleLine(text);
    const problem = typeof parsed === 'string' ? parsed : this.#add(parsed);
    if (problem === null) return;
    this.broken++;
    stderr.write(`line ${this.lines}: ${problem}\n`);
  }

  #add(line: SampleLine): string | null {
    const { config } = this.#options;
    const { rack_id: rackId, server_id: serverId } = line;
    const key = `${rackId}/${serverId}`;
    let recording = this.recordings.get(key);
    if (!recording) {
      const frequencyHz = toneHz(config.frequencyPlan, rackId, serverId);
      if (!isToneAllowed(frequencyHz, config.sampleRateHz)) {
        return `rack ${rackId} server ${serverId} has no tone below 0.45 × ${config.sampleRateHz} samples/s`;
      }
      recording = new Recording(rackId, serverId);
      this.recordings.set(key, recording);
    }
    recording.add(line);
    this.samples++;
    this.endSeconds = Math.max(this.endSeconds, line.recv_ts);
    return null;
  }
}

/**
 * Reads received samples as NDJSON, in any order, and prints one JSON line per server, by rack and server id. A broken
 * line is named by its number on stderr and skipped.
 * @returns 0, or 1 when a line was broken
 * @throws Error when there are more samples than allowed, or the input cannot be read
 */
export async function analyze(options: AnalyzeOptions): Promise<0 | 1> {
  const { config, stdout } = options;
  const reading = new Reading(options);
  const decoder = createLineDecoder({ maxLineBytes: MAX_LINE_BYTES });
  const take = (bytes: Buffer): void => {
    for (const event of decoder.push(bytes)) reading.take(event.kind === 'line' ? event.text : null);
    if (reading.samples > config.maxSamples) {
      throw new Error(
        `more than ${config.maxSamples} samples: raise --max-samples (48 bytes of memory each) or split the file`,
      );
    }
  };
  for await (const chunk of options.input) take(Buffer.from(chunk));
  // The last line may lack its newline.
  take(Buffer.from('\n'));

  const analyzer = new WindowAnalyzer(config.windowSlots);
  const recordings = [...reading.recordings.values()];
  for (const recording of recordings.toSorted((a, b) => a.rackId - b.rackId || a.serverId - b.serverId)) {
    stdout.write(`${JSON.stringify(analyzeRecording(recording, config, analyzer, reading.endSeconds))}\n`);
  }
  return reading.broken > 0 ? 1 : 0;
}
