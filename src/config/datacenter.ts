import { duration, field, file, host, listenPort, orNone, text, wholeNumber } from './fields.ts';
import { originList } from './origins.ts';
import { certificateWithKey } from './rules.ts';
import { controlTokenFile, level, metricsHost, metricsPort } from './shared-fields.ts';
import { defineSpec } from './spec.ts';

export interface DatacenterConfig {
  readonly dcId: string;
  readonly tcpListenHost: string;
  readonly tcpListenPort: number;
  readonly apiHost: string;
  readonly apiPort: number;
  readonly metricsHost: string;
  readonly metricsPort: number;
  /** Racks 0 to numRacks − 1 are expected; 0: those that were heard. */
  readonly numRacks: number;
  /** A rack is silent after this long without a report. */
  readonly rackTimeoutSeconds: number;
  readonly forgetAfterSeconds: number;
  readonly maxConnections: number;
  readonly idleTimeoutSeconds: number;
  readonly maxEvents: number;
  readonly tlsCertFile: string | null;
  readonly tlsKeyFile: string | null;
  /** When given, racks must show a certificate that this authority signed. */
  readonly tlsCaFile: string | null;
  /** Null: no injector may announce anything. */
  readonly controlTokenFile: string | null;
  /** Null: whoever reaches the API may read it. */
  readonly apiTokenFile: string | null;
  /** Origins of pages, besides the datacenter's own, that may change something or open the socket. */
  readonly allowOrigin: readonly string[];
  /** Says how the lab is controlled whose servers these are; read anew at each use. Null: no chaos over the API. */
  readonly labFile: string | null;
  readonly logLevel: string;
}

/** Configuration of a datacenter controller. */
export const datacenterSpec = defineSpec({
  role: 'datacenter',
  readsEnvironment: true,
  fields: {
    dcId: field(text(/^[A-Za-z0-9_.-]{1,63}$/, '1 to 63 of the characters A-Z a-z 0-9 _ . -'), {
      description: 'name of the datacenter',
      initial: '0',
    }),
    tcpListenHost: field(host, { description: 'address that receives reports', initial: '127.0.0.1' }),
    tcpListenPort: field(listenPort, { description: 'TCP port that receives reports', initial: 9990 }),
    apiHost: field(host, { description: 'address that serves the API', initial: '127.0.0.1' }),
    apiPort: field(listenPort, { description: 'port that serves the API; 0 takes a free one', initial: 8080 }),
    metricsHost,
    metricsPort,
    numRacks: field(wholeNumber(0, 65_536), {
      description: 'racks 0 to N-1 are expected; 0 expects those that were heard',
      initial: 0,
    }),
    rackTimeout: field(duration('500ms', '24h'), { description: 'a rack is silent after this', initial: '3s' }),
    forgetAfter: field(duration('1s', '720h'), { description: 'silence that forgets a rack', initial: '15m' }),
    maxConnections: field(wholeNumber(1, 65_536), { description: 'most racks connected at once', initial: 256 }),
    idleTimeout: field(duration('1s', '24h'), { description: 'a silent connection is closed after', initial: '60s' }),
    maxEvents: field(wholeNumber(1, 1_000_000), { description: 'most events remembered', initial: 1000 }),
    tlsCertFile: field(orNone(file), { description: 'certificate of the report port; turns TLS on', initial: null }),
    tlsKeyFile: field(orNone(file), { description: 'private key of that certificate', initial: null }),
    tlsCaFile: field(orNone(file), {
      description: 'authority of the racks: each must then show a certificate it signed',
      initial: null,
    }),
    controlTokenFile,
    apiTokenFile: field(orNone(file), {
      description: 'file with the token that whoever reads the API must show; without one everybody may read',
      initial: null,
      defaultText: 'everybody may read',
    }),
    allowOrigin: field(originList, {
      description: 'origins of other pages that may use the API and the socket',
      initial: '',
      defaultText: 'none but its own',
    }),
    labFile: field(orNone(file), {
      description: 'file of the lab that says how it is controlled; with it the API injects and clears chaos',
      initial: null,
      defaultText: 'no chaos over the API',
    }),
    logLevel: level,
  },
  rules: [
    certificateWithKey,
    {
      keys: ['tlsCaFile'],
      broken: ({ tlsCaFile, tlsCertFile, tlsKeyFile }) =>
        tlsCaFile !== null && tlsCertFile === null && tlsKeyFile === null
          ? 'client certificates need TLS: give --tls-cert-file and --tls-key-file too'
          : null,
    },
  ],
  resolve: (values): DatacenterConfig => {
    const { rackTimeout, forgetAfter, idleTimeout, ...same } = values;
    return {
      ...same,
      rackTimeoutSeconds: rackTimeout,
      forgetAfterSeconds: forgetAfter,
      idleTimeoutSeconds: idleTimeout,
    };
  },
});
