import type { PodDouble } from './kubernetes-pod-double.ts';

/** What an API server answers. Text as it is, anything else as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
};

/** A Status object. */
export function refusal(status: number, message: string): Answer {
  const reason = REASONS[status];
  return {
    status,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: status },
  };
}

/** A container that has not started has no log. */
export function logAnswer(pod: PodDouble, container: string): Answer {
  const log = pod.log(container);
  if (log !== null) return { status: 200, body: log };
  return refusal(400, `container "${container}" in pod "${pod.options.name}" is waiting to start: ContainerCreating`);
}

/** What an exec says last. */
export function execStatus(exitCode: number): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  const message = `command terminated with non-zero exit code: exit status ${exitCode}`;
  const causes = [{ reason: 'ExitCode', message: String(exitCode) }];
  return { metadata: {}, status: 'Failure', message, reason: 'NonZeroExitCode', details: { causes } };
}
