import { ChaosError } from '../target.ts';
import { DockerRefusal } from './docker-errors.ts';

export function imageMissing(image: string): ChaosError {
  return new ChaosError(
    `the helper image ${image} is not there: make it with docker build -t ${image} containers/chaos ` +
      '(in the folder of NetWatch), or name another with --helper-image',
  );
}

/** Why a server is not free, and what to do. */
export const ANOTHER_INJECTOR =
  'another injector is at work on it at this moment: see netwatch chaos status, and inject again when it is over';

/**
 * The daemon would not let a helper join, because the container it was meant for does not run any more.
 * @param helperId of the helper, when it was made already: that this one is gone says nothing of the other
 */
export function isTargetGone(error: unknown, helperId: string | null): boolean {
  return error instanceof DockerRefusal && TARGET_GONE.test(error.message) && !isHelperGone(error, helperId);
}

/** The name of a helper is taken: somebody else has one on the same server. */
export function isNameTaken(error: unknown): boolean {
  return error instanceof DockerRefusal && error.status === 409 && /already in use/i.test(error.message);
}

const TARGET_GONE = /non running container|no such container|is not running|is restarting/i;
const MARKED = /marked for removal/i;

/** A helper was removed by somebody else before it could start. @param helperId null: it was never made */
export function isHelperGone(error: unknown, helperId: string | null): boolean {
  if (!(error instanceof DockerRefusal) || helperId === null) return false;
  const { message } = error;
  return MARKED.test(message) || (/no such container/i.test(message) && message.includes(helperId));
}

/** Why a helper could not be created or started, in words that say what to do where that is known. */
export function helperError(
  error: unknown,
  { image, helperId }: { readonly image: string; readonly helperId: string | null },
): unknown {
  if (!(error instanceof DockerRefusal)) return error;
  if (/no such image/i.test(error.message)) return imageMissing(image);
  if (isTargetGone(error, helperId)) {
    return new ChaosError('the container stopped in between: start it, and inject again', { cause: error });
  }
  // Injectors that begin at a time remove each other's helpers, which have done nothing yet.
  if (isNameTaken(error) || isHelperGone(error, helperId)) return new ChaosError(ANOTHER_INJECTOR, { cause: error });
  return error;
}
