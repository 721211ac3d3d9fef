/** What an error says; anything else that was thrown, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why a file cannot be read (`ENOENT: no such file or directory`), without its name, which the caller says anyway. */
export function fileErrorText(error: unknown): string {
  const isOfSystem = error instanceof Error && 'syscall' in error;
  return isOfSystem ? error.message.replace(/, \w+(?: '.*')?$/s, '') : messageOf(error);
}

/** The `code` of a system error (`ECONNREFUSED`), which `fetch` hides in the cause of its own; null when it has none. */
export function connectionErrorCode(error: unknown): string | null {
  const cause = causeOf(error);
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
}

/** That code, or what the error says when it has none. */
export function connectionErrorText(error: unknown): string {
  return connectionErrorCode(error) ?? messageOf(causeOf(error));
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}
