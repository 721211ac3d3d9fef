/** `control`: to inject and clear. `api`: to read, where the controller asks for one. */
export type TokenKind = 'control' | 'api';

/** How a token is named in the fragment, and kept for as long as the tab is open. */
const NAMES: Readonly<Record<TokenKind, string>> = { control: 'token', api: 'api-token' };

/** The token, null when there is none. */
export function token(kind: TokenKind = 'control'): string | null {
  return sessionStorage.getItem(`netwatch.${NAMES[kind]}`);
}

/** Keeps a token for as long as the tab is open. */
export function keepToken(kind: TokenKind, value: string): void {
  sessionStorage.setItem(`netwatch.${NAMES[kind]}`, value);
}

/** Forgets a token that is not the right one. */
export function forgetToken(kind: TokenKind): void {
  sessionStorage.removeItem(`netwatch.${NAMES[kind]}`);
}

/**
 * Takes the tokens out of the address, `#token=…` and `#api-token=…`: a fragment is never sent to a server, and what is
 * removed is neither copied with a link nor seen over a shoulder. To be called first of all.
 */
export function takeTokensFromAddress(): void {
  const parameters = new URLSearchParams(location.hash.slice(1));
  let found = false;
  for (const kind of ['control', 'api'] as const) {
    const value = parameters.get(NAMES[kind]);
    if (value === null) continue;
    keepToken(kind, value);
    found = true;
  }
  if (found) history.replaceState(history.state, '', location.pathname + location.search);
}
