import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench:false-alarms -- [--minutes N] [--racks N] [--servers N] [--base-port N] [--json FILE]
  --minutes N    how long the lab runs once all its servers can be judged (30)
  --racks N      racks of the lab (4)
  --servers N    servers in each rack (8)
  --base-port N  first port of the lab (22700)
  --json FILE    everything that was recorded, as JSON
`;

export interface Options {
  readonly minutes: number;
  readonly racks: number;
  readonly servers: number;
  readonly basePort: number;
  readonly jsonFile: string | null;
}

/** @throws Error that says what is wrong with the arguments. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      racks: { type: 'string', default: '4' },
      servers: { type: 'string', default: '8' },
      // Above the ephemeral ports of none of the usual systems, and away from the ports of the roles and other benches.
      'base-port': { type: 'string', default: '22700' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    minutes: numberIn('--minutes', values.minutes, [0.1, 10_080]),
    racks: Math.round(numberIn('--racks', values.racks, [1, 64])),
    servers: Math.round(numberIn('--servers', values.servers, [1, 256])),
    basePort: Math.round(numberIn('--base-port', values['base-port'], [1024, 65_000])),
    jsonFile: values.json ?? null,
  };
}

function numberIn(flag: string, text: string, [low, high]: readonly [number, number]): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new Error(`${flag}: "${text}" is not a number from ${low} to ${high}`);
}
