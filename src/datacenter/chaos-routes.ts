import { isBearer } from '../io/bearer.ts';
import type { WallClock } from '../io/clock.ts';
import { json, problem, text, type HttpResponse } from '../io/http-response.ts';
import type { HttpContent, HttpHandler, HttpRoutes } from '../io/http-router.ts';
import { parseChaosEnd, parseChaosNotice, type ParsedNotice } from '../wire/chaos-notice-schema.ts';
import { parseJsonBytes } from '../wire/json-text.ts';
import { MAX_INJECTIONS, type ChaosJournal } from './chaos-journal.ts';
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

/** What injectors tell the datacenter, and what it tells everybody of it. */
export function createChaosRoutes(options: ChaosRoutesOptions): HttpRoutes {
  const { chaos, clock } = options;
  return {
    'GET /api/v1/chaos': activeHandler(options),
    'POST /api/v1/chaos/begin': announcement(options, parseChaosNotice, (notice) => {
      chaos.check(clock.nowSeconds());
      if (chaos.begin(notice)) return json({ id: notice.id, active: true });
      const detail = `${MAX_INJECTIONS} injections are active, which is the most: clear one, or wait until one ends.`;
      return { reason: 'too-many', response: problem(429, detail) };
    }),
    'POST /api/v1/chaos/end': announcement(options, parseChaosEnd, (end) => {
      chaos.end(end);
      return json({ id: end.id, active: false });
    }),
  };
}

function activeHandler({ chaos, clock }: ChaosRoutesOptions): HttpHandler {
  let shown: ChaosJournal['active'] | null = null;
  let body = '';
  return () => {
    chaos.check(clock.nowSeconds());
    // However many ask how often: the text, which may be long, is made once for each change.
    if (shown !== chaos.active) body = JSON.stringify({ injections: chaos.active });
    shown = chaos.active;
    return text(body, 'application/json; charset=utf-8');
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
  return ({ content }) => {
    const stranger = refusalOf(content, controlToken);
    if (stranger !== null) return refuse(stranger);
    const value = parseJsonBytes(content.body);
    if (value === undefined) return refuse({ reason: 'bad-json', response: problem(400, 'The body is not JSON.') });
    const parsed = parse(value);
    if (parsed.kind === 'problem') return refuse({ reason: 'bad-notice', response: problem(400, parsed.problem) });
    const taken = take(parsed.notice);
    return 'reason' in taken ? refuse(taken) : taken;
  };
}

/** Why this request may not announce anything, whatever its body says; null when it may. */
function refusalOf({ authorization, mediaType }: HttpContent, controlToken: string | null): Refusal | null {
  if (controlToken === null) {
    const detail =
      'This datacenter takes no announcements of chaos. Start it with --control-token-file to allow whoever has that token.';
    return { reason: 'no-control', response: problem(403, detail) };
  }
  if (!isBearer(authorization, controlToken)) {
    const detail =
      authorization === null
        ? 'No token was shown: send "Authorization: Bearer TOKEN", the token of --control-token-file.'
        : 'The token is not the one of --control-token-file.';
    return { reason: 'bad-token', response: problem(401, detail, { 'www-authenticate': 'Bearer' }) };
  }
  if (mediaType !== 'application/json') {
    const detail = 'The body must be JSON, sent with "Content-Type: application/json".';
    return { reason: 'bad-media-type', response: problem(415, detail, { accept: 'application/json' }) };
  }
  return null;
}
