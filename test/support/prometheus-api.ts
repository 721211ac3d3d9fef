/** One series of the answer to an instant query. */
export interface Series {
  /** With `__name__`, where it has one. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert that is pending or firing. */
export interface ActiveAlert {
  readonly name: string;
  readonly state: 'pending' | 'firing';
  /** Without `alertname`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

type Envelope<T> = { status: 'success'; data: T } | { status: 'error'; errorType: string; error: string };
type Sample = readonly [seconds: number, text: string];
type QueryData =
  | { resultType: 'vector'; result: readonly { metric: Record<string, string>; value: Sample }[] }
  | { resultType: 'scalar' | 'string'; result: Sample }
  | { resultType: 'matrix'; result: readonly { metric: Record<string, string>; values: readonly Sample[] }[] };
interface AlertsData {
  readonly alerts: readonly (Omit<ActiveAlert, 'name'> & { readonly labels: Record<string, string> })[];
}

/** What Prometheus answers over HTTP. */
export class PrometheusApi {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly #get: (url: string) => Promise<Response>;

  /** @param get asks by HTTP; another than `fetch` where that does not reach it */
  constructor(url: string, get: (url: string) => Promise<Response> = fetch) {
    this.url = url;
    this.#get = get;
  }

  /** Asks for the value of an expression now. @throws Error with Prometheus' own message */
  async query(expression: string): Promise<readonly Series[]> {
    const data = await this.get<QueryData>(`/api/v1/query?query=${encodeURIComponent(expression)}`);
    if (data.resultType === 'vector') {
      return data.result.map(({ metric, value: [, text] }) => ({ labels: metric, value: numberOf(text) }));
    }
    if (data.resultType === 'scalar') return [{ labels: {}, value: numberOf(data.result[1]) }];
    throw new Error(`${expression}: a ${data.resultType} has no value now`);
  }

  /** Every alert that is pending or firing. @throws Error with Prometheus' own message */
  async alerts(): Promise<readonly ActiveAlert[]> {
    const { alerts } = await this.get<AlertsData>('/api/v1/alerts');
    return alerts.map(({ labels: { alertname = '', ...labels }, state, annotations }) => ({
      name: alertname,
      state,
      labels,
      annotations,
    }));
  }

  /** The data of any answer of its API. @throws Error with Prometheus' own message */
  async get<T>(path: string): Promise<T> {
    const response = await this.#get(`${this.url}${path}`);
    const answer = (await response.json()) as Envelope<T>;
    if (answer.status === 'error') throw new Error(`${decodeURIComponent(path)}: ${answer.error}`);
    return answer.data;
  }
}

/** Prometheus writes `+Inf`, `-Inf` and `NaN`. */
function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
