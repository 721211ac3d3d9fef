/**
 * Text that is safe to show in a terminal, a log and a label: 1 to 63 characters, none of them a control or format
 * character (which could move a cursor or turn the writing direction), unassigned, or a line break.
 */
export const PRINTABLE_TEXT = /^[^\p{C}\p{Zl}\p{Zp}]{1,63}$/u;

/** Most labels of a server. */
export const MAX_LABELS = 8;
