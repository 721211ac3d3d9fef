import type { RackHealth } from '../../core/verdict.ts';
import type { InjectRequest } from '../../wire/api/chaos-control.ts';
import {
  EMPTY_FAULT,
  readFault,
  shownFields,
  type FaultField,
  type FaultFields,
  type FieldProblem,
} from './fault-fields.ts';
import { FAULT_PRESETS, presetOf } from './fault-presets.ts';
import { idListText, parseIdList } from './id-list.ts';

/** What stands in a choice instead of an id. */
export const ALL = 'all';
export const SEVERAL = 'several';
/** The fault whose values are one's own. */
export const OWN = 'own';

export const DURATIONS: readonly { readonly text: string; readonly seconds: number; readonly label: string }[] = [
  { text: '30s', seconds: 30, label: '30 s' },
  { text: '60s', seconds: 60, label: '1 min' },
  { text: '5m', seconds: 300, label: '5 min' },
  { text: '15m', seconds: 900, label: '15 min' },
  { text: '1h', seconds: 3600, label: '1 h' },
];

/** What the form of the chaos panel holds. */
export interface ChaosForm {
  /** A rack's id, `all` or `several`. */
  readonly rack: string;
  /** Ids, where several are meant. */
  readonly racks: string;
  /** Of each of these racks: a server's id, `all` or `several`. */
  readonly server: string;
  readonly servers: string;
  /** Id of a preset, or `own`. */
  readonly fault: string;
  readonly own: FaultFields;
  /** One of DURATIONS. */
  readonly duration: string;
}

export type FormField = 'racks' | 'servers' | 'duration' | FaultField;

/** What the form asks for, or why that cannot be asked. */
export type ReadForm =
  | {
      readonly kind: 'request';
      readonly request: InjectRequest;
      /** `loss 20 % on rack 2, server 5, for 1 min`. */
      readonly words: string;
    }
  | { readonly kind: 'problems'; readonly problems: readonly FieldProblem<FormField>[] };

/** The servers there are. */
export type KnownRacks = readonly Pick<RackHealth, 'rack_id' | 'servers'>[];

/** The form as it is first shown, with the server that is being looked at. */
export function initialForm(target: { readonly rackId: number; readonly serverId: number } | null): ChaosForm {
  return {
    rack: target === null ? '' : String(target.rackId),
    racks: '',
    server: target === null ? ALL : String(target.serverId),
    servers: '',
    fault: FAULT_PRESETS[0]?.id ?? OWN,
    own: EMPTY_FAULT,
    duration: '60s',
  };
}

/** One's own values begin with those of the preset that was chosen before, as far as there are fields for them. */
export function withFault(form: ChaosForm, fault: string): ChaosForm {
  const before = presetOf(form.fault);
  if (fault !== OWN || before === undefined) return { ...form, fault };
  return { ...form, fault, own: shownFields(before.fields) };
}

/** Ids of the racks that are chosen; null where the text for several is none. */
export function chosenRacks({ rack, racks }: ChaosForm, known: KnownRacks): readonly number[] | null {
  if (rack === ALL) return known.map(({ rack_id: id }) => id);
  if (rack === SEVERAL) return parseIdList(racks);
  return parseIdList(rack === '' ? String(known[0]?.rack_id ?? '') : rack);
}

/** Reads the form, and holds it against the racks and servers that are known. */
export function readForm(form: ChaosForm, known: KnownRacks): ReadForm {
  const problems: FieldProblem<FormField>[] = [];
  const rackIds = readRacks(form, known, problems);
  const serverIds = readServers(form, known, rackIds, problems);
  const duration = DURATIONS.find(({ text }) => text === form.duration);
  const fault = readFault(presetOf(form.fault)?.fields ?? form.own, duration?.seconds ?? 0);
  if (duration === undefined) {
    const allowed = DURATIONS.map(({ label }) => label).join(', ');
    problems.push({ field: 'duration', text: `“${form.duration}” cannot be used; allowed is ${allowed}.` });
  }
  if (fault.kind === 'problems') problems.push(...fault.problems);
  if (problems.length > 0 || fault.kind === 'problems') return { kind: 'problems', problems };
  const { inject, pulse, words } = fault;
  const request = { rack_ids: rackIds, server_ids: serverIds, inject, pulse, duration: form.duration };
  const where = targetWords(rackIds, serverIds, known);
  return { kind: 'request', request, words: `${words} on ${where}, for ${duration?.label ?? form.duration}` };
}

function readRacks(form: ChaosForm, known: KnownRacks, problems: FieldProblem<FormField>[]): readonly number[] {
  const all = known.map(({ rack_id: id }) => id);
  const ids = chosenRacks(form, known);
  if (all.length === 0) problems.push({ field: 'racks', text: 'No rack is known yet: there is nothing to break.' });
  else if (ids === null) {
    problems.push({ field: 'racks', text: `“${form.racks}” cannot be used; allowed are ids like 0, 2-3.` });
  } else {
    const strangers = ids.filter((id) => !all.includes(id));
    if (strangers.length > 0) {
      const text = `Rack ${idListText(strangers)} is not known; the racks are ${idListText(all)}.`;
      problems.push({ field: 'racks', text });
    }
  }
  return ids ?? [];
}

/** Null: all of them. */
function readServers(
  form: ChaosForm,
  known: KnownRacks,
  rackIds: readonly number[],
  problems: FieldProblem<FormField>[],
): readonly number[] | null {
  if (form.server === ALL) return null;
  const ids = parseIdList(form.server === SEVERAL ? form.servers : form.server);
  if (ids === null) {
    problems.push({ field: 'servers', text: `“${form.servers}” cannot be used; allowed are ids like 0, 2-3.` });
    return null;
  }
  for (const { rack_id: rackId, servers } of known) {
    if (!rackIds.includes(rackId)) continue;
    const there = servers.map(({ server_id: id }) => id);
    const strangers = ids.filter((id) => !there.includes(id));
    if (strangers.length === 0) continue;
    const text = `Rack ${rackId} has no server ${idListText(strangers)}; it has ${idListText(there) || 'none yet'}.`;
    problems.push({ field: 'servers', text });
    break;
  }
  return ids;
}

/** `rack 2, server 5`, `racks 0-3`, `racks 0-1, servers 2-3 of each`. */
function targetWords(rackIds: readonly number[], serverIds: readonly number[] | null, known: KnownRacks): string {
  const isAll = rackIds.length > 1 && rackIds.length === known.length;
  const racks = isAll
    ? `all ${rackIds.length} racks`
    : `${rackIds.length === 1 ? 'rack' : 'racks'} ${idListText(rackIds)}`;
  if (serverIds === null) return racks;
  const servers = `${serverIds.length === 1 ? 'server' : 'servers'} ${idListText(serverIds)}`;
  return `${racks}, ${servers}${rackIds.length === 1 ? '' : ' of each'}`;
}
