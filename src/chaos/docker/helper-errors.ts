import { ChaosError } from '../target.ts';
import { DockerRefusal } from './docker-errors.ts';

export function imageMissing(image: string): ChaosError {
  return new ChaosError(
    `the helper image ${image} is not there: make it with docker build -t ${image} containers/chaos ` +
      '(in the folder of NetWatch), or name another with --helper-image',
  );
}

/** The daemon would not let a helper join, because the container it was meant for does not run any more. */
export function isTargetGone(error: unknown): boolean {
  return error instanceof DockerRefusal && TARGET_GONE.test(error.message);
}

const TARGET_GONE = /non running container|no such container|is not running|is restarting/i;

/** Why a helper could not be created or started, in words that say what to do where that is known. */
export function helperError(error: unknown, image: string): unknown {
  if (!(error instanceof DockerRefusal)) return error;
  if (/no such image/i.test(error.message)) return imageMissing(image);
  if (isTargetGone(error)) {
    return new ChaosError('the container stopped in between: start it, and inject again', { cause: error });
  }
  if (error.status === 409 && /already in use/i.test(error.message)) {
    const advice = 'see netwatch chaos status, and inject again when it is over';
    return new ChaosError(`another injector is at work on it at this moment: ${advice}`, { cause: error });
  }
  return error;
}
