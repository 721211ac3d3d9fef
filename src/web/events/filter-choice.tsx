import { useQueryParameter } from '../store/navigation.ts';

/** One of a list, as the address has it and as it is told. */
export interface Choice {
  readonly value: string;
  readonly words: string;
}

interface FilterChoiceProps {
  /** Of the parameter in the address. */
  readonly name: string;
  readonly label: string;
  /** What is said of no choice. */
  readonly all: string;
  readonly choices: readonly Choice[];
}

/** A filter that is one of a list, or none. */
export function FilterChoice({ name, label, all, choices }: FilterChoiceProps) {
  const [chosen, setChosen] = useQueryParameter(name);
  return (
    <label>
      <span>{label}</span>
      <select value={chosen ?? ''} onChange={(event) => setChosen(event.currentTarget.value)}>
        <option value="">{all}</option>
        {choices.map(({ value, words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
