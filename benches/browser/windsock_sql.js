// A contestant of the race: the SQL console's worker and module, asked in SQL.

/** Questions that DuckDB's SQL asks in a way that DataFusion's does not have, by name. */
const own = {
  "cause of the aircraft": [
    `SELECT acft_category, count(DISTINCT ev_id) FROM explore WHERE EXISTS
     (SELECT 1 FROM causes WHERE causes.ev_id = explore.ev_id
      AND causes.aircraft_key = explore.aircraft_key AND category ILIKE '%environment%')
     GROUP BY 1 ORDER BY 1 NULLS LAST`,
  ],
};

/**
 * Starts it; what it returns answers a question with rows for each of its statements, or with how
 * many rows there are where the question asks for numbers.
 */
export async function windsockSql() {
  const { Client } = await import("/web/js/client.js");
  const client = new Client("/web/js/sql-worker.js");
  const place = { module: "/web/sql/windsock_sql.js", lake: "/lake/", rows: 10_000_000, bytes: 2 ** 31 - 1 };
  return async ({ name, sql, numbers }) => {
    const answers = [];
    for (const text of own[name] ?? sql) {
      const rows = [];
      const take = (progress) => {
        if (progress.rows) rows.push(...JSON.parse(progress.rows));
      };
      await client.call("run", { ...place, sql: text }, take);
      if (numbers) return rows.length;
      answers.push(rows);
    }
    return answers;
  };
}
