import { FAULT_KINDS } from '../../core/verdict.ts';
import { faultName } from '../../words/fault-words.ts';
import { useQueryParameter } from '../store/navigation.ts';
import { SCOPES } from './event-filter.ts';
import { type Choice, FilterChoice } from './filter-choice.tsx';

const SCOPE_LABELS: Readonly<Record<(typeof SCOPES)[number], string>> = {
  server: 'Servers',
  rack: 'Racks',
  datacenter: 'Datacenter',
  fault: 'Faults',
  chaos: 'Chaos',
};

const SCOPE_CHOICES: readonly Choice[] = SCOPES.map((value) => ({ value, words: SCOPE_LABELS[value] }));
const FAULT_CHOICES: readonly Choice[] = FAULT_KINDS.map((value) => ({ value, words: faultName(value) }));

/** What is shown, as the URL has it: whoever gets the link sees the same. */
export function EventFilters() {
  const [ill, setIll] = useQueryParameter('ill');
  return (
    <form class="event-filters" role="search" aria-label="Events" onSubmit={(event) => event.preventDefault()}>
      <FilterChoice name="scope" label="About" all="Everything" choices={SCOPE_CHOICES} />
      <FilterChoice name="fault" label="Fault" all="any" choices={FAULT_CHOICES} />
      <FilterText name="rack" label="Rack" isNumber />
      <FilterText name="server" label="Server" isNumber />
      <FilterText name="text" label="Text" />
      <label class="event-ill">
        <input
          type="checkbox"
          checked={ill === '1'}
          onChange={(event) => setIll(event.currentTarget.checked ? '1' : null)}
        />
        <span>Only what is ill</span>
      </label>
    </form>
  );
}

interface FilterTextProps {
  readonly name: string;
  readonly label: string;
  readonly isNumber?: boolean;
}

function FilterText({ name, label, isNumber = false }: FilterTextProps) {
  const [value, setValue] = useQueryParameter(name);
  const common = {
    autocomplete: 'off',
    value: value ?? '',
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => setValue(event.currentTarget.value),
  } as const;
  return (
    <label>
      <span>{label}</span>
      {isNumber ? (
        <input {...common} class="event-id" inputMode="numeric" placeholder="any" />
      ) : (
        <input {...common} class="event-text" type="search" placeholder="in a sentence" />
      )}
    </label>
  );
}
