import { nearest } from '../config/nearest.ts';

/** What may follow `netwatch chaos`, which is also a command by itself: yargs takes a mistyped one for its argument. */
const COMMANDS_OF_CHAOS = ['status', 'run'];

/**
 * What is said of arguments that no command has, a line each.
 * @param names as yargs gives them: without dashes
 * @param args the command line that they stand on
 */
export function unknownArgumentsText(names: readonly string[], args: readonly string[]): string {
  return names.map((name) => unknownText(name, args)).join('\n');
}

function unknownText(name: string, args: readonly string[]): string {
  // A word that was given as it is; any other came with dashes (`--lose=3`, `-xy`).
  if (!args.includes(name)) return `--${name}: unknown flag, --help lists those there are`;
  const isCommand = args[0] === 'chaos' && args[1] === name;
  if (isCommand) return `${name}: unknown command of chaos, nearest: ${nearest(name, COMMANDS_OF_CHAOS) ?? 'none'}`;
  return `${name}: unknown argument, --help lists those there are`;
}
