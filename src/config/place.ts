import { field, file, remotePort, text, wholeNumber } from './fields.ts';
import { level } from './shared-fields.ts';
import { defineSpec } from './spec.ts';

export interface PlaceConfig {
  /** Name of the node that is to be given a place. */
  readonly nodeName: string;
  /** Where places are claimed. */
  readonly namespace: string;
  /** Label of a node that says its rack by number. */
  readonly rackLabel: string;
  /** Label of a node that says its zone; each zone is a rack. */
  readonly zoneLabel: string;
  /** Racks 0 to racks − 1 have a controller. */
  readonly racks: number;
  /** Server ids of a rack are 0 to serversPerRack − 1. */
  readonly serversPerRack: number;
  /** Host name of a rack controller, in which {rack} is filled in. */
  readonly rackControllerHost: string;
  /** Of UDP. */
  readonly rackControllerPort: number;
  /** File that is written: the agent's configuration. */
  readonly out: string;
  readonly logLevel: string;
}

const LABEL = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const labelName = text(LABEL, 'the name of a label, like topology.kubernetes.io/zone');
const hostOfRack = text(
  /^(?=.{1,253}$)(?:[A-Za-z0-9_.-]|\{rack\})+$/,
  'a host name in which {rack}, and nothing else in braces, is filled in',
);
const dnsName = (what: string) => text(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, `the name of a ${what}`);

/** Configuration of `netwatch place`, which gives the node of a cluster its rack and its server id. */
export const placeSpec = defineSpec({
  role: 'place',
  readsEnvironment: true,
  fields: {
    node: field(dnsName('node; in a pod, set NODE_NAME from its field spec.nodeName'), {
      description: 'node to give a place to',
      // Which the schema refuses: there is no node that is meant where none is named.
      initial: '',
      defaultText: 'none, it must be given',
      environmentName: 'NODE_NAME',
    }),
    namespace: field(dnsName('namespace'), {
      description: 'namespace of the Leases that hold the places',
      initial: 'netwatch',
      environmentName: 'POD_NAMESPACE',
    }),
    rackLabel: field(labelName, {
      description: 'label of a node with its rack, 0 to N-1',
      initial: 'netwatch.io/rack',
    }),
    zoneLabel: field(labelName, {
      description: 'label of a node with its zone, where it has no rack: each zone is given a rack',
      initial: 'topology.kubernetes.io/zone',
    }),
    racks: field(wholeNumber(1, 65_536), { description: 'racks 0 to N-1 have a controller', initial: 3 }),
    serversPerRack: field(wholeNumber(1, 4096), { description: 'most nodes of a rack', initial: 1024 }),
    rackControllerHost: field(hostOfRack, {
      description: 'host name of a rack controller, in which {rack} is filled in',
      initial: 'rack-{rack}.racks',
    }),
    rackControllerPort: field(remotePort, { description: 'UDP port of the rack controllers', initial: 9999 }),
    out: field(file, { description: 'file to write: a configuration for netwatch agent', initial: 'agent.json' }),
    logLevel: level,
  },
  rules: [],
  resolve: ({ node, ...same }): PlaceConfig => ({ ...same, nodeName: node }),
});
