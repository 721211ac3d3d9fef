import { datacenterSpec } from '../../src/config/datacenter.ts';
import { field, file, orNone, toggle, wholeNumber } from '../../src/config/fields.ts';
import { clusterToneRule } from '../../src/config/rules.ts';
import { frequencyPlan, rate } from '../../src/config/shared-fields.ts';
import { defineSpec } from '../../src/config/spec.ts';

/** What a compose file is to run. */
export interface ComposeConfig {
  readonly racks: number;
  readonly serversPerRack: number;
  readonly dcId: string;
  readonly sampleRateHz: number;
  /** As text, to be handed on to the roles. */
  readonly frequencyPlanText: string;
  /** The user's own key, relative to the folder of the compose file; null: one is made at the first start. */
  readonly keyFile: string | null;
  /** Folder the files are written to; null: the project's. */
  readonly directory: string | null;
  /** Only say whether the files are current. */
  readonly check: boolean;
}

/** A bridge of Linux has 1023 ports. */
const MAX_CONTAINERS = 1000;

const COMMAND = 'npm run compose:generate --';

/** What `npm run compose:generate` is told. It takes nothing from the environment: the same flags give the same files. */
export const composeSpec = defineSpec({
  role: 'compose:generate',
  readsEnvironment: false,
  fields: {
    racks: field(wholeNumber(1, 64), { description: 'rack controllers', initial: 4 }),
    servers: field(wholeNumber(1, 256), { description: 'servers in each rack', initial: 8 }),
    dcId: datacenterSpec.fields.dcId,
    rate,
    frequencyPlan,
    keyFile: field(orNone(file), {
      description: 'your own key for the datagrams, as seen from the folder of docker-compose.yml',
      initial: null,
      defaultText: 'one that is made at the first start',
    }),
    directory: field(orNone(file), {
      description:
        'where to write docker-compose.yml and prometheus/targets; they run in a checkout of this project only',
      initial: null,
      defaultText: 'this project',
    }),
    check: field(toggle, {
      description: 'write nothing, say whether the files are current',
      initial: false,
    }),
  },
  rules: [
    {
      keys: ['racks', 'servers'],
      broken: ({ racks, servers }) =>
        racks * (servers + 1) > MAX_CONTAINERS
          ? `${racks} racks of ${servers} servers are more than the ${MAX_CONTAINERS} containers ` +
            'that a network of Docker has room for'
          : null,
    },
    clusterToneRule,
  ],
  resolve: (values): ComposeConfig => {
    const { servers: serversPerRack, rate: sampleRateHz, frequencyPlan: frequencyPlanText, ...same } = values;
    return {
      ...same,
      serversPerRack,
      sampleRateHz,
      frequencyPlanText,
    };
  },
});

/** The flags of this configuration, for a shell. Of what is at its default, it names the size alone. */
export function flagsText(config: ComposeConfig): string {
  const { dcId, rate: sampleRate, frequencyPlan: plan } = composeSpec.fields;
  const flags = [
    `--racks ${config.racks}`,
    `--servers ${config.serversPerRack}`,
    ...(config.dcId === dcId.initial ? [] : [`--dc-id ${config.dcId}`]),
    ...(config.sampleRateHz === sampleRate.initial ? [] : [`--rate ${config.sampleRateHz}`]),
    ...(config.frequencyPlanText === plan.initial ? [] : [`--frequency-plan ${config.frequencyPlanText}`]),
    ...(config.keyFile === null ? [] : [`--key-file ${shellWord(config.keyFile)}`]),
  ];
  return flags.join(' ');
}

/**
 * The command that makes the files of this configuration, for a shell.
 * @param directory where it shall write them; null: to the project, which the files themselves take to be theirs
 */
export function commandOf(config: ComposeConfig, directory: string | null = null): string {
  return `${COMMAND} ${flagsText(config)}${directory === null ? '' : ` --directory ${shellWord(directory)}`}`;
}

/** The flags that a compose file says it was made with, as `flagsText` gives them; null when it does not say. */
export function flagsOf(composeText: string): string | null {
  const line = composeText.split('\n').find((each) => each.startsWith('#') && each.includes(COMMAND));
  return line?.slice(line.indexOf(COMMAND) + COMMAND.length).trim() ?? null;
}

/** As a shell has to be given it to be one argument. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
