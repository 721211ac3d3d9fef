/** What is needed of standard output: a stream that, on a terminal, knows its size. `process.stdout` is one. */
export interface TerminalStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly writableNeedDrain: boolean;
  write(text: string): boolean;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The size of the terminal, or of the page when it is none: 100 columns and as many rows as it takes. */
export function terminalSize({ isTTY, columns, rows }: TerminalStream): TerminalSize {
  if (isTTY !== true) return { columns: 100, rows: Infinity };
  // A terminal that does not know its size says 0.
  return {
    columns: columns !== undefined && columns > 0 ? columns : 80,
    rows: rows !== undefined && rows > 0 ? rows : 24,
  };
}
