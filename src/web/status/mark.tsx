import './mark.css';
import type { ShownStatus } from './shown-status.ts';

/** Shape and colour of a status, or of what is only worth a look; either alone is enough to tell it. The word beside it is for who hears the page. */
export function Mark({ status }: { readonly status: ShownStatus | 'note' }) {
  return <i class="mark" data-status={status} aria-hidden="true" />;
}
