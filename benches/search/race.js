// One contestant answers queries: ranked events and how many there are, with counts by facet.
const contestants = {
  /** The index that comes with the site. */
  async windsock() {
    const { SearchIndex } = await import("/web/js/search-index.js");
    const { arrange, complete, evaluate, parse } = await import("/web/js/search-query.js");
    const index = new SearchIndex("/ours/api/v1/search/");
    const none = new Set();
    return async (typed) => {
      const manifest = await index.manifest();
      const query = parse(typed, manifest.skipped, false);
      await complete(query, index);
      const [found, facets] = await Promise.all([
        evaluate(index, query),
        Promise.all(manifest.segments.map((segment) => index.facets(segment))),
      ]);
      const chosen = { years: none, states: none, severities: none, newest: false, most: 10 };
      const answer = arrange(manifest, facets, found, chosen);
      const first = await Promise.all(answer.first.map((number) => index.key(number)));
      return { total: answer.total, first };
    };
  },

  /** Pagefind's own script. */
  async pagefind() {
    const pagefind = await import("/theirs/pagefind.js");
    await pagefind.init();
    return async (typed) => {
      const { results, filters } = await pagefind.search(typed);
      if (!filters) throw new Error("no counts");
      // Its results are numbers of fragments; a key comes with the fragment.
      const first = await Promise.all(results.slice(0, 10).map(async (result) => (await result.data()).meta.title));
      return { total: results.length, first };
    };
  },
};

globalThis.race = async (name, typed) => {
  const start = performance.now();
  globalThis.answer ??= await contestants[name]();
  const answer = await globalThis.answer(typed);
  return { ms: performance.now() - start, ...answer };
};
globalThis.ready = true;
