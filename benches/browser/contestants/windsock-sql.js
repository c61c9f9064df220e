// Windsock's SQL engine as its console uses it, asked in the opponents' own SQL.

/** More than any answer has. */
const LIMITS = { rows: 1_000_000, bytes: 1_000_000_000 };

export async function start() {
  const { Client } = await import("/web/js/client.js");
  const client = new Client("/web/js/sql-worker.js");
  const place = { module: "/web/sql/windsock_sql.js", lake: "/lake/" };
  return async ({ sql, numbers }) => {
    const answers = [];
    for (const text of sql) {
      const rows = [];
      await client.call("run", { ...place, ...LIMITS, sql: text }, (progress) => {
        if (progress.rows) for (const row of JSON.parse(progress.rows)) rows.push(row);
      });
      if (numbers) return rows.length;
      answers.push(rows);
    }
    return answers;
  };
}
