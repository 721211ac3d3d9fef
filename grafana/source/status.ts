import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

// After Okabe and Ito: told apart with every kind of colour vision. Status is in words too, never in colour alone.

/** Colours of what they mean. */
export const COLOURS = {
  good: '#009E73',
  warning: '#E69F00',
  bad: '#D55E00',
  silent: '#CC79A7',
  unknown: '#999999',
  chaos: '#56B4E9',
} as const;

const { RangeToText, ValueToText } = dashboard.MappingType;

/** From where a server's spectral error is a warning and critical. */
export const ERROR_STEPS = steps(COLOURS.good, [0.2, COLOURS.warning], [0.5, COLOURS.bad]);
/** From where the score of a rack or datacenter is degraded and healthy. */
export const SCORE_STEPS = steps(COLOURS.bad, [0.5, COLOURS.warning], [0.8, COLOURS.good]);

/** Steps of thresholds: the colour below the first, then each value and the colour from there on. */
export function steps(base: string, ...above: readonly (readonly [value: number, colour: string])[]) {
  return [{ value: null, color: base }, ...above.map(([value, color]) => ({ value, color }))];
}

/** What `serverStatus` says of a server. */
export const STATUS = { warming: -1, healthy: 0, warning: 1, critical: 2, silent: 3 } as const;

/** Stands beside the severities in a timeline. */
export const ON_PURPOSE = 3;

/** Words for what `serverStatus` gives. */
export const SERVER_STATUS_TEXT: readonly dashboard.ValueMapping[] = [
  {
    type: ValueToText,
    options: {
      [STATUS.silent]: { text: '■ silent', color: COLOURS.silent, index: 0 },
      [STATUS.critical]: { text: '✖ critical', color: COLOURS.bad, index: 1 },
      [STATUS.warning]: { text: '▲ warning', color: COLOURS.warning, index: 2 },
      [STATUS.healthy]: { text: '✔ healthy', color: COLOURS.good, index: 3 },
      [STATUS.warming]: { text: '… warming', color: COLOURS.unknown, index: 4 },
    },
  },
];

/** Words for how bad a fault is, and for what is no fault but was done on purpose. */
export const SEVERITY_TEXT: readonly dashboard.ValueMapping[] = [
  {
    type: ValueToText,
    options: {
      '2': { text: '✖ critical', color: COLOURS.bad, index: 0 },
      '1': { text: '▲ warning', color: COLOURS.warning, index: 1 },
      '0': { text: '· info', color: COLOURS.unknown, index: 2 },
      [ON_PURPOSE]: { text: '● on purpose', color: COLOURS.chaos, index: 3 },
    },
  },
];

// Ranges hold both their ends and the first that fits is taken: so 0.8 is healthy, as it is in NetWatch.

/** Words for a score. */
export const SCORE_TEXT: readonly dashboard.ValueMapping[] = [
  range(0.8, null, '✔ healthy', COLOURS.good),
  range(0.5, 0.8, '▲ degraded', COLOURS.warning),
  range(null, 0.5, '✖ critical', COLOURS.bad),
];

/** Words for 1 and 0. */
export function yesNo(yes: string, no: string): readonly dashboard.ValueMapping[] {
  return [
    {
      type: ValueToText,
      options: {
        '1': { text: `✔ ${yes}`, color: COLOURS.good, index: 0 },
        '0': { text: `✖ ${no}`, color: COLOURS.bad, index: 1 },
      },
    },
  ];
}

/** A word in place of 1, for series that are only there while something is so. */
export function whileThere(text: string, color: string): readonly dashboard.ValueMapping[] {
  return [{ type: ValueToText, options: { '1': { text, color, index: 0 } } }];
}

function range(from: number | null, to: number | null, text: string, color: string): dashboard.ValueMapping {
  return { type: RangeToText, options: { from, to, result: { text, color } } };
}
