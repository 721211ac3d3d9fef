import { useState } from 'preact/hooks';
import { keepToken } from '../store/token.ts';

/** Asks for the control token, and says where it is. It is kept as long as the tab is open, and sent only to the controller. */
export function TokenForm({ onToken }: { readonly onToken: () => void }) {
  const [text, setText] = useState('');
  const [isMissing, setMissing] = useState(false);
  const take = () => {
    const given = text.trim();
    setMissing(given === '');
    if (given === '') return;
    keepToken('control', given);
    onToken();
  };
  return (
    <form
      class="chaos-form"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <p class="chaos-note" id="chaos-token-why">
        To break something, this page needs the control token. <code>netwatch lab --open</code> opens the page with it;
        otherwise paste what is in the file that the lab names on its line <code>token</code>, or that the controller
        was given with <code>--control-token-file</code>. This tab forgets it when it is closed.
      </p>
      <div class="chaos-row">
        <label for="chaos-token">Control token</label>
        <span class="chaos-control">
          <input
            id="chaos-token"
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={text}
            aria-describedby="chaos-token-why chaos-token-problem"
            aria-invalid={isMissing}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </span>
        <p class="chaos-problem" id="chaos-token-problem" hidden={!isMissing}>
          Nothing was given: paste the token first.
        </p>
      </div>
      <button type="submit">Use this token</button>
    </form>
  );
}
