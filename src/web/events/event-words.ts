import { faultCertainty, faultName, faultPhrase } from '../../words/fault-words.ts';
import { isGrave } from '../words/fault-order.ts';
import { durationWords, NARROW_SPACE, timeWords } from '../words/number-words.ts';
import { serverWords } from '../words/server-words.ts';
import type { ChaosEvent, DatacenterEvent, FaultEvent, StatusEvent } from '../../wire/api/datacenter-event.ts';
import { errorWords } from '../words/trouble.ts';

/** An event as a sentence, in parts that are shown apart. */
export interface EventWords {
  /** `Rack 2, server 5 (r2-s5)`. */
  readonly who: string;
  /** `healthy → critical`. */
  readonly what: string;
  /** `error 0.21`; empty where nothing more is known. */
  readonly detail: string;
}

const END_WORDS = {
  cleared: 'undone',
  expired: 'its time was over',
  failed: 'it failed: look whether it is gone',
} as const;

/** The parts of an event's sentence. */
export function eventWords(event: DatacenterEvent): EventWords {
  if (event.scope === 'chaos') return chaosWords(event);
  return event.scope === 'fault' ? faultEventWords(event) : statusWords(event);
}

/** `Rack 2, server 5 (r2-s5): healthy → critical at 12:03:11, error 0.21.` */
export function eventSentence(event: DatacenterEvent): string {
  const { who, what, detail } = eventWords(event);
  return `${who}: ${what} at ${timeWords(event.timestamp)}${detail === '' ? '' : `, ${detail}`}.`;
}

/** Whether somebody should look, or should have looked. */
export function isIllEvent(event: DatacenterEvent): boolean {
  if (event.scope === 'chaos') return event.chaos.reason === 'failed';
  if (event.scope === 'fault') return event.to === 'begun' && isGrave(event.fault);
  return event.to !== 'healthy' && event.to !== 'warming';
}

function statusWords(event: StatusEvent): EventWords {
  const { from, to, spectral_error: error, health_score: score } = event;
  const detail = error === null ? (score === null ? '' : `score ${score.toFixed(3)}`) : `error ${errorWords(error)}`;
  return { who: subjectWords(event), what: `${from ?? 'first heard'} → ${to}`, detail };
}

function subjectWords({ scope, rack_id: rackId, server_id: serverId, name }: StatusEvent): string {
  if (scope === 'server' && rackId !== null && serverId !== null) return serverWords(rackId, serverId, name);
  const label = name === null ? '' : ` ${scope === 'rack' ? `(${name})` : name}`;
  return scope === 'rack' ? `Rack ${rackId}${label}` : `Datacenter${label}`;
}

function chaosWords({ name, to, chaos }: ChaosEvent): EventWords {
  const where = name.charAt(0).toUpperCase() + name.slice(1);
  const end = to === 'ended' && chaos.reason !== null ? END_WORDS[chaos.reason] : null;
  const until = chaos.until === null ? 'until it is undone' : `until ${timeWords(chaos.until)}`;
  return {
    who: where,
    what: `${to === 'begun' ? 'chaos began' : 'chaos ended'}: ${chaos.description}`,
    detail: end ?? until,
  };
}

function faultEventWords({ rack_id: rackId, server_id: serverId, name, to, fault }: FaultEvent): EventWords {
  const who = serverId === null ? `Rack ${rackId}` : serverWords(rackId, serverId, name);
  const { subject, figures } = faultSubject(fault, serverId === null);
  const { since, duration_seconds: duration } = fault;
  if (to === 'ended') {
    return { who, what: `${subject} ended`, detail: duration === null ? '' : `after ${durationWords(duration)}` };
  }
  // That a controller is late is known at once, and for sure.
  if (fault.kind === 'observer') return { who, what: `${subject} began`, detail: '' };
  const sure = faultCertainty(fault, NARROW_SPACE);
  return { who, what: `${subject} began${figures}`, detail: `heard since ${timeWords(since)}, ${sure}` };
}

/** What began or ended, and its figures where these are not in its name: `periodic stalls`, `: every 5.0 s`. */
function faultSubject(fault: FaultEvent['fault'], isOfRack: boolean): { subject: string; figures: string } {
  const servers = fault.parameters['servers'];
  const where = isOfRack && servers !== undefined ? ` on ${servers} servers` : '';
  const name = faultName(fault.kind);
  if (fault.kind === 'observer') return { subject: 'lateness of the controller itself', figures: '' };
  if (fault.kind === 'rack-wide') return { subject: 'trouble of most of its rack', figures: '' };
  if (fault.kind === 'silent' || fault.kind === 'conflict') return { subject: name + where, figures: '' };
  const phrase = faultPhrase(fault, NARROW_SPACE);
  if (phrase.startsWith(name)) return { subject: phrase + where, figures: '' };
  return { subject: name, figures: `: ${phrase}${where}` };
}
