import * as v from 'valibot';
import { UserError } from '../io/user-error.ts';
import { parseJson } from '../wire/json-text.ts';
import { type ApiCall, type ApiFailure, whereText } from './api-call.ts';
import { refusedText, unansweredText, unsentText, untrustedText } from './login.ts';

/** The part of Kubernetes' Status object that says what went wrong. */
const StatusSchema = v.object({ kind: v.literal('Status'), message: v.string() });

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const CONFLICT = 409;
const GONE = 410;
const TOO_MANY = 429;
const SERVER_ERROR = 500;
const DENIED = /(?:User "([^"]+)" )?cannot (\w+) resource "([^"]+)"/;
const INSECURE = /violates PodSecurity "([^"]+)"/;
/** Node's codes of a TLS connection that was not made. */
const CERTIFICATE = /CERT|SIGNED|SIGNATURE|ISSUER|CHAIN|PURPOSE/;
/** Of a text that is no Status: a proxy's page, say. */
const MAX_MESSAGE_LENGTH = 500;

/** A call to the API server that failed; the message is for the user. */
export class KubernetesApiError extends UserError {
  readonly status: ApiFailure['status'];
  /** It would fail for every other pod in the same way: no login, no right. */
  readonly isForAll: boolean;

  constructor(failure: ApiFailure, options?: ErrorOptions) {
    super(explain(failure), options);
    const { status, message } = failure;
    this.status = status;
    this.isForAll = status === UNAUTHORIZED || status === 'unsent' || (status === FORBIDDEN && !isOwnRule(message));
  }

  /** It may well work when asked again. */
  get isPassing(): boolean {
    const { status } = this;
    if (typeof status === 'string') return status === 'unanswered';
    return status === CONFLICT || status === TOO_MANY || status >= SERVER_ERROR;
  }

  /** There is one of this name already, or it was changed in between. */
  get isConflict(): boolean {
    return this.status === CONFLICT;
  }

  get isNotFound(): boolean {
    return this.status === NOT_FOUND;
  }

  /** A list took so long that the server has forgotten where it was. */
  get isExpired(): boolean {
    return this.status === GONE;
  }
}

/** The message of a Status object, or the beginning of whatever else was answered. */
export function statusMessage(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  const status = v.safeParse(StatusSchema, parseJson(text));
  return status.success ? status.output.message : text.slice(0, MAX_MESSAGE_LENGTH);
}

function explain({ call, status, message }: ApiFailure): string {
  const { verb, resource, server, login } = call;
  if (status === 'unsent') return unsentText(server, login, message);
  if (status === 'unanswered') {
    return CERTIFICATE.test(message) ? untrustedText(server, login, message) : unansweredText(server, login, message);
  }
  if (status === 'senseless') {
    return `what answers at ${server} is no Kubernetes API server, or one that is not understood: asked to ${verb} ${resource} ${whereText(call)}, it answered ${message}. Does a proxy stand there, and is the address right?`;
  }
  if (status === UNAUTHORIZED) return refusedText(server, login);
  if (status === FORBIDDEN) return explainForbidden(call, message);
  return `the Kubernetes API server ${server} refused to ${verb} ${resource} ${whereText(call)} (${status}): ${message}`;
}

/** The cluster has rules of its own, which may look at each pod. A refused exec comes without a word: it is no such. */
function isOwnRule(message: string): boolean {
  return message !== '' && !DENIED.test(message) && !INSECURE.test(message);
}

function explainForbidden(call: ApiCall, message: string): string {
  const { verb, resource, namespace } = call;
  const security = INSECURE.exec(message)?.[1];
  if (security !== undefined) {
    return (
      `namespace ${namespace} enforces Pod Security "${security}", which allows no container with NET_ADMIN, so nothing can break the network of its pods. ` +
      `Chaos needs a namespace that allows it: kubectl label --overwrite namespace ${namespace} pod-security.kubernetes.io/enforce=privileged\n(the API server says: ${message.slice(message.indexOf('violates'))})`
    );
  }
  const denied = DENIED.exec(message);
  if (isOwnRule(message)) {
    return `the cluster's admission rules refuse to ${verb} ${resource} ${whereText(call)}: ${message}`;
  }
  const [, user, deniedVerb = verb, deniedResource = resource] = denied ?? [];
  return `${user === undefined ? 'this login' : `"${user}"`} may not ${deniedVerb} ${deniedResource} ${whereText(call)}: ${bindingText(call)}\n${call.role}`;
}

/** What belongs to no namespace is allowed by no Role. */
function bindingText({ namespace, resource }: ApiCall): string {
  return namespace === null
    ? `${resource} belong to no namespace: ask for a ClusterRoleBinding to the ClusterRole (a RoleBinding to the Role does not do) of these rules`
    : 'ask for a RoleBinding to a Role with these rules';
}
