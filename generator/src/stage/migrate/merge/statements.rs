//! The SQL that merges one table.

use dataset::schema::{self, Column, Table};

use super::super::staging;

/// In all of them `$1` is the load, except in [`Statements::upsert`].
pub(super) struct Statements {
    /// Rows kept out whatever the database holds; `$2` is the reason given with each.
    pub(super) own_rejects: Vec<(&'static str, String)>,
    /// Takes rows out of the stage that a newer file no longer had.
    pub(super) bury: Option<String>,
    /// Rows kept out because nothing of the database goes with them.
    pub(super) no_parent: Option<(&'static str, String)>,
    /// Staged rows.
    pub(super) count: String,
    /// Whether the database holds any row of the table.
    pub(super) holds_rows: String,
    /// Staged rows of which the database holds a newer state.
    pub(super) older: Option<String>,
    /// Tells `ntsb.change` which columns are about to change.
    pub(super) note_updates: Option<String>,
    /// `$1` is the name of the file, `$2` the load, `$3` whether to tell `ntsb.change` of new rows;
    /// gives how many rows were inserted, and how many updated.
    pub(super) upsert: String,
    /// Puts all staged rows into an empty table; `$1` is the name of the file.
    pub(super) fill: String,
    /// Marks the tombstones of rows that are back.
    pub(super) restore: String,
}

impl Statements {
    pub(super) fn of(table: &Table) -> Self {
        let names = Names::of(table);
        let keyed = !names.key.is_empty();
        let dated = keyed && names.dated;
        Self {
            own_rejects: if keyed {
                own_rejects(&names)
            } else {
                Vec::new()
            },
            bury: dated.then(|| bury(&names)),
            no_parent: table.parent().and_then(schema::table).map(|parent| {
                let key: Vec<String> = parent.natural_key().iter().map(|c| c.sql_name()).collect();
                let found = conjunction(&key, |c| format!("p.{c} = s.{c}"));
                let parent = parent.sql_name();
                let condition = format!("NOT EXISTS (SELECT FROM ntsb.{parent} p WHERE {found})");
                ("no parent row", reject(&names, &condition))
            }),
            count: format!("SELECT count(*) FROM {}", names.stage),
            holds_rows: format!("SELECT EXISTS (SELECT FROM ntsb.{})", names.target),
            older: dated.then(|| older(&names)),
            note_updates: keyed.then(|| note_updates(&names)),
            upsert: if keyed {
                upsert_by_key(&names)
            } else {
                insert_new_content(&names)
            },
            fill: fill(&names),
            restore: restore(&names),
        }
    }
}

struct Names {
    target: String,
    stage: String,
    /// Empty for tables whose rows are told by their content.
    key: Vec<String>,
    columns: Vec<String>,
    /// Whether rows say when they were last changed.
    dated: bool,
    of_events: bool,
}

impl Names {
    fn of(table: &Table) -> Self {
        Self {
            target: table.sql_name(),
            stage: staging::name(table),
            key: table.natural_key().iter().map(|c| c.sql_name()).collect(),
            columns: table.columns.iter().map(Column::sql_name).collect(),
            dated: table.column("lchg_date").is_some(),
            of_events: table.column("ev_id").is_some(),
        }
    }

    /// The values of the key of the row `row`, as in `ntsb.change` and `ntsb.tombstone`.
    fn row_key(&self, row: &str) -> String {
        if self.key.is_empty() {
            return format!("jsonb_build_array({row}.row_digest)");
        }
        format!(
            "jsonb_build_array({})",
            list(&self.key, |c| format!("{row}.{c}"))
        )
    }

    fn ev_id(&self, row: &str) -> String {
        if self.of_events {
            format!("{row}.ev_id")
        } else {
            "NULL::text".to_owned()
        }
    }
}

fn own_rejects(names: &Names) -> Vec<(&'static str, String)> {
    let missing: Vec<String> = names.key.iter().map(|c| format!("s.{c} IS NULL")).collect();
    let same = conjunction(&names.key, |c| format!("other.{c} = s.{c}"));
    let place = |row: &str| {
        if names.dated {
            format!("(coalesce({row}.lchg_date, '-infinity'), -{row}.row_no)")
        } else {
            format!("(-{row}.row_no)")
        }
    };
    let second = format!(
        "EXISTS (SELECT FROM {} other WHERE {same} AND {} > {})",
        names.stage,
        place("other"),
        place("s")
    );
    vec![
        (
            "a key column is empty",
            reject(names, &missing.join(" OR ")),
        ),
        (
            "the file has another row with the same key, as new or newer",
            reject(names, &second),
        ),
    ]
}

/// Moves the staged rows that fulfil `condition` to `ntsb.reject`.
fn reject(names: &Names, condition: &str) -> String {
    format!(
        "WITH gone AS (DELETE FROM {stage} s WHERE {condition} RETURNING *)
         INSERT INTO ntsb.reject (load_id, table_name, row_key, reason, content)
         SELECT $1, '{table}', concat_ws(' ', {key}), $2,
                jsonb_strip_nulls(to_jsonb(gone) - '{{row_no,row_sha256,extra}}'::text[])
                  || coalesce(gone.extra, '{{}}')
         FROM gone ORDER BY row_no",
        stage = names.stage,
        table = names.target,
        key = list(&names.key, |c| format!("gone.{c}")),
    )
}

fn bury(names: &Names) -> String {
    format!(
        "DELETE FROM {stage} s USING ntsb.tombstone b
         WHERE b.table_name = '{table}' AND b.restored_by IS NULL
           AND b.as_of > (SELECT as_of FROM ntsb.load WHERE load_id = $1)
           AND b.ev_id = s.ev_id AND b.row_key = {key}",
        stage = names.stage,
        table = names.target,
        key = names.row_key("s"),
    )
}

fn older(names: &Names) -> String {
    format!(
        "SELECT count(*) FROM {} s JOIN ntsb.{} t USING ({})
         WHERE t.lchg_date > s.lchg_date AND t.row_sha256 IS DISTINCT FROM s.row_sha256",
        names.stage,
        names.target,
        names.key.join(", ")
    )
}

fn note_updates(names: &Names) -> String {
    let mut columns = names.columns.clone();
    columns.push("extra".to_owned());
    format!(
        "INSERT INTO ntsb.change (load_id, table_name, ev_id, row_key, kind, changed_columns)
         SELECT $1, '{target}', {ev_id}, {row_key}, 'update', array_remove(ARRAY[{changed}], NULL)
         FROM {stage} s JOIN ntsb.{target} t USING ({key})
         WHERE t.row_sha256 IS DISTINCT FROM s.row_sha256 {unless_newer}
         ORDER BY s.row_no",
        target = names.target,
        stage = names.stage,
        ev_id = names.ev_id("s"),
        row_key = names.row_key("s"),
        changed = list(&columns, |c| format!(
            "CASE WHEN t.{c} IS DISTINCT FROM s.{c} THEN '{c}' END"
        )),
        key = names.key.join(", "),
        unless_newer = if names.dated {
            "AND (t.lchg_date > s.lchg_date) IS NOT TRUE"
        } else {
            ""
        },
    )
}

/// Rows equal to what the table holds are left alone, so that they count as unchanged. They are not
/// even offered: a conflict locks the row it meets, which costs as much as writing it.
fn upsert_by_key(names: &Names) -> String {
    let columns = names.columns.join(", ");
    let key = names.key.join(", ");
    let newer = if names.dated {
        "OR t.lchg_date > s.lchg_date"
    } else {
        ""
    };
    format!(
        "WITH written AS (
           INSERT INTO ntsb.{target} ({columns}, extra, row_sha256, source_file)
           SELECT {columns}, extra, row_sha256, $1 FROM {stage} AS s
           WHERE NOT EXISTS (
             SELECT FROM ntsb.{target} AS t
             WHERE {same} AND (t.row_sha256 = s.row_sha256 {newer})
           )
           ORDER BY row_no
           ON CONFLICT ({key}) DO UPDATE
             SET {assignments}, extra = excluded.extra, row_sha256 = excluded.row_sha256,
               source_file = excluded.source_file
           RETURNING (xmax = 0) AS inserted, {key}
         ), {noted}
         SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted)
         FROM written",
        target = names.target,
        stage = names.stage,
        assignments = list(&names.columns, |c| format!("{c} = excluded.{c}")),
        same = conjunction(&names.key, |c| format!("t.{c} = s.{c}")),
        noted = note_inserts(names),
    )
}

fn fill(names: &Names) -> String {
    let (column, digest) = if names.key.is_empty() {
        (", row_digest", format!(", {}", staging::DIGEST))
    } else {
        ("", String::new())
    };
    format!(
        "INSERT INTO ntsb.{target} ({columns}, extra, row_sha256, source_file{column})
         SELECT {columns}, extra, row_sha256, $1{digest} FROM {stage}",
        target = names.target,
        columns = names.columns.join(", "),
        stage = names.stage,
    )
}

/// Tables without key: a row is its content, and how many equal rows came before it in the file.
fn insert_new_content(names: &Names) -> String {
    let columns = names.columns.join(", ");
    format!(
        "WITH written AS (
           INSERT INTO ntsb.{target} ({columns}, extra, row_sha256, source_file, row_digest)
           SELECT {columns}, extra, row_sha256, $1, {digest} FROM {stage} ORDER BY row_no
           ON CONFLICT DO NOTHING
           RETURNING true AS inserted, row_digest
         ), {noted}
         SELECT count(*), 0::bigint FROM written",
        target = names.target,
        stage = names.stage,
        digest = staging::DIGEST,
        noted = note_inserts(names),
    )
}

fn note_inserts(names: &Names) -> String {
    format!(
        "noted AS (
           INSERT INTO ntsb.change (load_id, table_name, ev_id, row_key, kind)
           SELECT $2, '{target}', {ev_id}, {row_key}, 'insert' FROM written
           WHERE inserted AND $3
         )",
        target = names.target,
        ev_id = names.ev_id("written"),
        row_key = names.row_key("written"),
    )
}

fn restore(names: &Names) -> String {
    let same_event = if names.of_events {
        "t.ev_id = b.ev_id AND"
    } else {
        ""
    };
    format!(
        "UPDATE ntsb.tombstone b SET restored_by = $1
         WHERE b.table_name = '{target}' AND b.restored_by IS NULL
           AND EXISTS (
             SELECT FROM ntsb.{target} t WHERE {same_event} {row_key} = b.row_key
           )",
        target = names.target,
        row_key = names.row_key("t"),
    )
}

fn list(columns: &[String], term: impl Fn(&str) -> String) -> String {
    let terms: Vec<String> = columns.iter().map(|c| term(c)).collect();
    terms.join(", ")
}

fn conjunction(columns: &[String], term: impl Fn(&str) -> String) -> String {
    let terms: Vec<String> = columns.iter().map(|c| term(c)).collect();
    terms.join(" AND ")
}
