import { PRINTABLE_TEXT } from '../wire/text-limits.ts';

/** Most bytes of a name template in UTF-8. A rendered name is never longer than its template. */
export const MAX_NAME_BYTES = 63;

/** True for 1 to 63 bytes of printable text whose only placeholders are `{rack}` and `{server}`. */
export function isNameTemplate(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_NAME_BYTES || !PRINTABLE_TEXT.test(text)) return false;
  return !/[{}"\\]/.test(text.replaceAll(/\{(?:rack|server)\}/g, ''));
}

/** The name a server announces: the template with `{rack}` and `{server}` filled in. */
export function renderName(template: string, ids: { readonly rackId: number; readonly serverId: number }): string {
  return template.replaceAll('{rack}', String(ids.rackId)).replaceAll('{server}', String(ids.serverId));
}
