import { DURATIONS, OWN, withFault, type ChaosForm } from './chaos-form.ts';
import { OWN_FIELDS } from './fault-fields.ts';
import { FAULT_PRESETS, presetOf } from './fault-presets.ts';
import { FormRow } from './form-row.tsx';

interface FaultRowsProps {
  readonly form: ChaosForm;
  readonly problems: ReadonlyMap<string, string>;
  readonly change: (changes: Partial<ChaosForm>) => void;
}

/** What is to be broken, and for how long. */
export function FaultRows({ form, problems, change }: FaultRowsProps) {
  const preset = presetOf(form.fault);
  return (
    <>
      <FormRow id="chaos-fault" label="Fault" problem={undefined}>
        {(control) => (
          <select
            {...control}
            value={form.fault}
            aria-describedby="chaos-effect"
            onChange={(event) => change(withFault(form, event.currentTarget.value))}
          >
            {FAULT_PRESETS.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
            <option value={OWN}>Values of your own…</option>
          </select>
        )}
      </FormRow>
      <p class="chaos-effect" id="chaos-effect">
        {preset?.effect ?? 'What is left empty is not broken. A number alone has the unit beside it.'}
      </p>
      {preset === undefined ? <OwnRows form={form} problems={problems} change={change} /> : null}
      <FormRow id="chaos-duration" label="Duration" problem={problems.get('duration')}>
        {(control) => (
          <select
            {...control}
            value={form.duration}
            onChange={(event) => change({ duration: event.currentTarget.value })}
          >
            {DURATIONS.map(({ text, label }) => (
              <option key={text} value={text}>
                {label}
              </option>
            ))}
          </select>
        )}
      </FormRow>
    </>
  );
}

function OwnRows({ form, problems, change }: FaultRowsProps) {
  return (
    <fieldset class="chaos-own">
      <legend>Values of your own</legend>
      {OWN_FIELDS.map(({ field, label, unit, example }) => (
        <FormRow key={field} id={`chaos-${field}`} label={label} unit={unit} problem={problems.get(field)}>
          {(control) => (
            <input
              {...control}
              value={form.own[field]}
              placeholder={`like ${example}`}
              autocomplete="off"
              onInput={(event) => change({ own: { ...form.own, [field]: event.currentTarget.value } })}
            />
          )}
        </FormRow>
      ))}
    </fieldset>
  );
}
