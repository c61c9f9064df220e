// The worker's side of client.js: messages become calls.

/**
 * Answers the page's calls for as long as the worker lives.
 * @param {Record<string, (message: any) => Promise<any>>} verbs What the worker can be asked. Each takes
 *   the message, with a `signal` that is given when the question is taken back.
 * @param {(error: any) => { error: string, fatal?: boolean }} [told] What the page hears of a failure.
 */
export function answer(verbs, told = (error) => ({ error: error.message ?? String(error) })) {
  /** Questions that can still be taken back. @type {Map<number, AbortController>} */
  const open = new Map();
  addEventListener("message", async ({ data }) => {
    const { id, kind } = data;
    if (kind === "cancel") return open.get(data.of)?.abort();
    const controller = new AbortController();
    open.set(id, controller);
    try {
      const value = await verbs[kind]({ ...data, signal: controller.signal });
      postMessage({ id, value }, value?.buffer instanceof ArrayBuffer ? [value.buffer] : []);
    } catch (error) {
      postMessage({ id, ...told(error), cancelled: controller.signal.aborted });
    } finally {
      open.delete(id);
    }
  });
}
