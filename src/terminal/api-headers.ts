/** What a request to the API of a datacenter carries; `token`: null where none was given. */
export function apiHeaders(token: string | null): Record<string, string> {
  return { accept: 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) };
}
