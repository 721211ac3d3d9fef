/** More ids than these are not named one by one. */
const MOST_NAMED = 12;

/**
 * What is said of an address at which nothing is.
 * @param rackIds ascending; null while they are not known
 */
export function nowhereWords(
  { path, rackId }: { readonly path: string; readonly rackId: number | null },
  rackIds: readonly number[] | null,
): string {
  if (rackId === null) return `There is nothing at ${path}.`;
  if (rackIds === null) return `Rack ${rackId} has no page of its own.`;
  if (rackIds.includes(rackId)) return `Rack ${rackId} has no page of its own: it is shown in the house.`;
  return `The controller knows no rack ${rackId}. ${knownRacks(rackIds)}`;
}

/** The racks there are, as a sentence. */
export function knownRacks(rackIds: readonly number[]): string {
  const [first] = rackIds;
  if (first === undefined) return 'It knows none yet.';
  if (rackIds.length === 1) return `It knows rack ${first} only.`;
  if (rackIds.length > MOST_NAMED) return `It knows ${rackIds.length} racks, from ${first} to ${rackIds.at(-1)}.`;
  return `It knows the racks ${rackIds.slice(0, -1).join(', ')} and ${rackIds.at(-1)}.`;
}
