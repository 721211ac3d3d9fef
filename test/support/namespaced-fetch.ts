import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FetchAnswer, FetchQuestion } from './namespaced-fetch-child.ts';

const CHILD = fileURLToPath(new URL('./namespaced-fetch-child.ts', import.meta.url));

/** Asks HTTP servers of another network namespace, as somebody there would. */
export class NamespacedFetch {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: FetchAnswer) => void>();
  #asked = 0;

  /** @param namespace its path */
  constructor(namespace: string) {
    this.#child = fork(CHILD, { execPath: 'nsenter', execArgv: [`--net=${namespace}`, '--', process.execPath] });
    this.#child.on('message', (message) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the child's only message
      const answer = message as FetchAnswer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    this.#child.on('exit', () => {
      for (const [id, tell] of this.#waiting) tell({ id, problem: 'whoever asks has ended' });
    });
  }

  /** As `fetch` does a GET. @throws Error when nobody answers */
  async get(url: string): Promise<Response> {
    const question: FetchQuestion = { id: this.#asked++, url };
    const { promise, resolve } = Promise.withResolvers<FetchAnswer>();
    this.#waiting.set(question.id, resolve);
    this.#child.send(question, (error) => error && resolve({ id: question.id, problem: error.message }));
    const answer = await promise;
    if ('problem' in answer) throw new Error(`GET ${url}: ${answer.problem}`);
    return new Response(answer.body, { status: answer.status });
  }

  /** Idempotent. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
