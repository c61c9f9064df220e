//! The materialized views of schema `ntsb`.

use anyhow::{Context, Result};
use postgres::{GenericClient, Transaction};

/// Recomputes them from the rows as the transaction sees them; with its commit readers get both
/// the new rows and the new statistics.
///
/// Views that hold figures already are refreshed concurrently, so that they stay readable until
/// then.
pub(in crate::stage) fn refresh(transaction: &mut Transaction<'_>) -> Result<()> {
    // Without statistics about the rows just loaded the planner would join them by nested loops. Rough
    // ones will do: finer ones take longer than the load of a file.
    transaction
        .batch_execute("SET LOCAL default_statistics_target = 10; ANALYZE")
        .context("collecting statistics about the tables")?;
    let views = transaction.query(
        "SELECT matviewname, ispopulated FROM pg_matviews WHERE schemaname = 'ntsb' ORDER BY 1",
        &[],
    )?;
    for view in views {
        let (name, populated): (String, bool) = (view.get(0), view.get(1));
        let how = if populated { "CONCURRENTLY" } else { "" };
        transaction
            .batch_execute(&format!("REFRESH MATERIALIZED VIEW {how} ntsb.\"{name}\""))
            .with_context(|| format!("refreshing ntsb.{name}"))?;
    }
    transaction.execute("DELETE FROM ntsb.stale_statistics", &[])?;
    Ok(())
}

/// Remembers, with the rows of a load, that the views do not show them yet: a run killed before it
/// refreshes them leaves that to the next.
pub(in crate::stage) fn mark_stale(transaction: &mut Transaction<'_>, load_id: i64) -> Result<()> {
    transaction.execute("INSERT INTO ntsb.stale_statistics VALUES ($1)", &[&load_id])?;
    Ok(())
}

/// Whether the views lack rows.
pub(in crate::stage) fn are_stale(client: &mut impl GenericClient) -> Result<bool> {
    let row = client.query_one("SELECT EXISTS (SELECT FROM ntsb.stale_statistics)", &[])?;
    Ok(row.get(0))
}
