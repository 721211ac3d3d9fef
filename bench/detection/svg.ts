/** One detector at one setting. */
export interface TradePoint {
  /** Factor on the thresholds. */
  readonly scale: number;
  /** False alarms of this detector per stream in 30 days; where none came, the upper limit that the time allows. */
  readonly alarmsPer30Days: number;
  /** True when none came: the point is a limit. */
  readonly isLimit: boolean;
  readonly medianSeconds: number;
}

export interface TradeCurve {
  readonly name: string;
  readonly points: readonly TradePoint[];
}

const WIDTH = 760;
const HEIGHT = 460;
const LEFT = 70;
const RIGHT = 220;
const TOP = 30;
const BOTTOM = 60;
/** Colours that people who cannot tell red from green can tell (Okabe and Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#999999'];

/** Delay against false alarms, both on a logarithmic scale, a line for each detector. */
export function tradeSvg(curves: readonly TradeCurve[], streamDays: number): string {
  const points = curves.flatMap((curve) => curve.points);
  const x = axis(
    points.map((point) => point.alarmsPer30Days),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = axis(
    points.map((point) => point.medianSeconds),
    HEIGHT - BOTTOM,
    TOP,
  );
  const lines = curves.map((curve, i) => curveSvg(curve, COLOURS[i % COLOURS.length] ?? '#000', x.at, y.at));
  const names = curves.map(({ name }, i) => {
    const colour = COLOURS[i % COLOURS.length] ?? '#000';
    const top = TOP + 20 + 20 * i;
    return `<circle cx="${WIDTH - RIGHT + 24}" cy="${top - 4}" r="4" fill="${colour}"/><text x="${WIDTH - RIGHT + 36}" y="${top}">${name}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="Detection time against false alarms">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...x.ticks.map((tick) => gridX(tick, x.at(tick))),
    ...y.ticks.map((tick) => gridY(tick, y.at(tick))),
    ...lines,
    ...names,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 16}" text-anchor="middle">false alarms per stream in 30 days (hollow: none in ${Math.round(streamDays * 10) / 10} stream-days)</text>`,
    `<text transform="translate(18 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">median detection time, seconds</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function curveSvg(curve: TradeCurve, colour: string, x: (v: number) => number, y: (v: number) => number): string {
  const at = curve.points.map((point) => ({ ...point, px: x(point.alarmsPer30Days), py: y(point.medianSeconds) }));
  const path = at.map(({ px, py }) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
  const dots = at.map(({ px, py, isLimit, scale }) => {
    const fill = isLimit ? '#fff' : colour;
    const radius = scale === 1 ? 6 : 3.5;
    return `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="${radius}" fill="${fill}" stroke="${colour}"><title>thresholds × ${scale}</title></circle>`;
  });
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}`;
}

function gridX(tick: number, px: number): string {
  return `<line x1="${px}" x2="${px}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#ddd"/><text x="${px}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${tick}</text>`;
}

function gridY(tick: number, py: number): string {
  return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${py}" y2="${py}" stroke="#ddd"/><text x="${LEFT - 8}" y="${py + 4}" text-anchor="end">${tick}</text>`;
}

/** Whole decades around the values. */
function axis(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values, 1)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...values, 1))), low + 1);
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => Number((10 ** (low + i)).toPrecision(3)));
  return { ticks, at: (value: number) => from + ((Math.log10(value) - low) / (high - low)) * (to - from) };
}
