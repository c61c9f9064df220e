/** Forgets a promise that failed, so that the next try starts afresh. */
export function retryable(promise, forget) {
  promise.catch(forget);
  return promise;
}
