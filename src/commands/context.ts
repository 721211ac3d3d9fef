/** What a command may touch of its process. Only `cli.ts` makes one, from the real process. */
export interface CommandContext {
  readonly version: string;
  /** The file this program was started with, to start its roles again as children. */
  readonly cliFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal;
  /** Ends what `signal` ends, with an exit code of 1: something the command needs is gone. */
  readonly fail: (error: Error) => void;
  /**
   * The command has something to undo or to take away, and may need this long to once it was told to end (5 s when it
   * does not say): it is told to end in order, too, when nobody hears what it says.
   */
  readonly closeWithin: (ms: number) => void;
}

/** A command: what it does with its parsed arguments, and the exit code of that. */
export type CommandHandler = (context: CommandContext, args: Readonly<Record<string, unknown>>) => Promise<number>;

export const DONE = 0;
export const FAILED = 1;
export const BAD_USAGE = 2;
