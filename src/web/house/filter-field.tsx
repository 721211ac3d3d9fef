import { useEffect, useRef } from 'preact/hooks';

/** The filter; the key `/` goes to it from anywhere. */
export function FilterField(of: {
  readonly filter: string;
  readonly shownCount: number;
  readonly serverCount: number;
  readonly onFilter: (filter: string) => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isInField = event.target instanceof Element && event.target.closest('input, select, textarea');
      if (event.key !== '/' || isInField || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div class="filter" role="search">
      <input
        ref={field}
        type="search"
        aria-label="Filter servers by name, rack, status or trouble"
        placeholder="Filter: name, rack 2, 2/5, loss"
        value={of.filter}
        onInput={(event) => of.onFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' && event.key !== 'Enter') return;
          event.preventDefault();
          if (event.key === 'Escape') of.onFilter('');
          document.querySelector<HTMLElement>('.cell[tabindex="0"]')?.focus();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
      <span role="status">{of.filter === '' ? '' : `${of.shownCount} of ${of.serverCount}`}</span>
    </div>
  );
}
