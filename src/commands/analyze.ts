import { createReadStream } from 'node:fs';
import type { Argv } from 'yargs';
import { analyzeSpec } from '../config/analyze.ts';
import { addConfigOptions, configOf } from './config-options.ts';
import type { CommandHandler } from './context.ts';

/** Arguments of `netwatch analyze`. */
export function addAnalyzeOptions(yargs: Argv): Argv {
  return addConfigOptions(yargs, analyzeSpec)
    .positional('file', { type: 'string', demandOption: true, describe: 'NDJSON of received samples, - for stdin' })
    .epilogue(
      'Each line: {"rack_id", "server_id", "seq", "sent_ts", "recv_ts", "wave_sample"}, times in seconds,\n' +
        'optionally "quadrature_sample" and "boot_id". A line {"type": "incident", …}, as capsules begin with,\n' +
        'says tone, rate and window of its server where no flag does. Prints one JSON line per server, with\n' +
        'the faults of the whole file: {"kind", "onset_ts", "detected_ts", "end_ts", "severity", "confidence",\n' +
        '"parameters"}; "end_ts" is null while one stands at the end. Exit code 1 when a line was broken.',
    )
    .example('$0 analyze capture.ndjson | jq .status', 'the status of each server at the end')
    .example('$0 analyze incident.ndjson | jq .faults', 'what a rack recorded of a fault, heard again')
    .example('gunzip --stdout capture.gz | $0 analyze -', 'from stdin');
}

/** `netwatch analyze` */
export const runAnalyze: CommandHandler = async (context, args) => {
  const config = await configOf(analyzeSpec, context, args);
  const { analyze } = await import('../analyze/run-analyze.ts');
  const { stdout, stderr } = context;
  // yargs makes an empty string of a lone dash.
  const name = args.file === '' ? '-' : String(args.file);
  const input = name === '-' ? context.stdin : createReadStream(name);
  try {
    return await analyze({ config, input, name, stdout, stderr, showProgress: stderr.isTTY });
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};
