/** What the process that sends the load is told. */
export interface LoadRequest {
  readonly port: number;
  /** Servers 0 to servers − 1 of rack 0. */
  readonly servers: number;
  readonly sampleRateHz: number;
  readonly frequencyPlanText: string;
  /** Each server first says its name, as agents do. Announcements are not in what was sent. */
  readonly isAnnounced: boolean;
  readonly seconds: number;
}

/** What it says when it is done. */
export interface LoadSent {
  readonly sent: number;
  readonly seconds: number;
}

/** Asked of the kernel for every socket that receives a load, as a rack does. */
export const RECEIVE_BUFFER_BYTES = 4 * 2 ** 20;
