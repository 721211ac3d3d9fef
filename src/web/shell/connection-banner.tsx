import { timeWords } from '../words/number-words.ts';
import { useConnection, useHealth, useNow } from '../store/hooks.ts';
import { retryNow } from '../store/session.ts';
import { token } from '../store/token.ts';
import { ApiTokenForm } from './api-token-form.tsx';
import { refusalWords } from './refusal-words.ts';

/** Says across the page that the controller is gone or does not let it in; nothing while all is well. */
export function ConnectionBanner({ isRecording }: { readonly isRecording: boolean }) {
  const connection = useConnection();
  // A recording needs no controller; that it is gone says the chip.
  if (isRecording && connection.kind === 'lost') return null;
  if (connection.kind === 'lost') return <Lost retryAtSeconds={connection.retryAtSeconds} />;
  return connection.kind === 'refused' ? <Refused detail={connection.detail} /> : null;
}

function Lost({ retryAtSeconds }: { readonly retryAtSeconds: number }) {
  const health = useHealth();
  const leftSeconds = Math.ceil(retryAtSeconds - useNow(0.25));
  const known =
    health === null
      ? 'The controller does not answer'
      : `Controller lost, showing what was known at ${timeWords(health.tree.timestamp)}`;
  return (
    <aside class="banner" aria-label="Connection">
      <strong role="alert">{known}</strong>
      <span class="banner-next">{leftSeconds > 0 ? `next try in ${leftSeconds} s` : 'trying …'}</span>
      <button type="button" onClick={retryNow}>
        Try now
      </button>
    </aside>
  );
}

function Refused({ detail }: { readonly detail: string }) {
  const { words, asksToken } = refusalWords(detail, token('api') !== null);
  return (
    <aside class="banner" aria-label="Connection">
      <strong role="alert">{words}</strong>
      {asksToken ? <ApiTokenForm /> : null}
    </aside>
  );
}
