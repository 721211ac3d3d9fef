import type { ComponentChildren } from 'preact';
import { navigate } from './navigation.ts';
import { pathOfView, type View } from './view.ts';

/** A link within the page. With a modifier key it does what links do: another tab. */
export function Link(of: {
  readonly to: View;
  readonly query?: Readonly<Record<string, string>>;
  readonly class?: string;
  readonly current?: boolean;
  readonly title?: string;
  /** What it is called for those who do not see what is beside it. */
  readonly label?: string;
  readonly children: ComponentChildren;
}) {
  const query = new URLSearchParams(of.query ?? {}).toString();
  return (
    <a
      class={of.class}
      href={pathOfView(of.to) + (query === '' ? '' : `?${query}`)}
      title={of.title}
      aria-label={of.label}
      aria-current={of.current === true ? 'page' : undefined}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        navigate(of.to, of.query ?? {});
      }}
    >
      {of.children}
    </a>
  );
}

/** Whether a click means this tab. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}
