// Runs in the browser: one contestant answers questions.

let ask;

/**
 * Starts a contestant with its first question; milliseconds from then to the answer. The empty page, and
 * the time until the test reaches it, are nobody's.
 */
globalThis.first = async ({ adapter, how }, question) => {
  const start = performance.now();
  const contestant = await import(`./contestants/${adapter}`);
  ask = await contestant.start(how);
  const answer = await ask(question);
  return { ms: performance.now() - start, answer };
};

/** Asks again and again, up to a time but three times at least; milliseconds each. */
globalThis.again = async (question, times, most) => {
  const ms = [];
  const begin = performance.now();
  let answer;
  while (ms.length < times && (ms.length < 3 || performance.now() - begin < most)) {
    const start = performance.now();
    answer = await ask(question);
    ms.push(performance.now() - start);
  }
  return { ms, answer };
};
