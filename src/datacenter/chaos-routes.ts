import type { WallClock } from '../io/clock.ts';
import { refuseMediaType, refuseStranger } from '../io/control-refusals.ts';
import { json, problem, type HttpResponse } from '../io/http-response.ts';
import type { HttpContent, HttpHandler, HttpRoutes } from '../io/http-router.ts';
import { parseChaosEnd, parseChaosNotice, type ParsedNotice } from '../wire/chaos-notice-schema.ts';
import { parseJsonBytes } from '../wire/json-bytes.ts';
import { refuseParameters } from './api/unknown-parameter.ts';
import { NO_ROOM, type ChaosJournal } from './chaos-journal.ts';
import type { ChaosRejection, ChaosRejections } from './chaos-rejections.ts';

export interface ChaosRoutesOptions {
  readonly chaos: ChaosJournal;
  readonly chaosRejections: ChaosRejections;
  readonly clock: WallClock;
  /** What an injector must show; null: nobody may announce anything. */
  readonly controlToken: string | null;
}

interface Refusal {
  readonly reason: ChaosRejection;
  readonly response: HttpResponse;
}

const NO_CONTROL =
  'This datacenter takes no announcements of chaos. ' +
  'Start it with --control-token-file to allow whoever has that token.';

/** What injectors tell the datacenter. */
export function createChaosRoutes(options: ChaosRoutesOptions): HttpRoutes {
  const { chaos, clock } = options;
  return {
    'POST /api/v1/chaos/begin': announcement(options, parseChaosNotice, (notice) => {
      chaos.check(clock.nowSeconds());
      if (chaos.begin(notice)) return json({ id: notice.id, active: true });
      return { reason: 'too-many', response: problem(429, NO_ROOM) };
    }),
    'POST /api/v1/chaos/end': announcement(options, parseChaosEnd, (end) => {
      chaos.end(end);
      return json({ id: end.id, active: false });
    }),
  };
}

/** A route that takes a notice from whoever shows the token, and counts what it turns away. */
function announcement<T>(
  { controlToken, chaosRejections }: ChaosRoutesOptions,
  parse: (value: unknown) => ParsedNotice<T>,
  take: (notice: T) => HttpResponse | Refusal,
): HttpHandler {
  const refuse = ({ reason, response }: Refusal): HttpResponse => {
    chaosRejections.add(reason);
    return response;
  };
  return ({ content, query }) => {
    const refusal = refusalOf(content, controlToken);
    if (refusal !== null) return refuse(refusal);
    const badQuery = refuseParameters(query);
    if (badQuery !== null) return refuse({ reason: 'bad-notice', response: badQuery });
    const value = parseJsonBytes(content.body);
    if (value === undefined) return refuse({ reason: 'bad-json', response: problem(400, 'The body is not JSON.') });
    const parsed = parse(value);
    if (parsed.kind === 'problem') return refuse({ reason: 'bad-notice', response: problem(400, parsed.problem) });
    const taken = take(parsed.notice);
    return 'reason' in taken ? refuse(taken) : taken;
  };
}

/** Why this request may not announce anything, whatever its body says; null when it may. */
function refusalOf(content: HttpContent, controlToken: string | null): Refusal | null {
  if (controlToken === null) return { reason: 'no-control', response: problem(403, NO_CONTROL) };
  const badToken = refuseStranger(content, controlToken);
  if (badToken !== null) return { reason: 'bad-token', response: badToken };
  const badMediaType = refuseMediaType(content);
  return badMediaType === null ? null : { reason: 'bad-media-type', response: badMediaType };
}
