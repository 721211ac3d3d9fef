import type { WallClock } from '../../io/clock.ts';
import { json, problem, text, type HttpResponse } from '../../io/http-response.ts';
import {
  ChaosStatusSchema,
  ClearAnswerSchema,
  InjectAnswerSchema,
  InjectionPathSchema,
  InjectRequestSchema,
} from '../../wire/api/chaos-control-schema.ts';
import type { ChaosControlStatus, ClearAnswer, InjectRequest } from '../../wire/api/chaos-control.ts';
import { parseChaosNotice } from '../../wire/chaos-notice-schema.ts';
import type { ChaosNotice } from '../../wire/chaos-notice.ts';
import type { ChaosControl, ControlOutcome } from '../chaos-control.ts';
import { MAX_INJECTIONS, type ChaosJournal } from '../chaos-journal.ts';
import { createTurns, TOO_MANY_WAIT } from '../turns.ts';
import type { Operation } from './operation.ts';

export interface ChaosOperationsOptions {
  readonly chaos: ChaosJournal;
  readonly clock: WallClock;
  /** How the lab is broken; null: the datacenter was not told. */
  readonly control: ChaosControl | null;
  /** Whether there is a control token, without which nobody may control anything. */
  readonly hasControlToken: boolean;
}

const NO_LAB =
  'This datacenter was not told how its servers are broken: it has no lab (--lab-file). Use "netwatch chaos" on a machine that reaches them.';
const NO_TOKEN = 'This datacenter lets nobody control chaos: start it with --control-token-file.';
const FULL = `${MAX_INJECTIONS} injections are active, which is the most: clear one, or wait until one ends.`;
const BUSY = 'Too many others wait to inject or to clear: try again in a few seconds.';

/** What is injected, and the means to change it where the lab can be reached. */
export function createChaosOperations(options: ChaosOperationsOptions) {
  const inTurn = createTurns();
  return [statusOperation(options), injectOperation(options, inTurn), ...clearOperations(options, inTurn)] as const;
}

type InTurn = ReturnType<typeof createTurns>;

function statusOperation(options: ChaosOperationsOptions): Operation {
  const { chaos, clock } = options;
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
      const control = JSON.stringify(await statusOf(options));
      chaos.check(clock.nowSeconds());
      const { active } = chaos;
      // However many ask how often: the text, which may be long, is made once for each change.
      if (shown === null || shown.active !== active || shown.control !== control) {
        shown = { active, control, body: `{"injections":${JSON.stringify(active)},"control":${control}}` };
      }
      return text(shown.body, 'application/json; charset=utf-8');
    },
  };
}

function statusOf({ control, hasControlToken }: ChaosOperationsOptions): Promise<ChaosControlStatus> {
  if (control === null) return Promise.resolve({ available: false, reason: NO_LAB });
  return hasControlToken ? control.status() : Promise.resolve({ available: false, reason: NO_TOKEN });
}

function injectOperation(options: ChaosOperationsOptions, inTurn: InTurn): Operation<never, never, InjectRequest> {
  const { chaos, clock, control } = options;
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
    handle: ({ body }) =>
      inTurn(async (): Promise<HttpResponse> => {
        if (control === null) return problem(503, NO_LAB);
        chaos.check(clock.nowSeconds());
        if (chaos.active.length >= MAX_INJECTIONS) return problem(429, FULL);
        const outcome = await control.inject(body);
        const answer = outcome.kind === 'done' ? await announced(chaos, control, outcome.value) : refusal(outcome);
        await correct(options, control);
        return answer;
      }).then(orBusy),
  };
}

/** The datacenter tells itself of what is in force; what it has no room for is undone. */
async function announced(chaos: ChaosJournal, control: ChaosControl, notice: ChaosNotice): Promise<HttpResponse> {
  const parsed = parseChaosNotice(notice);
  if (parsed.kind === 'notice' && chaos.begin(parsed.notice)) return json(parsed.notice, 201);
  const undone = await control.clear(notice.id);
  if (undone.kind === 'refused') return refusal(undone);
  if (parsed.kind === 'problem') throw new Error(`the control of the lab gave a bad notice: ${parsed.problem}`);
  return problem(429, FULL);
}

function clearOperations(options: ChaosOperationsOptions, inTurn: InTurn) {
  const problems = {
    403: 'There is no control token, or a page of another origin asks',
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
    handle: ({ path: { id } }) => inTurn(() => clear(options, id)).then(orBusy),
  };
  const all: Operation = {
    ...common,
    route: 'DELETE /api/v1/chaos/injections',
    id: 'clearChaos',
    summary: 'Undo every injection of the lab',
    problems,
    handle: () => inTurn(() => clear(options, null)).then(orBusy),
  };
  return [one, all] as const;
}

/** @param id null: every injection of the lab */
async function clear(options: ChaosOperationsOptions, id: string | null): Promise<HttpResponse> {
  const { chaos, clock, control } = options;
  if (control === null) return problem(503, NO_LAB);
  chaos.check(clock.nowSeconds());
  const shown = chaos.active.filter((notice) => id === null || notice.id === id);
  const elsewhere = shown.find(({ target }) => target !== control.target);
  if (id !== null && elsewhere !== undefined) {
    const detail = `Injection ${id} is of target ${elsewhere.target}, which this API does not reach: use "netwatch chaos --target ${elsewhere.target} --clear".`;
    return problem(409, detail);
  }
  const outcome = await control.clear(id);
  if (outcome.kind === 'refused') return refusal(outcome);
  // What is shown and held by nobody is over, too.
  const ids = new Set([...outcome.value, ...shown.filter((one) => one.target === control.target).map((one) => one.id)]);
  if (id !== null && ids.size === 0) return problem(404, `No injection ${id} is active.`);
  for (const cleared of ids) chaos.end({ id: cleared, ended_at: clock.nowSeconds(), reason: 'cleared' });
  const answer: ClearAnswer = { cleared_ids: [...ids] };
  return json(answer);
}

/** What was replaced by an injection, or went with its agent, is not shown any more where it is not. */
async function correct({ chaos, clock }: ChaosOperationsOptions, control: ChaosControl): Promise<void> {
  const { endedIds, narrowed } = await control.compare(chaos.active);
  for (const id of endedIds) chaos.end({ id, ended_at: clock.nowSeconds(), reason: 'cleared' });
  for (const notice of narrowed) {
    const parsed = parseChaosNotice(notice);
    // Whoever injected it may have told of its end in between.
    const isShown = chaos.active.some(({ id }) => id === notice.id);
    if (isShown && parsed.kind === 'notice') chaos.begin(parsed.notice);
  }
}

function refusal({ status, detail }: Extract<ControlOutcome<unknown>, { kind: 'refused' }>): HttpResponse {
  return problem(status, detail);
}

function orBusy(answer: HttpResponse | typeof TOO_MANY_WAIT): HttpResponse {
  return answer === TOO_MANY_WAIT ? problem(429, BUSY) : answer;
}
