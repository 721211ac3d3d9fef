/** What the banner says to somebody whom the controller does not let in. */
export interface RefusalWords {
  readonly words: string;
  /** Whether a token would help. */
  readonly asksToken: boolean;
}

/**
 * The controller's answer in words for people: its own are for programs, and name a header.
 * @param detail of the answer
 * @param hadToken whether a token was shown
 */
export function refusalWords(detail: string, hadToken: boolean): RefusalWords {
  // The only refusal that a token mends names where it is kept.
  if (!detail.includes('--api-token-file')) {
    return { words: `The controller does not let this page in: ${detail}`, asksToken: false };
  }
  const words = hadToken
    ? 'The controller does not know that token.'
    : 'The controller shows its data only to those who have its token.';
  return { words, asksToken: true };
}
