import { useQueryParameter } from '../store/navigation.ts';
import { SCOPES } from './event-filter.ts';

const SCOPE_LABELS: Readonly<Record<(typeof SCOPES)[number], string>> = {
  server: 'Servers',
  rack: 'Racks',
  datacenter: 'Datacenter',
  chaos: 'Chaos',
};

/** What is shown, as the URL has it: whoever gets the link sees the same. */
export function EventFilters() {
  const [scope, setScope] = useQueryParameter('scope');
  const [ill, setIll] = useQueryParameter('ill');
  return (
    <form class="event-filters" role="search" aria-label="Events" onSubmit={(event) => event.preventDefault()}>
      <label>
        <span>About</span>
        <select value={scope ?? ''} onChange={(event) => setScope(event.currentTarget.value)}>
          <option value="">Everything</option>
          {SCOPES.map((known) => (
            <option key={known} value={known}>
              {SCOPE_LABELS[known]}
            </option>
          ))}
        </select>
      </label>
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
