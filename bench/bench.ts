/** One line of the table. */
export interface Row {
  /** What was measured. */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The figure must not be above this; null: printed for information. */
  readonly target: number | null;
  /** What the figure is compared with, and how many times as much it is; null where nothing is compared. */
  readonly baseline: { readonly what: string; readonly ratio: number } | null;
}

export interface BenchContext {
  /** How long each measurement runs, seconds; null: as long as the bench thinks right. */
  readonly seconds: number | null;
  /** Says on stderr how far it is. */
  readonly progress: (text: string) => void;
}

export interface BenchResult {
  readonly rows: readonly Row[];
  /** What one must know to read the rows: the load reached, what was lost, how it varied. */
  readonly notes: readonly string[];
}

/** Measures one thing. Takes no part in tests: its figures depend on the machine. */
export type Bench = (context: BenchContext) => Promise<BenchResult>;

export function isMet({ value, target }: Row): boolean | null {
  return target === null ? null : value <= target;
}
