import type { Injection } from '../../wire/injection.ts';
import type { LabAgent } from '../../wire/lab-file.ts';
import type { ControlRequest } from '../control-request.ts';
import { rangesText } from '../server-ids.ts';

export function statusRequest({ control_url: url }: LabAgent): ControlRequest {
  return { method: 'GET', url: `${url}/v1/injections`, body: null };
}

export function holdRequest(
  { control_url: url }: LabAgent,
  injection: Injection,
  serverIds: readonly number[],
): ControlRequest {
  const path = `/v1/injections/${injection.id}?servers=${rangesText(serverIds)}`;
  return { method: 'PUT', url: url + path, body: JSON.stringify(injection) };
}

/** @param id null: every injection */
export function clearRequest(
  { control_url: url }: LabAgent,
  id: string | null,
  serverIds: readonly number[],
): ControlRequest {
  const path = id === null ? '/v1/injections' : `/v1/injections/${id}`;
  return { method: 'DELETE', url: `${url}${path}?servers=${rangesText(serverIds)}`, body: null };
}

/** The request as a shell would make it; `$TOKEN` stands for the token of the lab. */
export function curlText({ method, url, body }: ControlRequest): string {
  const json = body === null ? '' : ` -H 'Content-Type: application/json' --data '${body}'`;
  return `curl -X ${method} -H "Authorization: Bearer $TOKEN"${json} '${url}'`;
}
