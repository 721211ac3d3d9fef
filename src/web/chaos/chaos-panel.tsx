import './chaos.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem } from '../store/api.ts';
import { useChaos, useConnection, useHealth, useNow } from '../store/hooks.ts';
import { Link } from '../store/link.tsx';
import { controllerNow, refreshChaos } from '../store/session.ts';
import { forgetToken, token } from '../store/token.ts';
import { ActiveInjections } from './active-injections.tsx';
import type { LookedAt } from './chosen-form.ts';
import { InjectForm } from './inject-form.tsx';
import { activeAt } from './injection-words.ts';
import { closeChaos, PANEL_ID, TITLE_ID } from './open-panel.ts';
import { TokenForm } from './token-form.tsx';
import { isOver, onlyServer, type Told } from './told.ts';

interface ChaosPanelProps {
  /** Whom the form's target follows. */
  readonly lookedAt?: LookedAt;
}

/** Breaks the network of servers on purpose, shows what is broken, and undoes it. */
export function ChaosPanel({ lookedAt = null }: ChaosPanelProps) {
  const chaos = useChaos();
  const health = useHealth();
  const isLive = useConnection().kind === 'live';
  useNow();
  const [hasToken, setHasToken] = useState(() => token() !== null);
  const [isBusy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const [told, setTold] = useState<Told | null>(null);
  // How the lab is controlled may have changed since the page was opened.
  useEffect(() => void refreshChaos(), [isLive]);

  const tell = async (ask: () => Promise<Told>): Promise<void> => {
    setBusy(true);
    setTold(null);
    try {
      setTold(await ask());
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      // With the token it has, the controller does not let this page in: another one is asked for.
      if (error.status === 401) {
        forgetToken('control');
        setHasToken(false);
        heading.current?.focus();
      }
      // Its own words for it are for programs.
      const words = error.status === 401 ? 'The controller does not know that token: paste it again.' : error.detail;
      setTold({ kind: 'failed', words });
    } finally {
      setBusy(false);
    }
  };
  const injections = chaos === null ? null : activeAt(chaos.injections, controllerNow());
  const canControl = chaos?.control.available === true && isLive;
  return (
    <section class="chaos" id={PANEL_ID} aria-labelledby={TITLE_ID} onKeyDown={closeOnEscape}>
      <header class="chaos-head">
        <h2 id={TITLE_ID} tabIndex={-1}>
          Chaos
        </h2>
        <button
          type="button"
          class="chaos-close"
          aria-label="Close this panel"
          title="Close this panel (Esc)"
          onClick={closeChaos}
        >
          <span aria-hidden="true">×</span>
        </button>
      </header>
      <ActiveInjections injections={injections} canUndo={canControl && hasToken} tell={tell} isBusy={isBusy} />
      <div class="chaos-inject-part">
        <h3 ref={heading} tabIndex={-1}>
          Break something
        </h3>
        {whyNot(chaos?.control ?? null, isLive) ?? (
          <>
            {hasToken ? (
              <InjectForm
                known={health?.tree.racks ?? []}
                injections={injections ?? []}
                lookedAt={lookedAt}
                tell={tell}
                onChange={() => setTold((before) => (before?.kind === 'failed' ? null : before))}
                onRefused={() => setTold(null)}
                isBusy={isBusy}
              />
            ) : (
              <TokenForm
                onToken={() => {
                  setHasToken(true);
                  setTold({ kind: 'done', words: 'Taken; it is checked when something is injected.', notice: null });
                  // The form that was filled in is gone, and the keyboard with it.
                  heading.current?.focus();
                }}
              />
            )}
          </>
        )}
      </div>
      <Outcome told={isOver(told, injections, isLive) ? null : told} />
    </section>
  );
}

/** Also from its fields: what was chosen in them stays. */
function closeOnEscape(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  // It is not meant for the view as well.
  event.preventDefault();
  closeChaos();
}

/** Why nothing can be injected, and what to do; null when it can. */
function whyNot(control: { readonly available: boolean; readonly reason: string | null } | null, isLive: boolean) {
  if (!isLive) return <p class="chaos-note">The controller cannot be reached now; what was injected ends by itself.</p>;
  if (control === null) return <p class="chaos-note">Asking the controller whether it can…</p>;
  if (control.available) return null;
  return (
    <p class="chaos-note">
      <strong>Nothing can be injected from here.</strong> {control.reason}
    </p>
  );
}

function Outcome({ told }: { readonly told: Told | null }) {
  const server = told?.kind === 'done' && told.notice !== null ? onlyServer(told.notice) : null;
  const view = server === null ? null : ({ kind: 'server', ...server } as const);
  return (
    <>
      <p class="chaos-done" role="status">
        {told?.kind === 'done' ? told.words : ''}
        {view === null ? null : (
          <>
            {' '}
            <Link to={view}>Watch it</Link>
          </>
        )}
      </p>
      <p class="chaos-failed" role="alert">
        {told?.kind === 'failed' ? told.words : ''}
      </p>
    </>
  );
}
