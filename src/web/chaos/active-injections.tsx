import { useRef } from 'preact/hooks';
import type { ChaosNotice } from '../../wire/chaos-notice.ts';
import type { ClearAnswer } from '../../wire/api/chaos-control.ts';
import { timeWords } from '../words/number-words.ts';
import { api } from '../store/api.ts';
import { useNow } from '../store/hooks.ts';
import { controllerNow, refreshChaos } from '../store/session.ts';
import { endWords, injectorWords } from './injection-words.ts';
import type { Told } from './told.ts';

interface ActiveInjectionsProps {
  /** Null: not known. */
  readonly injections: readonly ChaosNotice[] | null;
  /** Whether this page may undo them. */
  readonly canUndo: boolean;
  readonly tell: (ask: () => Promise<Told>) => Promise<void>;
  readonly isBusy: boolean;
}

/** What is broken on purpose now, by whom, and when it ends. */
export function ActiveInjections({ injections, canUndo, tell, isBusy }: ActiveInjectionsProps) {
  useNow();
  const notices = injections ?? [];
  const heading = useRef<HTMLHeadingElement>(null);
  const undo = async (path: string): Promise<void> => {
    await tell(async () => {
      const { cleared_ids: ids } = await api.delete<ClearAnswer>(path);
      await refreshChaos();
      return { kind: 'done', words: ids.length === 1 ? 'Undone.' : `${ids.length} undone.`, notice: null };
    });
    // The button that was pressed is gone, and the keyboard with it.
    heading.current?.focus();
  };
  return (
    <div class="chaos-active">
      <h3 ref={heading} tabIndex={-1}>
        Active now
      </h3>
      {notices.length > 0 ? null : (
        <p class="chaos-note">{injections === null ? 'That is not known yet.' : 'Nothing is broken on purpose.'}</p>
      )}
      <ul>
        {notices.map((notice) => (
          <li key={notice.id}>
            <InjectionWords notice={notice} />
            {canUndo ? (
              <button
                type="button"
                disabled={isBusy}
                aria-label={`Undo ${notice.description} on ${notice.scope}`}
                onClick={() => void undo(`/api/v1/chaos/injections/${notice.id}`)}
              >
                Undo
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {canUndo && notices.length > 1 ? (
        <button type="button" disabled={isBusy} onClick={() => void undo('/api/v1/chaos/injections')}>
          Undo all {notices.length}
        </button>
      ) : null}
    </div>
  );
}

function InjectionWords({ notice }: { readonly notice: ChaosNotice }) {
  return (
    <span class="chaos-words">
      <strong>{notice.description}</strong> on {notice.scope}
      <span class="chaos-when">
        <span class="chaos-countdown">{endWords(notice, controllerNow())}</span>
        {` · since ${timeWords(notice.began_at)}, by ${injectorWords(notice)}`}
      </span>
    </span>
  );
}
