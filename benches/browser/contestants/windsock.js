// Windsock's core engine as its pages use it: worker and module.

export async function start() {
  const { Client } = await import("/web/js/client.js");
  const client = new Client("/web/js/worker.js");
  const place = { module: "/web/wasm/windsock.js", lake: "/lake/" };
  return async ({ query, numbers }) => {
    const answer = await client.call(numbers ? "numbers" : "query", { ...place, query });
    if (numbers) return answer.length / 2;
    return query.facets ? answer.facets.map((facet) => facet.values) : [answer.rows];
  };
}
