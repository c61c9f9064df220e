//! What the investigation found, as a tree of two levels.

use super::table::Table;
use super::{Finding, FindingGroup};

/// Shown for findings whose code no list has.
const UNKNOWN: &str = "Not in the code lists";

/// Groups the rows of an aircraft by category, in the order in which they come.
pub(super) fn groups<'a>(causes: &'a Table, rows: &[usize]) -> Vec<FindingGroup<'a>> {
    let mut groups: Vec<FindingGroup> = Vec::new();
    for &row in rows {
        let category = causes.str("category", row).unwrap_or(UNKNOWN);
        let finding = finding(causes, row, category);
        match groups.iter_mut().find(|group| group.category == category) {
            Some(group) => group.findings.push(finding),
            None => groups.push(FindingGroup {
                category,
                findings: vec![finding],
            }),
        }
    }
    groups
}

fn finding<'a>(causes: &'a Table, row: usize, category: &str) -> Finding<'a> {
    let label = causes.str("label", row).unwrap_or_default();
    let mut path: Vec<&str> = label.split(" - ").map(str::trim).collect();
    // The modern labels begin with the category, under which the finding stands anyway.
    let modern = path.len() > 1 && path[0].eq_ignore_ascii_case(category);
    if modern {
        path.remove(0);
    }
    path.retain(|part| !part.is_empty());
    Finding {
        modern,
        path,
        role: causes.str("cause_factor", row).map(|flag| match flag {
            "C" | "c" => "cause",
            "F" | "f" => "factor",
            other => other,
        }),
        in_probable_cause: causes.bool("in_probable_cause", row),
        code: causes.str("code", row).unwrap_or_default(),
    }
}
