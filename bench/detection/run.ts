// npm run bench:detection: how soon each fault is told, by which name, and how often one is told that is not there.
// Never a test: a miss is no failure. Exit codes: 0 measured, 1 failed, 2 bad usage.

import { optionsOrCode } from '../options-or-code.ts';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { falseAlarmText } from './false-alarm-text.ts';
import { type DetectionResults, measure } from './measure.ts';
import { readOptions, USAGE } from './options.ts';
import { detectionPage } from './page.ts';
import { tradeSvg } from './svg.ts';
import { confusionTable, faultTable, rivalTable, targetsText } from './table.ts';

const DOCS = new URL('../../docs/', import.meta.url);

/** @throws Error when the file is not one that `--json` has written. */
async function readResults(file: string): Promise<DetectionResults> {
  const results: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (isResults(results)) return results;
  throw new Error(`--from: ${file} is not what --json writes`);
}

function isResults(value: unknown): value is DetectionResults {
  return (
    isObject(value) &&
    ['machine', 'runs', 'clean', 'scores', 'rack', 'rivals', 'trade', 'tradeDays'].every((key) => key in value)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOrCode(() => readOptions(args), USAGE);
  if (typeof options === 'number') return options;
  const { fromFile } = options;
  const progress = (text: string) => process.stderr.write(`${text}\n`);
  const results = fromFile === null ? measure(options, progress) : await readResults(fromFile);
  const parts = [
    faultTable(results),
    targetsText(results),
    confusionTable(results),
    rivalTable(results),
    falseAlarmText(results),
  ];
  process.stdout.write(`${parts.join('\n\n')}\n`);
  if (options.jsonFile !== null) await writeFile(options.jsonFile, `${JSON.stringify(results, null, 2)}\n`);
  if (!options.writesDocs) return 0;
  await mkdir(new URL('images/', DOCS), { recursive: true });
  await writeFile(new URL('images/detection-trade.svg', DOCS), tradeSvg(results.trade, results.tradeDays));
  await writeFile(new URL('detection.md', DOCS), detectionPage(results));
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
