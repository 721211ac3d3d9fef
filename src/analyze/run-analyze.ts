import type { Writable } from 'node:stream';
import type { AnalyzeConfig } from '../config/analyze.ts';
import { createLineDecoder } from '../wire/line-decoder.ts';
import { MAX_LINE_BYTES, Reading } from './reading.ts';

const PROGRESS_LINES = 1_000_000;

export interface AnalyzeOptions {
  readonly config: AnalyzeConfig;
  readonly input: AsyncIterable<Buffer | string>;
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'>;
  /** Tells on stderr how far a long reading has come. */
  readonly showProgress: boolean;
}

/**
 * Reads received samples as NDJSON, in any order, and prints one JSON line per server, by rack and server id. A broken
 * line is named by its number on stderr and skipped.
 * @returns 0, or 1 when a line was broken
 * @throws Error when there are more samples than allowed, or the input cannot be read
 */
export async function analyze(options: AnalyzeOptions): Promise<0 | 1> {
  const { config, stdout, stderr, showProgress } = options;
  const reading = new Reading({ ...config, onProblem: (problem) => stderr.write(`${problem}\n`) });
  const decoder = createLineDecoder({ maxLineBytes: MAX_LINE_BYTES });
  const take = (bytes: Buffer): void => {
    for (const event of decoder.push(bytes)) {
      reading.take(event.kind === 'line' ? event.text : null);
      if (showProgress && reading.lines % PROGRESS_LINES === 0) {
        stderr.write(`${reading.lines / 1e6} million lines read\n`);
      }
    }
    if (reading.samples > config.maxSamples) {
      throw new Error(
        `more than ${config.maxSamples} samples: raise --max-samples (48 bytes of memory each) or split the file`,
      );
    }
  };
  for await (const chunk of options.input) take(Buffer.from(chunk));
  // The last line may lack its newline.
  take(Buffer.from('\n'));
  for (const analysis of reading.analyses()) stdout.write(`${JSON.stringify(analysis)}\n`);
  return reading.broken > 0 ? 1 : 0;
}
