import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FetchAnswer, FetchQuestion } from './namespaced-fetch-child.ts';

const CHILD = fileURLToPath(new URL('./namespaced-fetch-child.ts', import.meta.url));

/** Nobody answered, or not in time. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

/** Asks HTTP servers of another network namespace, as somebody there would. */
export class NamespacedFetch {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<FetchAnswer>>();
  #asked = 0;

  /** @param namespace its path */
  constructor(namespace: string) {
    this.#child = fork(CHILD, { execPath: 'nsenter', execArgv: [`--net=${namespace}`, '--', process.execPath] });
    this.#child.on('message', (message) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the child's only message
      const answer = message as FetchAnswer;
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    });
    this.#child.on('exit', () => {
      for (const { reject } of this.#waiting.values())
        reject(new Error('whoever asks in the other namespace has ended'));
    });
  }

  /** As `fetch` does a GET. @throws NoAnswerError when nobody answers @throws Error once nobody is left to ask */
  async get(url: string): Promise<Response> {
    const question: FetchQuestion = { id: this.#asked++, url };
    const waiting = Promise.withResolvers<FetchAnswer>();
    this.#waiting.set(question.id, waiting);
    this.#child.send(question, (error) => error && waiting.reject(error));
    const answer = await waiting.promise;
    if ('problem' in answer) throw new NoAnswerError(`GET ${url}: ${answer.problem}`);
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
