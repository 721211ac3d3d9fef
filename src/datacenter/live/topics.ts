import type { Topic } from '../../wire/api/socket.ts';
import { parseJson } from '../../wire/json-text.ts';

const SHOWN_CHARACTERS = 40;
const ALLOWED_TOPICS = 'allowed are "health", "events" and "server:RACK/SERVER", as "server:2/5"';

export type ParsedTopic =
  | { readonly kind: 'health'; readonly text: Topic }
  | { readonly kind: 'events'; readonly text: Topic }
  | { readonly kind: 'server'; readonly text: Topic; readonly rackId: number; readonly serverId: number };

/** What a client asks, or what is wrong with what it said. */
export type ClientRequest =
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly topic: ParsedTopic }
  | { readonly kind: 'problem'; readonly topic: string | null; readonly detail: string };

/** Null when it is no topic. */
export function parseTopic(text: string): ParsedTopic | null {
  if (text === 'health' || text === 'events') return { kind: text, text };
  const match = /^server:(0|[1-9]\d{0,4})\/(0|[1-9]\d{0,4})$/.exec(text);
  const [rackId, serverId] = [Number(match?.[1]), Number(match?.[2])];
  if (!(rackId <= 0xffff && serverId <= 0xffff)) return null;
  return { kind: 'server', text: `server:${rackId}/${serverId}`, rackId, serverId };
}

/** Reads a message of a client. Any text is answered, none throws. */
export function readClientMessage(text: string): ClientRequest {
  const value = parseJson(text);
  const said = typeof value === 'object' && value !== null ? value : {};
  const type = 'type' in said ? said.type : undefined;
  const topic = 'topic' in said ? said.topic : undefined;
  if (type !== 'subscribe' && type !== 'unsubscribe') {
    const detail =
      'A message must be JSON, as {"type":"subscribe","topic":"health"}; its type subscribe or unsubscribe.';
    return { kind: 'problem', topic: null, detail };
  }
  const unknown = Object.keys(said).find((key) => key !== 'type' && key !== 'topic');
  if (unknown !== undefined) {
    const detail = `${JSON.stringify(unknown.slice(0, SHOWN_CHARACTERS))} is not known: a message has type and topic, no more.`;
    return { kind: 'problem', topic: typeof topic === 'string' ? topic.slice(0, SHOWN_CHARACTERS) : null, detail };
  }
  const parsed = typeof topic === 'string' ? parseTopic(topic) : null;
  if (parsed !== null) return { kind: type, topic: parsed };
  const shown = typeof topic === 'string' ? topic.slice(0, SHOWN_CHARACTERS) : null;
  return { kind: 'problem', topic: shown, detail: `${JSON.stringify(shown)} is not a topic: ${ALLOWED_TOPICS}.` };
}
