/** What a container says of itself, and what a helper container says of its injection. */
export const LABEL = {
  /** `server` on the containers that chaos may break, `datacenter` on the one that hears of it. */
  role: 'netwatch.role',
  rack: 'netwatch.rack',
  server: 'netwatch.server',
  /** On a datacenter: where in its container the token is that announcements of chaos have to show. */
  controlTokenFile: 'netwatch.control-token-file',
  composeProject: 'com.docker.compose.project',
  /** On our helper containers only: `holder` or `sweep`. */
  helper: 'netwatch.chaos',
  id: 'netwatch.chaos.id',
  /** The id of the container whose network it joined. */
  targetId: 'netwatch.chaos.target',
  /** Its ends of networks at that time, shortened, with commas; when none of them is there any more, nor is the injection. */
  targetEndpoints: 'netwatch.chaos.target-endpoints',
  targetName: 'netwatch.chaos.target-name',
  targetRack: 'netwatch.chaos.rack',
  targetServer: 'netwatch.chaos.server',
  /** The compose project of the target; empty when it has none. */
  targetProject: 'netwatch.chaos.project',
  description: 'netwatch.chaos.description',
  /** From the start of the helper; `forever` when only `--clear` ends it. */
  durationSeconds: 'netwatch.chaos.duration-seconds',
  /** `none` when unseeded. */
  seed: 'netwatch.chaos.seed',
} as const;

export type Labels = Readonly<Record<string, string>>;
