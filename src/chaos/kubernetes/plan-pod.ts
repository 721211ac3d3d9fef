import { holderCommands } from '../holder/holder-commands.ts';
import type { Injection } from '../../wire/injection.ts';
import type { PlannedServer, TargetServer } from '../target.ts';
import { holderName, STOP_SCRIPT } from './chaos-container.ts';

/** What an injection in a pod comes to, as kubectl would be told, and what the container then does there. */
export function planPod(of: {
  readonly namespace: string;
  readonly pod: string;
  readonly server: TargetServer;
  readonly injection: Injection;
  readonly helperImage: string;
}): PlannedServer {
  const { namespace, pod, server, injection, helperImage } = of;
  const container = holderName(injection.id);
  const end = injection.durationSeconds === null ? 'until it is cleared' : `for ${injection.durationSeconds} s`;
  return {
    server,
    commands: [
      `# an ephemeral container in the network of ${server.place}, as root with NET_ADMIN alone, that holds it ${end}`,
      `kubectl debug --namespace ${namespace} ${pod} --container ${container} --image ${helperImage} --profile netadmin --attach=false -- sh -c HOLDER`,
      '# there the holder runs',
      ...holderCommands({ injection, server, devices: null }),
      '# to undo it early',
      `kubectl exec --namespace ${namespace} ${pod} --container ${container} -- sh -c '${STOP_SCRIPT}'`,
    ],
  };
}
