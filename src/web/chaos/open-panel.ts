import { setQueryParameter } from '../store/navigation.ts';

/** Ids of the button that opens the panel, of the panel and of its heading. */
export const SWITCH_ID = 'chaos-switch';
export const PANEL_ID = 'chaos';
export const TITLE_ID = 'chaos-title';

/** Opens the panel; the keyboard goes on from its heading. */
export function openChaos(): void {
  setQueryParameter('chaos', '1');
  // Once it is drawn.
  requestAnimationFrame(() => document.getElementById(TITLE_ID)?.focus());
}

/** Closes the panel; a keyboard that was in it goes back to where it was opened. */
export function closeChaos(): void {
  const panel = document.getElementById(PANEL_ID);
  if (panel?.contains(document.activeElement) === true) document.getElementById(SWITCH_ID)?.focus();
  setQueryParameter('chaos', null);
}
