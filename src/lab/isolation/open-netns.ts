import type { NetnsClaim } from '../../wire/netns-claim.ts';
import { buildNetns } from './build-netns.ts';
import { checkReach } from './check-reach.ts';
import { IsolationError } from './isolation-error.ts';
import { usedRanges } from './kernel-networks.ts';
import { CLAIM_DIRECTORY, claimNetwork, dropClaim, findClaims } from './netns-claims.ts';
import { networkConflict, NETWORKS, type UsedRange } from './netns-network.ts';
import { type NetnsPlan, planNetns } from './netns-plan.ts';
import { removeNetns } from './remove-netns.ts';
import { requireNetns } from './require-netns.ts';

export interface NetnsOptions {
  readonly racks: number;
  readonly serversPerRack: number;
  /** Told in a line what was removed of an earlier lab. */
  readonly onSwept: (line: string) => void;
}

/** Network namespaces for the servers of a lab. */
export interface LabNetns {
  readonly plan: NetnsPlan;
  /** Makes everything, and makes sure that servers reach their racks. @throws IsolationError when it cannot */
  build(): Promise<void>;
  /** Removes everything that was made. Idempotent. @throws Error that says what is left */
  close(): Promise<void>;
}

/** Why a lab cannot have a network. */
interface TakenNetwork {
  readonly network: string;
  /** Null: another lab has claimed it. */
  readonly used: UsedRange | null;
}

/**
 * Removes what labs left behind that were killed or could not remove it, and claims addresses for a new one. Makes nothing
 * yet.
 * @throws IsolationError when this process, this machine or its addresses do not allow for a lab with namespaces
 */
export async function openNetns({ racks, serversPerRack, onSwept }: NetnsOptions): Promise<LabNetns> {
  await requireNetns(process.platform);
  await sweepDeadLabs(onSwept);
  const claim = await claimFreeNetwork(racks, serversPerRack);
  const plan = planNetns(claim);
  let closing: Promise<void> | null = null;
  return {
    plan,
    async build() {
      await buildNetns(plan);
      await Promise.all(plan.racks.map(checkReach));
    },
    close() {
      closing ??= removeNetns(plan).then(async () => dropClaim(CLAIM_DIRECTORY, claim));
      return closing;
    },
  };
}

async function sweepDeadLabs(onSwept: (line: string) => void): Promise<void> {
  const claims = await findClaims(CLAIM_DIRECTORY);
  const dead = claims.filter(({ isAlive }) => !isAlive).map(({ claim }) => claim);
  for (const claim of dead) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- there is hardly ever more than one
      const removed = await removeNetns(planNetns(claim));
      // oxlint-disable-next-line no-await-in-loop -- as above
      await dropClaim(CLAIM_DIRECTORY, claim);
      onSwept(`removed what an earlier lab left behind (pid ${claim.pid}): ${removed} namespaces and bridges`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new IsolationError(`an earlier lab (pid ${claim.pid}) left something behind: ${reason}`, {
        cause: error,
      });
    }
  }
}

async function claimFreeNetwork(racks: number, serversPerRack: number): Promise<NetnsClaim> {
  const ranges = await usedRanges();
  const taken: TakenNetwork[] = [];
  for (const network of NETWORKS) {
    const used = networkConflict(network, racks, ranges);
    // oxlint-disable-next-line no-await-in-loop -- the next one only when this one is taken
    const claim = used === null ? await claimNetwork(CLAIM_DIRECTORY, { network, racks, serversPerRack }) : null;
    if (claim !== null) return claim;
    taken.push({ network, used });
  }
  throw new IsolationError(noNetworkText(taken));
}

/** Names each network that was tried, and what stands in its way. */
export function noNetworkText(taken: readonly TakenNetwork[]): string {
  const reasons = taken.map(({ network, used }) => `${network}.x.x (${usedText(used)})`);
  return (
    `all addresses a lab would take are in use: ${reasons.join(', ')}. ` +
    'End another lab, or remove a route that is not needed.'
  );
}

function usedText(used: UsedRange | null): string {
  if (used === null) return 'claimed by another lab';
  return used.device === null ? used.destination : `${used.destination} on ${used.device}`;
}
