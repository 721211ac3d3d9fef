/** How whoever calls logs in at an API server, as far as an error has to tell what can be done about it. */
export interface Login {
  /** Paths of the kubeconfig; none: the service account of the pod that this runs in. */
  readonly files: readonly string[];
  /** Whether the command has the flag --kube-context. */
  readonly hasContextFlag: boolean;
  /** Name of the NetworkPolicy that lets this pod reach the API server; null: it is nobody's here. */
  readonly networkPolicy: string | null;
}

/** What logs in. */
export function loginName({ files }: Login): string {
  return files.length === 0 ? 'the service account of this pod' : `the kubeconfig ${files.join(', ')}`;
}

/** A login that was refused with 401. */
export function refusedText(server: string, login: Login): string {
  const refused = `the Kubernetes API server ${server} does not accept this login (401):`;
  if (login.files.length === 0) {
    return `${refused} the token of the service account of this pod has expired, or its ServiceAccount is gone or was made anew. Delete the pod, so that it is given another token, and see that kubectl get serviceaccounts lists the one that it names.`;
  }
  const other = login.hasContextFlag ? ', or name another --kube-context' : ', or set KUBECONFIG to another file';
  return `${refused} the token or certificate of ${loginName(login)} has expired or belongs to another cluster. Log in again, for example with kubectl get pods${other}.`;
}

/** A login that could not even be sent. */
export function unsentText(server: string, login: Login, why: string): string {
  return login.files.length === 0
    ? `the service account of this pod gives no login for ${server}: ${why}. Its token must be mounted at /var/run/secrets/kubernetes.io/serviceaccount (kubectl describe pod shows what is)`
    : `the kubeconfig gives no login for ${server}: ${why}. Does kubectl get pods work, with the same KUBECONFIG (${login.files.join(', ')}) and environment?`;
}

/** A server whose certificate is not to be trusted. */
export function untrustedText(server: string, login: Login, why: string): string {
  const what = `the certificate of the Kubernetes API server ${server} is not to be trusted (${why}):`;
  return login.files.length === 0
    ? `${what} the ca.crt beside the token of this pod's service account has not signed it. Does something stand between this pod and the API server?`
    : `${what} the kubeconfig has no, or another, certificate-authority-data for it. Is it that of this cluster?`;
}

/** A server that does not answer. */
export function unansweredText(server: string, login: Login, why: string): string {
  const what = `no Kubernetes API server answers at ${server} (${why}).`;
  if (login.files.length > 0) {
    const which = login.hasContextFlag ? 'that --kube-context should name' : `that ${loginName(login)} should name`;
    return `${what} Is the cluster up, and is it the one ${which}?`;
  }
  const { hostname = server, port = '' } = URL.parse(server) ?? {};
  const policy = login.networkPolicy === null ? 'a NetworkPolicy' : `the NetworkPolicy ${login.networkPolicy}`;
  return `${what} This pod tried ${hostname}, TCP port ${port || '443'}: see that ${policy} lets it through, and the port on which the API server itself listens, often 6443 (kubectl get endpointslices kubernetes --namespace default; kubectl describe networkpolicy)`;
}
