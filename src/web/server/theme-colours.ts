import { colourOf } from '../theme/colours.ts';

/** Colours of the theme that canvases are drawn with, by the names of their custom properties. */
const NAMES = [
  'surface',
  'panel',
  'line',
  'line-strong',
  'text',
  'text-soft',
  'accent',
  'accent-soft',
  'trace',
  'trace-soft',
  'grid',
  'healthy',
  'warning',
  'critical',
  'silent',
  'chaos-band',
  'fault-band',
  'note-band',
] as const;

export type ColourName = (typeof NAMES)[number];
export type ThemeColours = Readonly<Record<ColourName, string>>;

/** The theme's colours as they are now. */
export function themeColours(): ThemeColours {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets the names it is given.
  return Object.fromEntries(NAMES.map((name) => [name, colourOf(`--${name}`)])) as ThemeColours;
}
