import type { RackHealth, Verdict } from '../core/verdict.ts';
import { displayWidth, padEnd, padStart, printable, truncate } from './display-width.ts';

/** A longer name is cut: one of them must not take the room of all. */
const MAX_NAME_COLUMNS = 16;

/** How the servers of a tree can be named in a column. */
export interface ServerLabels {
  /** Columns the ids alone take. */
  readonly leastWidth: number;
  /** Columns ids and names take. */
  readonly fullWidth: number;
  /** The label in exactly `columns`: id and name where all of them fit, else the name, else the id. */
  format(verdict: Verdict, columns: number): string;
}

export function createServerLabels(racks: readonly RackHealth[]): ServerLabels {
  let idWidth = 1;
  let nameWidth = 0;
  for (const { servers } of racks) {
    for (const { server_id: id, name } of servers) {
      idWidth = Math.max(idWidth, String(id).length);
      nameWidth = Math.max(nameWidth, Math.min(displayWidth(printable(name ?? '')), MAX_NAME_COLUMNS));
    }
  }
  const fullWidth = nameWidth === 0 ? idWidth : idWidth + 1 + nameWidth;
  return {
    leastWidth: idWidth,
    fullWidth,
    format: ({ server_id: id, name }, columns) => {
      const idText = padStart(String(id), idWidth);
      const shown = truncate(printable(name ?? ''), nameWidth);
      if (fullWidth <= columns) return padEnd(`${idText} ${shown}`.trimEnd(), columns);
      return padEnd(shown !== '' && nameWidth <= columns ? shown : idText, columns);
    },
  };
}

/** A server in a sentence: `rack 2 server 5 (r2-s5)`. */
export function serverText({ rack_id: rackId, server_id: serverId, name }: Verdict): string {
  const shown = printable(name ?? '');
  return `rack ${rackId} server ${serverId}${shown === '' ? '' : ` (${shown})`}`;
}
