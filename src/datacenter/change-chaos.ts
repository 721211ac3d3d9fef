import type { WallClock } from '../io/clock.ts';
import { json, problem, type HttpResponse } from '../io/http-response.ts';
import type { ClearAnswer, InjectRequest } from '../wire/api/chaos-control.ts';
import { parseChaosNotice } from '../wire/chaos-notice-schema.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import type { ChaosControl, ControlOutcome } from './chaos-control.ts';
import { MAX_INJECTIONS, NO_ROOM, type ChaosJournal } from './chaos-journal.ts';

export interface ChangeChaosOptions {
  readonly chaos: ChaosJournal;
  readonly clock: WallClock;
  /** How the lab is broken; null: the datacenter was not told. */
  readonly control: ChaosControl | null;
}

/** Why a datacenter without a lab can inject nothing. */
export const NO_LAB =
  'This datacenter was not told how its servers are broken: it has no lab (--lab-file). Use "netwatch chaos" on a machine that reaches them.';

/** Injects, and has the datacenter tell itself of it: what is in force, or why nothing is. */
export async function injectInto(options: ChangeChaosOptions, request: InjectRequest): Promise<HttpResponse> {
  const { chaos, clock, control } = options;
  if (control === null) return problem(503, NO_LAB);
  chaos.check(clock.nowSeconds());
  if (chaos.active.length >= MAX_INJECTIONS) return problem(429, NO_ROOM);
  const outcome = await control.inject(request);
  const answer = outcome.kind === 'done' ? await announced(chaos, control, outcome.value) : refusal(outcome);
  await correct(options, control);
  return answer;
}

/**
 * Undoes an injection, and has the datacenter tell itself of that.
 * @param id null: every injection of the lab
 */
export async function clearFrom(options: ChangeChaosOptions, id: string | null): Promise<HttpResponse> {
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

/** The datacenter tells itself of what is in force; what it has no room for is undone. */
async function announced(chaos: ChaosJournal, control: ChaosControl, notice: ChaosNotice): Promise<HttpResponse> {
  const parsed = parseChaosNotice(notice);
  if (parsed.kind === 'notice' && chaos.begin(parsed.notice)) return json(parsed.notice, 201);
  const undone = await control.clear(notice.id);
  if (undone.kind === 'refused') return refusal(undone);
  if (parsed.kind === 'problem') throw new Error(`the control of the lab gave a bad notice: ${parsed.problem}`);
  return problem(429, NO_ROOM);
}

/** What was replaced by an injection, or went with its agent, is not shown any more where it is not. */
export async function correct({ chaos, clock }: ChangeChaosOptions, control: ChaosControl): Promise<void> {
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
