import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useScheme } from '../theme/colours.ts';
import { themeColours, type ThemeColours } from './theme-colours.ts';

/** Something to draw on. All measures are CSS pixels. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly colours: ThemeColours;
}

/** A place on a canvas, CSS pixels. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

interface CanvasPlotProps {
  readonly height: number;
  /** A sentence that says what is seen. */
  readonly label: string;
  /** Drawn when this is another function than before, when the size changes, and when the theme does. */
  readonly draw: (surface: Surface) => void;
  /** Where the pointer is; null when it has left. */
  readonly onPoint?: (point: PlotPoint | null, width: number) => void;
  /** True when the key did something here. */
  readonly onKey?: (key: string) => boolean;
}

/** A canvas as wide as its place, sharp on any screen. */
export function CanvasPlot({ height, label, draw, onPoint, onKey }: CanvasPlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const scheme = useScheme();

  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (width === 0) return undefined;
    const frame = requestAnimationFrame(() => drawSharp(canvas.current, { width, height }, draw));
    return () => cancelAnimationFrame(frame);
  }, [draw, width, height, scheme]);

  return (
    <canvas
      ref={canvas}
      class="plot"
      style={{ height: `${height}px` }}
      role="img"
      aria-label={label}
      tabIndex={onKey === undefined ? -1 : 0}
      onPointerMove={(event) => onPoint?.({ x: event.offsetX, y: event.offsetY }, width)}
      onPointerLeave={() => onPoint?.(null, width)}
      onKeyDown={(event) => {
        if (isPlainKey(event) && onKey?.(event.key) === true) event.preventDefault();
      }}
    />
  );
}

/** With a modifier a key is the browser's: it goes back, or changes the size of the page. */
export function isPlainKey({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && !altKey;
}

function drawSharp(
  canvas: HTMLCanvasElement | null,
  { width, height }: { readonly width: number; readonly height: number },
  draw: (surface: Surface) => void,
): void {
  const context = canvas?.getContext('2d') ?? null;
  if (canvas === null || context === null) return;
  const ratio = devicePixelRatio;
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting the size empties a canvas, even to what it was.
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `11px ${getComputedStyle(canvas).fontFamily}`;
  draw({ context, width, height, colours: themeColours() });
}
