// Runs in another network namespace, and ends with its parent.

export interface FetchQuestion {
  readonly id: number;
  readonly url: string;
}

export type FetchAnswer =
  | { readonly id: number; readonly status: number; readonly body: string }
  | { readonly id: number; readonly problem: string };

const DEADLINE_MS = 10_000;

process.on('message', (message) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parent's only message
  void ask(message as FetchQuestion).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());

async function ask({ id, url }: FetchQuestion): Promise<FetchAnswer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
    return { id, status: response.status, body: await response.text() };
  } catch (error) {
    const { message, cause } = error as Error;
    return { id, problem: cause instanceof Error ? `${message}: ${cause.message}` : message };
  }
}
