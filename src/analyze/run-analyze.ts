import type { Writable } from 'node:stream';
import type { AnalyzeConfig } from '../config/analyze.ts';
import { createLineDecoder } from '../wire/line-decoder.ts';
import { MAX_LINE_BYTES, Reading } from './reading.ts';
import { isCompressed } from './recorded-line.ts';

const PROGRESS_LINES = 1_000_000;

export interface AnalyzeOptions {
  readonly config: AnalyzeConfig;
  readonly input: AsyncIterable<Buffer | string>;
  /** Of the file, as the user gave it; `-` for stdin. */
  readonly name: string;
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'>;
  /** Tells on stderr how far a long reading has come. */
  readonly showProgress: boolean;
}

/**
 * Reads received samples as NDJSON, in any order, and prints one JSON line per server, by rack and server id. A broken
 * line is named by its number on stderr and skipped; that there is no sample at all is said there too.
 * @returns 0, or 1 when a line was broken
 * @throws Error when there are more samples than allowed, or the input is compressed or cannot be read
 */
export async function analyze(options: AnalyzeOptions): Promise<0 | 1> {
  const { config, name, stdout, stderr, showProgress } = options;
  const reading = new Reading({ ...config, onProblem: (problem) => stderr.write(`${problem}\n`) });
  const decoder = createLineDecoder({ maxLineBytes: MAX_LINE_BYTES });
  const take = (bytes: Buffer): void => {
    for (const event of decoder.push(bytes)) {
      const text = event.kind === 'line' ? event.text : null;
      if (reading.lines === 0 && text !== null && isCompressed(text)) throw new Error(compressedText(name));
      reading.take(text);
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
  if (reading.samples === 0 && reading.broken === 0) stderr.write(`${name}: ${nothingText(reading)}\n`);
  for (const analysis of reading.analyses()) stdout.write(`${JSON.stringify(analysis)}\n`);
  return reading.broken > 0 ? 1 : 0;
}

function compressedText(name: string): string {
  const unpack = name === '-' ? 'gunzip' : `gunzip --stdout '${name.replaceAll("'", String.raw`'\''`)}'`;
  return `it is compressed with gzip, and only plain NDJSON is read; unpack it: ${unpack} | netwatch analyze -`;
}

function nothingText({ heads }: Reading): string {
  return heads === 0
    ? 'it is empty: there is no sample in it to be judged'
    : 'there is the head of an incident, but no sample in it to be judged';
}
