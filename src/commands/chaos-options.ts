import type { Argv } from 'yargs';
import { chaosSpec } from '../config/chaos.ts';
import { chaosRunSpec } from '../config/chaos-run.ts';
import { chaosStatusSpec } from '../config/chaos-target.ts';
import { addConfigOptions } from './config-options.ts';

/** Arguments of `netwatch chaos`. */
export function addChaosOptions(yargs: Argv): Argv {
  return addConfigOptions(yargs, chaosSpec)
    .example('$0 chaos --rack 0 --delay 200ms --loss 20', 'a minute of it, then it is undone; Ctrl-C undoes it earlier')
    .example('$0 chaos --rack 0 --clear', 'undo it now, from another terminal')
    .example('$0 chaos --rack 1-2 --server 3 --delay 50ms --jitter 20ms --distribution normal --duration 5m', '')
    .example(
      '$0 chaos --all --loss-model gemodel:1,10,70,0.1 --seed 7 --detach',
      'losses in bursts, the same each time',
    )
    .example('$0 chaos --rack 0 --loss 5 --dry-run', 'the exact commands, and on whom');
}

/** Arguments of `netwatch chaos status`. */
export function addChaosStatusOptions(yargs: Argv): Argv {
  return addConfigOptions(yargs, chaosStatusSpec).example('$0 chaos status --json', 'what is injected, for a script');
}

/** Arguments of `netwatch chaos run`. */
export function addChaosRunOptions(yargs: Argv): Argv {
  return addConfigOptions(yargs, chaosRunSpec)
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'scenario: a YAML file, or the name of one that comes with NetWatch',
    })
    .example('$0 chaos run dying-cable', 'a story, and whether NetWatch saw it')
    .example('$0 chaos run my.yaml --check', 'only say what is wrong with the file')
    .example('$0 chaos run my.yaml --json > report.json', 'the report for a script');
}
