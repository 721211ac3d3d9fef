import { COLOUR } from './palette.ts';

export type Attributes = Readonly<Record<string, string | number>>;

/** An element with its children, which are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeMarkup(short(value))}"`);
  const open = `<${name}${list.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** Coordinates with a tenth of a pixel: finer is not seen and would only make the file large. */
export function short(value: string | number): string {
  return typeof value === 'string' ? value : String(Math.round(value * 10) / 10 + 0);
}

export function escapeMarkup(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly fill?: string;
  readonly size?: number;
  readonly weight?: number;
  /** Degrees, about the text's own place. */
  readonly rotate?: number;
  /** A rim in the colour of the ground, for text that lies on marks. */
  readonly hasHalo?: boolean;
}

/** One line of text. `_{…}` sets a subscript, `^{…}` a superscript. */
export function text(x: number, y: number, line: string, style: TextStyle = {}): string {
  const attributes: Record<string, string | number> = { x, y, fill: style.fill ?? COLOUR.ink };
  if (style.anchor) attributes['text-anchor'] = style.anchor;
  if (style.size) attributes['font-size'] = style.size;
  if (style.weight) attributes['font-weight'] = style.weight;
  if (style.rotate) attributes['transform'] = `rotate(${style.rotate} ${short(x)} ${short(y)})`;
  if (style.hasHalo) Object.assign(attributes, { stroke: COLOUR.ground, 'stroke-width': 4, 'paint-order': 'stroke' });
  return element('text', attributes, raised(escapeMarkup(line)));
}

/** Renderers disagree on baseline-shift, so a raised part is moved by dy and what follows is moved back. */
function raised(markup: string): string {
  let back = 0;
  const parts = markup.split(/([_^]\{[^}]*\})/).filter((part) => part !== '');
  const spans = parts.map((part) => {
    const match = /^([_^])\{(.*)\}$/.exec(part);
    const dy = match ? (match[1] === '_' ? 3 : -4) : 0;
    const shift = dy - back;
    back = dy;
    if (!match && shift === 0) return part;
    return `<tspan${shift === 0 ? '' : ` dy="${shift}"`}${match ? ' font-size="9"' : ''}>${match ? match[2] : part}</tspan>`;
  });
  return spans.join('');
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Heading, and what assistive technology reads first. */
  readonly title: string;
  /** One or two lines below the heading. */
  readonly lines: readonly string[];
  readonly body: readonly string[];
}

/** Space that heading and lines take at the top. */
export function headHeight(lineCount: number): number {
  return 45 + 18 * lineCount;
}

/** A whole file. */
export function pictureFile(picture: Picture): string {
  const { width, height, title, lines } = picture;
  const head = [
    text(20, 30, title, { size: 16, weight: 600 }),
    ...lines.map((line, i) => text(20, 51 + 18 * i, line, { size: 12.5, fill: COLOUR.muted })),
  ];
  const ground = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8, fill: COLOUR.ground };
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': 'title about',
      'font-family': 'Inter, system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif',
      'font-size': 12,
      style: 'font-variant-numeric: tabular-nums',
    },
    element('title', { id: 'title' }, escapeMarkup(title)),
    element('desc', { id: 'about' }, escapeMarkup(lines.join(' ').replaceAll(/[_^]\{([^}]*)\}/g, '$1'))),
    ['', element('rect', { ...ground, stroke: COLOUR.border }), ...head, ...picture.body, ''].join('\n'),
  )}\n`;
}
