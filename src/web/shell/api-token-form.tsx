import { useState } from 'preact/hooks';
import { retryNow } from '../store/session.ts';
import { keepToken } from '../store/token.ts';

/** Asks for the token of the API, says where it is found, and tries again with it. */
export function ApiTokenForm() {
  const [text, setText] = useState('');
  const [isMissing, setMissing] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const given = text.trim();
        setMissing(given === '');
        if (given === '') return;
        keepToken('api', given);
        retryNow();
      }}
    >
      <p id="api-token-why">
        Paste the one line of the file that the controller was started with, <code>--api-token-file</code>; who runs the
        controller has it. The control token opens the page too. This tab forgets it when it is closed.
      </p>
      <label for="api-token">Token</label>
      <input
        id="api-token"
        type="password"
        autocomplete="off"
        spellcheck={false}
        value={text}
        aria-describedby="api-token-why api-token-problem"
        aria-invalid={isMissing}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit">Connect</button>
      <p id="api-token-problem" hidden={!isMissing}>
        Nothing was given: paste the token first.
      </p>
    </form>
  );
}
