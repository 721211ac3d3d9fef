import { graph } from './graph.ts';
import type { NumberStyle, PlacedPanel, Query } from './panel.ts';

/** A graph of half the width. */
export function half(title: string, description: string, style: NumberStyle, queries: readonly Query[]): PlacedPanel {
  return graph({ title, description, width: 12, height: 8, queries, ...style });
}
