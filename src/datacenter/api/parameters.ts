import * as v from 'valibot';

const MAX_ID = 0xffff;

/** A whole number in a path or a query, as text; the document shows it as the number it becomes. */
export function wholeNumber(min: number, max: number): v.GenericSchema<unknown, number> {
  const allowed = `a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(allowed),
    v.regex(/^\d{1,15}$/, allowed),
    v.transform(Number),
    v.number(allowed),
    v.integer(allowed),
    v.minValue(min, allowed),
    v.maxValue(max, allowed),
  );
}

/** One of some words, or several with commas between them. */
export function words<const T extends string>(known: readonly T[]): v.GenericSchema<unknown, readonly T[]> {
  const allowed = `one of ${known.join(', ')}, or several with commas between them`;
  return v.pipe(
    v.string(allowed),
    v.transform((text) => text.split(',')),
    v.array(v.picklist(known, allowed), allowed),
  );
}

export const idParameter = wholeNumber(0, MAX_ID);

/** `/racks/:rack` */
export const RackPathSchema = v.strictObject({ rack: idParameter });
/** `/racks/:rack/servers/:server` */
export const ServerPathSchema = v.strictObject({ rack: idParameter, server: idParameter });
