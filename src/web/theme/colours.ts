import { Store } from '../store/store.ts';
import { useStore } from '../store/use-store.ts';

// A canvas takes no `var(--…)`: it is told the colours of the theme that is shown, and told anew when that changes.

const dark = matchMedia('(prefers-color-scheme: dark)');
const scheme = new Store<'light' | 'dark'>(dark.matches ? 'dark' : 'light');
dark.addEventListener('change', () => {
  known.clear();
  scheme.set(dark.matches ? 'dark' : 'light');
});

let probe: HTMLElement | null = null;
/** Colours of the scheme shown by their names: asking the browser makes it go through its styles anew. */
const known = new Map<string, string>();

/** The scheme shown; a component that draws with colours is drawn again when it changes. */
export function useScheme(): 'light' | 'dark' {
  return useStore(scheme);
}

/** What a colour of theme.css is now, as `rgb(…)`. @param name with its dashes: `--trace` */
export function colourOf(name: `--${string}`): string {
  const asked = known.get(name);
  if (asked !== undefined) return asked;
  if (probe === null) {
    probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(${name})`;
  const { color } = getComputedStyle(probe);
  known.set(name, color);
  return color;
}
