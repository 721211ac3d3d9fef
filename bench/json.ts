/** The object a JSON text stands for, or null when it is none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * A number a process of the bench has sent.
 * @throws Error when it is not there.
 */
export function numberIn(message: unknown, name: string): number {
  const value = isObject(message) ? message[name] : undefined;
  if (typeof value !== 'number') throw new Error(`no number "${name}" in ${JSON.stringify(message)}`);
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
