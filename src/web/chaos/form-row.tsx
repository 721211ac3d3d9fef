import type { ComponentChildren } from 'preact';

/** What a control of the form needs to be tied to its label and to what is wrong with it. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

interface FormRowProps {
  readonly id: string;
  readonly label: string;
  /** A sentence; undefined while nothing is wrong. */
  readonly problem: string | undefined;
  /** Stands behind the control. */
  readonly unit?: string;
  readonly children: (control: ControlProps) => ComponentChildren;
}

/** A label, its control, and below it what is wrong with what was given. */
export function FormRow({ id, label, problem, unit, children }: FormRowProps) {
  const problemId = `${id}-problem`;
  const control = {
    id,
    'aria-invalid': problem !== undefined,
    'aria-describedby': problem === undefined ? undefined : problemId,
  };
  return (
    <div class="chaos-row">
      <label for={id}>{label}</label>
      <span class="chaos-control">
        {children(control)}
        {unit === undefined ? null : <span class="chaos-unit">{unit}</span>}
      </span>
      {problem === undefined ? null : (
        <p class="chaos-problem" id={problemId}>
          {problem}
        </p>
      )}
    </div>
  );
}
