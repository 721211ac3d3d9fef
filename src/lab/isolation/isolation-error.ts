/** Why a lab cannot have its network namespaces, in words for the user: what is missing, and what to do about it. */
export class IsolationError extends Error {
  override readonly name = 'IsolationError';

  constructor(reason: string, options?: ErrorOptions) {
    super(`the lab was not started, it cannot be isolated (--isolation netns): ${reason}`, options);
  }
}
