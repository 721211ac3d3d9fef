import { useState } from 'preact/hooks';
import { timeWords } from '../words/number-words.ts';
import { useConnection, useHealth, useNow } from '../store/hooks.ts';
import { retryNow } from '../store/session.ts';
import { keepToken } from '../store/token.ts';

/** Says across the page that the controller is gone or does not let it in; nothing while all is well. */
export function ConnectionBanner() {
  const connection = useConnection();
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
  const [value, setValue] = useState('');
  return (
    <aside class="banner" aria-label="Connection">
      <strong role="alert">The controller does not let this page in: {detail}</strong>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          keepToken('api', value.trim());
          retryNow();
        }}
      >
        <label>
          Token of the API{' '}
          <input
            type="password"
            autoComplete="off"
            value={value}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Connect</button>
      </form>
    </aside>
  );
}
