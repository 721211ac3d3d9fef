import * as v from 'valibot';
import { serverList, type Kind } from './fields.ts';

/** Several of them, given one by one or as lists. */
export const ids: Kind<readonly number[]> = {
  ...serverList,
  repeatable: true,
  allowed: 'ids from 0 to 65535 like 3, 0-7 or 1,3,5-7',
  schema: v.pipe(v.unknown(), v.transform(joined), serverList.schema),
};

/** The same of ports. */
export const ports: Kind<readonly number[]> = {
  ...ids,
  allowed: 'ports from 1 to 65535 like 9990 or 8000,8080, at most 64',
  schema: v.pipe(
    ids.schema,
    v.check((list) => list.length <= 64 && !list.includes(0)),
  ),
};

function joined(input: unknown): unknown {
  return Array.isArray(input) ? input.join(',') : input;
}
