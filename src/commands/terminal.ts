import type { Argv } from 'yargs';
import { ConfigError } from '../config/load.ts';
import { parseDuration } from '../config/duration.ts';
import { readTokenFile } from '../io/token-file.ts';
import { runStatus } from '../terminal/status.ts';
import { runTop } from '../terminal/top.ts';
import { type CommandContext, type CommandHandler, DONE } from './context.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Options of `netwatch top`. */
export function addTopOptions(yargs: Argv): Argv {
  return addUrl(yargs)
    .option('interval', { type: 'string', requiresArg: true, default: '1s', describe: 'time between two looks' })
    .example('$0 top', 'the datacenter on this machine')
    .example('$0 top --url http://dc-1.example:8080 --interval 5s', 'another one, every 5 s');
}

/** Options of `netwatch status`. */
export function addStatusOptions(yargs: Argv): Argv {
  return addUrl(yargs)
    .option('json', { type: 'boolean', default: false, describe: 'the tree as JSON' })
    .example('$0 status --json | jq .health_score', 'the score alone');
}

/** `netwatch top` */
export const runTopCommand: CommandHandler = async (context, args) => {
  const { stdout, signal } = context;
  const token = await tokenOf(args);
  await runTop({ url: urlOf(args), token, intervalMs: intervalMs(args), stdout, color: hasColor(context), signal });
  return DONE;
};

/** `netwatch status` */
export const runStatusCommand: CommandHandler = async (context, args) => {
  const { stdout, stderr, signal } = context;
  const url = urlOf(args);
  const token = await tokenOf(args);
  return runStatus({ url, token, json: args.json === true, stdout, stderr, color: hasColor(context), signal });
};

/** Colour on a terminal, unless NO_COLOR (https://no-color.org) says otherwise. */
export function hasColor({ env, stdout }: CommandContext): boolean {
  return stdout.isTTY && !env.NO_COLOR;
}

function addUrl(yargs: Argv): Argv {
  return yargs
    .option('url', {
      type: 'string',
      requiresArg: true,
      default: DEFAULT_URL,
      describe: 'API of a datacenter controller',
    })
    .option('token-file', {
      type: 'string',
      requiresArg: true,
      describe: 'file with the token of that API, if it wants one',
    });
}

/** @throws UserError when the file cannot be used */
async function tokenOf({ 'token-file': path }: Readonly<Record<string, unknown>>): Promise<string | null> {
  return typeof path === 'string' ? readTokenFile(path) : null;
}

function urlOf({ url }: Readonly<Record<string, unknown>>): string {
  const isHttp = typeof url === 'string' && /^https?:/.test(url) && URL.canParse(url);
  if (!isHttp) throw new ConfigError([`--url: got ${JSON.stringify(url)}, allowed: an http or https URL`]);
  return url;
}

function intervalMs({ interval }: Readonly<Record<string, unknown>>): number {
  const seconds = parseDuration(String(interval));
  if (seconds !== null && seconds >= 0.1 && seconds <= 3600) return seconds * 1000;
  throw new ConfigError([
    `--interval: got ${JSON.stringify(interval)}, allowed: a duration from 100ms to 1h, as 500ms or 5s`,
  ]);
}
