import { FAULT_KINDS, SHARED_FAULT_KINDS } from '../core/verdict.ts';
import {
  DATAGRAM_REJECTIONS,
  INCIDENT_DROPS,
  INCIDENT_REQUEST_DROPS,
  REPORT_REJECTIONS,
  CONNECTION_REJECTIONS,
  SOCKET_REJECTIONS,
  CHAOS_REJECTIONS,
} from './rejections.ts';

// Who exposes a metric, and with which labels.

const RACK_ID = 'a rack id, 0 to 65535';
const SERVER_ID = 'a server id, 0 to 65535; at most --max-servers of them in a rack';

export const ANY = {
  roles: ['agent', 'rack', 'datacenter'],
  labels: { version: 'the release', role: 'this role' },
} as const;
export const AGENT = { roles: ['agent'], labels: {} } as const;
export const AGENT_SERVER = { roles: ['agent'], labels: { rack_id: RACK_ID, server_id: SERVER_ID } } as const;
export const RACK = { roles: ['rack'], labels: {} } as const;
export const RACK_ITSELF = { roles: ['rack'], labels: { rack_id: RACK_ID } } as const;
export const SERVER = { roles: ['rack'], labels: { rack_id: RACK_ID, server_id: SERVER_ID } } as const;
export const SERVER_FAULT = { roles: ['rack'], labels: { ...SERVER.labels, kind: FAULT_KINDS } } as const;
export const RACK_FAULT = { roles: ['rack'], labels: { ...RACK_ITSELF.labels, kind: SHARED_FAULT_KINDS } } as const;
export const DATACENTER = { roles: ['datacenter'], labels: {} } as const;
export const DATACENTER_RACK = { roles: ['datacenter'], labels: { rack_id: RACK_ID } } as const;
export const DATAGRAM_REJECTION = { roles: ['rack'], labels: { reason: DATAGRAM_REJECTIONS } } as const;
export const INCIDENT_DROP = { roles: ['rack'], labels: { reason: INCIDENT_DROPS } } as const;
export const INCIDENT_REQUEST_DROP = { roles: ['rack'], labels: { reason: INCIDENT_REQUEST_DROPS } } as const;
export const REPORT_REJECTION = { roles: ['datacenter'], labels: { reason: REPORT_REJECTIONS } } as const;
export const CONNECTION_REJECTION = { roles: ['datacenter'], labels: { reason: CONNECTION_REJECTIONS } } as const;
export const SOCKET_REJECTION = { roles: ['datacenter'], labels: { reason: SOCKET_REJECTIONS } } as const;
export const CHAOS_REJECTION = { roles: ['datacenter'], labels: { reason: CHAOS_REJECTIONS } } as const;
