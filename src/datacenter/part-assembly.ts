import type { Verdict } from '../core/verdict.ts';
import type { Report } from '../wire/report-lines.ts';

/** A report of which every part is there: one verdict a server, in the order of their ids. */
export interface WholeReport {
  readonly head: Report;
  readonly servers: readonly Verdict[];
  /** Length of its lines, the measure of what it takes to hold it. */
  readonly characters: number;
}

interface Pending {
  readonly key: string;
  readonly lines: Report[];
  characters: number;
}

/** Puts the parts of one rack's reports together. They come in order; a part that does not follow ends its report. */
export class PartAssembly {
  #pending: Pending | null = null;

  /** Length of the lines held until the last part comes. */
  get characters(): number {
    return this.#pending?.characters ?? 0;
  }

  /**
   * Takes a line. Gives the report when it is whole now, `more` when parts are still to come, `broken` when this part
   * does not follow the last one.
   * @param source what the parts of a report must have in common besides its head, such as their connection
   */
  add(report: Report, characters: number, source: number): WholeReport | 'more' | 'broken' {
    const { part = 0, parts = 1 } = report;
    const key = [source, report.boot_id, report.sequence, report.timestamp, parts].join();
    const pending = part === 0 ? { key, lines: [], characters: 0 } : this.#pending;
    this.#pending = null;
    if (pending?.key !== key || pending.lines.length !== part) return 'broken';
    pending.lines.push(report);
    pending.characters += characters;
    if (part === parts - 1) return whole(pending, report);
    this.#pending = pending;
    return 'more';
  }

  /** Gives up the parts held. */
  drop(): void {
    this.#pending = null;
  }
}

function whole({ lines, characters }: Pending, head: Report): WholeReport {
  const byId = new Map<number, Verdict>();
  for (const { servers = [] } of lines) for (const verdict of servers) byId.set(verdict.server_id, verdict);
  const servers = [...byId.values()].toSorted((a, b) => a.server_id - b.server_id);
  return { head, servers, characters };
}
