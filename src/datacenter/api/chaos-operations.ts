import { jsonText, problem, type HttpResponse } from '../../io/http-response.ts';
import {
  ChaosStatusSchema,
  ClearAnswerSchema,
  InjectAnswerSchema,
  InjectionPathSchema,
  InjectRequestSchema,
} from '../../wire/api/chaos-control-schema.ts';
import type { ChaosControlStatus, InjectRequest } from '../../wire/api/chaos-control.ts';
import { clearFrom, correct, injectInto, NO_LAB, type ChangeChaosOptions } from '../change-chaos.ts';
import type { ChaosJournal } from '../chaos-journal.ts';
import { createTurns, TOO_MANY_WAIT } from '../turns.ts';
import type { Operation } from './operation.ts';

export interface ChaosOperationsOptions extends ChangeChaosOptions {
  /** Whether there is a control token, without which nobody may control anything. */
  readonly hasControlToken: boolean;
}

const NO_TOKEN = 'This datacenter lets nobody control chaos: start it with --control-token-file.';
/** Between two looks at what is still in force. */
const LOOK_SECONDS = 5;
const BUSY = 'Too many others wait to inject or to clear: try again in a few seconds.';

/** What is injected, and the means to change it where the lab can be reached. */
export function createChaosOperations(options: ChaosOperationsOptions) {
  const inTurn = createTurns();
  return [
    statusOperation(options, inTurn),
    injectOperation(options, inTurn),
    ...clearOperations(options, inTurn),
  ] as const;
}

type InTurn = ReturnType<typeof createTurns>;

function statusOperation(options: ChaosOperationsOptions, inTurn: InTurn): Operation {
  const { chaos, clock } = options;
  const lookAgain = createLook(options, inTurn);
  let shown: { readonly active: ChaosJournal['active']; readonly control: string; readonly body: string } | null = null;
  return {
    route: 'GET /api/v1/chaos',
    id: 'getChaos',
    tag: 'chaos',
    summary: 'What is broken on purpose',
    description: 'Injections that are active, oldest first, and whether this API can inject.',
    answer: { status: 200, description: 'What is injected now', schema: ChaosStatusSchema },
    problems: {},
    access: 'read',
    async handle() {
      lookAgain();
      const control = JSON.stringify(await statusOf(options));
      chaos.check(clock.nowSeconds());
      const { active } = chaos;
      // However many ask how often: the text, which may be long, is made once for each change.
      if (shown === null || shown.active !== active || shown.control !== control) {
        shown = { active, control, body: `{"injections":${JSON.stringify(active)},"control":${control}}` };
      }
      return jsonText(shown.body);
    },
  };
}

/** While somebody looks: what went with its agent is found out soon, though nobody waits for it. */
function createLook(options: ChaosOperationsOptions, inTurn: InTurn): () => void {
  const { chaos, clock, control } = options;
  let nextSeconds = 0;
  return () => {
    const nowSeconds = clock.nowSeconds();
    if (control === null || nowSeconds < nextSeconds) return;
    if (!chaos.active.some(({ target }) => target === control.target)) return;
    nextSeconds = nowSeconds + LOOK_SECONDS;
    void inTurn(() => correct(options, control));
  };
}

function statusOf({ control, hasControlToken }: ChaosOperationsOptions): Promise<ChaosControlStatus> {
  if (control === null) return Promise.resolve({ available: false, reason: NO_LAB });
  return hasControlToken ? control.status() : Promise.resolve({ available: false, reason: NO_TOKEN });
}

function injectOperation(options: ChaosOperationsOptions, inTurn: InTurn): Operation<never, never, InjectRequest> {
  return {
    route: 'POST /api/v1/chaos/injections',
    id: 'injectChaos',
    tag: 'chaos',
    summary: 'Break the network of servers',
    description:
      'On all of these servers or on none. It ends by itself when its duration is over, and takes the place of what ' +
      'these servers had. The faults are those of `netwatch chaos` and of scenarios.',
    body: InjectRequestSchema,
    answer: { status: 201, description: 'It is in force', schema: InjectAnswerSchema },
    problems: {
      403: 'There is no control token, or a page of another origin asks',
      404: 'There is no such rack or server',
      415: 'The body is not said to be JSON',
      429: 'Too many injections are active',
      502: 'The lab failed to do it: nothing was injected, unless the detail says otherwise',
      503: 'The lab cannot be reached',
    },
    access: 'control',
    handle: ({ body }) => inTurn(() => injectInto(options, body)).then(orBusy),
  };
}

function clearOperations(options: ChaosOperationsOptions, inTurn: InTurn) {
  const problems = {
    403: 'There is no control token, or a page of another origin asks',
    429: 'Too many others wait',
    502: 'The lab failed to do it: the network may still be broken',
    503: 'The lab cannot be reached',
  };
  const answer = { status: 200, description: 'It is gone, the agents say', schema: ClearAnswerSchema };
  const common = { tag: 'chaos', answer, access: 'control' } as const;
  const one: Operation<{ readonly id: string }> = {
    ...common,
    route: 'DELETE /api/v1/chaos/injections/:id',
    id: 'clearInjection',
    summary: 'Undo an injection',
    path: InjectionPathSchema,
    problems: { ...problems, 404: 'No such injection is active', 409: 'It was not injected in this lab' },
    handle: ({ path: { id } }) => inTurn(() => clearFrom(options, id)).then(orBusy),
  };
  const all: Operation = {
    ...common,
    route: 'DELETE /api/v1/chaos/injections',
    id: 'clearChaos',
    summary: 'Undo every injection of the lab',
    problems,
    handle: () => inTurn(() => clearFrom(options, null)).then(orBusy),
  };
  return [one, all] as const;
}

function orBusy(answer: HttpResponse | typeof TOO_MANY_WAIT): HttpResponse {
  return answer === TOO_MANY_WAIT ? problem(429, BUSY) : answer;
}
