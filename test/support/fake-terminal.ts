import { EventEmitter } from 'node:events';

/** A terminal that remembers what was written to it. */
export class FakeTerminal extends EventEmitter {
  isTTY: boolean;
  columns: number;
  rows: number;
  needDrain = false;
  readonly #written: string[] = [];

  constructor({ columns, rows, isTTY }: { columns: number; rows: number; isTTY: boolean }) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.isTTY = isTTY;
  }

  get writableNeedDrain(): boolean {
    return this.needDrain;
  }

  write(chunk: unknown): boolean {
    this.#written.push(String(chunk));
    this.emit('written');
    return true;
  }

  written(): string {
    return this.#written.join('');
  }

  resize({ columns, rows }: { columns: number; rows: number }): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  /** Resolves once something was written, from now on, that has this in it. */
  async writes(text: string): Promise<string> {
    return new Promise((resolve) => {
      const onWritten = (): void => {
        const last = this.#written.at(-1) ?? '';
        if (!last.includes(text)) return;
        this.off('written', onWritten);
        resolve(last);
      };
      this.on('written', onWritten);
    });
  }
}

export function createFakeTerminal(options: { columns: number; rows: number; isTTY?: boolean }): FakeTerminal {
  return new FakeTerminal({ isTTY: true, ...options });
}
