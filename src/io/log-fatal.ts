import { messageOf } from './error-text.ts';
import type { Log } from './log.ts';
import { UserError } from './user-error.ts';

/** Logs why a role ends: one sentence for what its user can mend, the stack too for what nobody foresaw. */
export function logFatal(log: Log, error: unknown): void {
  if (error instanceof UserError) log.fatal(error.message);
  else log.fatal({ err: error }, messageOf(error));
}
