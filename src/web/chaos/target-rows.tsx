import { ALL, chosenRacks, SEVERAL, type ChaosForm, type KnownRacks } from './chaos-form.ts';
import { FormRow } from './form-row.tsx';

interface TargetRowsProps {
  readonly form: ChaosForm;
  readonly known: KnownRacks;
  readonly problems: ReadonlyMap<string, string>;
  readonly change: (changes: Partial<ChaosForm>) => void;
}

/** Where it is to be broken: racks, and servers of each of them. */
export function TargetRows({ form, known, problems, change }: TargetRowsProps) {
  const firstRack = String(known[0]?.rack_id ?? '');
  const isSeveralRacks = form.rack === SEVERAL;
  const isSeveralServers = form.server === SEVERAL;
  return (
    <>
      <FormRow id="chaos-rack" label="Rack" problem={isSeveralRacks ? undefined : problems.get('racks')}>
        {(control) => (
          <select
            {...control}
            value={form.rack === '' ? firstRack : form.rack}
            onChange={(event) => change({ rack: event.currentTarget.value })}
          >
            {rackChoices(form, known).map((id) => (
              <option key={id} value={id}>
                Rack {id}
              </option>
            ))}
            <option value={ALL}>All racks</option>
            <option value={SEVERAL}>Several racks…</option>
          </select>
        )}
      </FormRow>
      {isSeveralRacks ? (
        <FormRow id="chaos-racks" label="Which racks" problem={problems.get('racks')}>
          {(control) => (
            <input
              {...control}
              value={form.racks}
              placeholder="0, 2-3"
              autocomplete="off"
              onInput={(event) => change({ racks: event.currentTarget.value })}
            />
          )}
        </FormRow>
      ) : null}
      <FormRow id="chaos-server" label="Servers" problem={isSeveralServers ? undefined : problems.get('servers')}>
        {(control) => (
          <select {...control} value={form.server} onChange={(event) => change({ server: event.currentTarget.value })}>
            <option value={ALL}>All of its servers</option>
            {serverChoices(form, known).map(({ id, label }) => (
              <option key={id} value={String(id)}>
                {label}
              </option>
            ))}
            <option value={SEVERAL}>Several servers…</option>
          </select>
        )}
      </FormRow>
      {isSeveralServers ? (
        <FormRow id="chaos-servers" label="Which servers" problem={problems.get('servers')}>
          {(control) => (
            <input
              {...control}
              value={form.servers}
              placeholder="0, 2-3"
              autocomplete="off"
              onInput={(event) => change({ servers: event.currentTarget.value })}
            />
          )}
        </FormRow>
      ) : null}
    </>
  );
}

/** Those that are known. What was chosen stays to be seen while it is not there: the problem below says so. */
function rackChoices({ rack }: ChaosForm, known: KnownRacks): readonly string[] {
  const ids = known.map(({ rack_id: id }) => String(id));
  return !/^\d+$/.test(rack) || ids.includes(rack) ? ids : [...ids, rack];
}

/** Those of the chosen rack with their names; of several racks the ids that any of them has. */
function serverChoices(form: ChaosForm, known: KnownRacks): readonly { id: number; label: string }[] {
  const rackIds = chosenRacks(form, known) ?? [];
  const racks = known.filter(({ rack_id: id }) => rackIds.includes(id));
  const choices = new Map<number, string>();
  for (const { servers } of racks) {
    for (const { server_id: id, name } of servers) {
      choices.set(id, racks.length === 1 && name !== null ? `Server ${id} (${name})` : `Server ${id}`);
    }
  }
  const chosen = /^\d+$/.test(form.server) ? Number(form.server) : null;
  if (chosen !== null && !choices.has(chosen)) choices.set(chosen, `Server ${chosen}`);
  return [...choices].map(([id, label]) => ({ id, label })).toSorted((a, b) => a.id - b.id);
}
