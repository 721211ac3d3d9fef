import type { Login } from './login.ts';

/** A call as the rules of access name it. */
export interface ApiCall {
  readonly verb: 'get' | 'list' | 'patch' | 'create' | 'delete';
  readonly resource: string;
  /** Null for what belongs to none, such as a node. */
  readonly namespace: string | null;
  /** URL of the API server. */
  readonly server: string;
  /** With which it is asked. */
  readonly login: Login;
  /** As YAML: the least Roles that whoever calls needs, to be asked for where it is refused. */
  readonly role: string;
}

/** How a call failed. */
export interface ApiFailure {
  readonly call: ApiCall;
  /**
   * Of HTTP. `unsent`: it did not come so far, since there is no login. `senseless`: it went well, and what came back is
   * not what such a call is answered with.
   */
  readonly status: number | 'unanswered' | 'unsent' | 'senseless';
  /** In the API's own words, or why nothing answered, or what is wrong with the answer. */
  readonly message: string;
}

/** Where a call looks. */
export function whereText({ namespace }: ApiCall): string {
  return namespace === null ? 'in the cluster' : `in namespace ${namespace}`;
}
