import { Mark } from '../status/mark.tsx';
import type { ShownStatus } from '../status/shown-status.ts';
import { Link } from '../store/link.tsx';
import type { ViewNotice } from './view-notice.ts';

interface VerdictHeadProps {
  /** The verdict as a sentence. */
  readonly title: string;
  readonly status: ShownStatus;
  /** What must be known before the rest is read. */
  readonly notices: readonly ViewNotice[];
  /** What cannot be known. */
  readonly notes: readonly string[];
}

/** What is said of a server before anything is shown of it. */
export function VerdictHead({ title, status, notices, notes }: VerdictHeadProps) {
  return (
    <header class="verdict" data-status={status}>
      <Mark status={status} />
      <h1>{title}</h1>
      {notices.map(({ kind, text }) => (
        <p key={text} class="notice" data-kind={kind} role={kind === 'slow' ? undefined : 'status'}>
          {text}
        </p>
      ))}
      {notices.some(({ kind }) => kind === 'unknown') && (
        <p>
          <Link to={{ kind: 'house' }}>The whole house</Link> shows all racks and servers there are.
        </p>
      )}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </header>
  );
}
