import type { Engine } from './engine.ts';

/** Longest that a helper may take to set up or to sweep, on a machine that is busy. */
const PATIENCE_SECONDS = 30;

export interface HelperRun {
  readonly lines: readonly string[];
  /** `heard`: the line came; `ended`: the helper did; `late`: neither, in good time. */
  readonly end: 'heard' | 'ended' | 'late';
}

/**
 * Starts a helper and listens to it until it says a line that is waited for, or ends.
 * @throws ChaosError when it cannot be started; the reason of `signal` when that is aborted
 */
export async function runHelper(
  engine: Engine,
  id: string,
  { isAwaited, signal }: { readonly isAwaited: (line: string) => boolean; readonly signal: AbortSignal },
): Promise<HelperRun> {
  const lines: string[] = [];
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PATIENCE_SECONDS * 1_000);
  const either = AbortSignal.any([signal, late.signal]);
  try {
    // Listening begins first, so that nothing is missed.
    const said = await engine.attach(id, either);
    await engine.start(id, either);
    for await (const line of said) {
      lines.push(line);
      if (isAwaited(line)) return { lines, end: 'heard' };
    }
    return { lines, end: 'ended' };
  } catch (error) {
    if (signal.aborted || !late.signal.aborted) throw error;
    return { lines, end: 'late' };
  } finally {
    clearTimeout(timer);
  }
}
