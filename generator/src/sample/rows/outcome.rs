//! What happened and why: `injury`, and occurrences and findings in both coding systems.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anyhow::Result;
use dataset::codes;

use super::super::calendar::Era;
use super::super::case::Case;
use super::super::injuries::{Level, Person, count};
use super::super::row::Row;
use super::Push;

/// Categories and levels per aircraft, with the rows TOTL (a sum over the levels) and, up to 2007,
/// ABRD (a sum over the categories) that must not be added to the others.
pub(super) fn write_injuries(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    for (key, craft) in (1..).zip(&case.craft) {
        let mut groups: BTreeMap<&str, Vec<Person>> = BTreeMap::new();
        for person in &craft.people {
            let category = match case.era {
                Era::Modern => person.role.modern_category(),
                Era::Old | Era::Early => person.role.old_category(),
            };
            groups.entry(category).or_default().push(*person);
        }
        if case.era == Era::Old {
            groups.insert("ABRD", craft.people.clone());
        }
        for (category, people) in groups {
            let counts = count(people.iter());
            for level in Level::ALL {
                let count = counts.get(&level).copied();
                // The present system writes a row without a count where there is nobody.
                if count.is_some() || case.is_recent() {
                    injury(case, key, row, (category, level.code()), count);
                    push(row)?;
                }
            }
            let total = (!case.is_recent()).then_some(people.len() as i32);
            injury(case, key, row, (category, "TOTL"), total);
            push(row)?;
        }
    }
    Ok(())
}

fn injury(
    case: &Case,
    key: usize,
    row: &mut Row,
    (category, level): (&str, &str),
    count: Option<i32>,
) {
    super::keyed(row, case, &[("Aircraft_Key", key)])
        .text("inj_person_category", category)
        .text("injury_level", level)
        .text("lchg_userid", "sample");
    if let Some(count) = count {
        row.number("inj_person_count", count);
    }
}

/// Events that the NTSB has not coded: foreign ones, and those still open.
fn is_uncoded(case: &Case) -> bool {
    case.open || case.setup.place.is_foreign()
}

pub(super) fn write_findings(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    if is_uncoded(case) {
        return Ok(());
    }
    for key in 1..=case.craft.len() {
        for (number, (stem, modifier, cause)) in (1..).zip(case.setup.scenario.findings) {
            let code = format!("{stem}{modifier}");
            let labels = labels();
            let (stem, modifier) = (labels.get(*stem), labels.get(*modifier));
            let describe = |label: Option<&&'static str>| label.copied().unwrap_or("Unknown");
            super::keyed(row, case, &[("Aircraft_Key", key), ("finding_no", number)])
                .text("finding_code", &code)
                .text(
                    "finding_description",
                    &format!("{} - {}", describe(stem), describe(modifier)),
                )
                .text("category_no", &code[..2])
                .text("subcategory_no", &code[2..4])
                .text("section_no", &code[4..6])
                .text("subsection_no", &code[6..8])
                .text("modifier_no", &code[8..])
                .text("cm_inPc", if *cause { "T" } else { "F" })
                .text("lchg_userid", "sample");
            // Released before October 2020.
            if case.when.day + case.approved < 44_105 {
                row.text("Cause_Factor", if *cause { "C" } else { "F" });
            }
            push(row)?;
        }
    }
    Ok(())
}

/// Labels of finding stems (eight digits), finding modifiers (two) and of the two halves of modern
/// occurrence codes (`552xxx`, `xxx230`).
fn labels() -> &'static BTreeMap<&'static str, &'static str> {
    static LABELS: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    LABELS.get_or_init(|| {
        let modifiers = codes::labels("Findings", "modifier_no").into_iter();
        let modifiers = modifiers.map(|(code, label)| (code.trim_start_matches('x'), label));
        let stems = codes::findings().map(|[code, label]| (code, label));
        let halves = codes::labels("Events_Sequence", "Occurrence_Code").into_iter();
        stems.chain(modifiers).chain(halves).collect()
    })
}

pub(super) fn write_sequence(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    if is_uncoded(case) && !case.fancies(9) {
        return Ok(());
    }
    for key in 1..=case.craft.len() {
        for (number, (phase, event)) in (1..).zip(case.setup.scenario.chain) {
            let labels = labels();
            let label = |code: String| labels.get(code.as_str()).copied().unwrap_or("Unknown");
            let text = format!(
                "{} - {}",
                label(format!("{phase}xxx")),
                label(format!("xxx{event}"))
            );
            super::keyed(
                row,
                case,
                &[("Aircraft_Key", key), ("Occurrence_No", number)],
            )
            .text("Occurrence_Code", &format!("{phase}{event}"))
            .text("Occurrence_Description", text.get(..100).unwrap_or(&text))
            .text("phase_no", phase)
            .text("eventsoe_no", event)
            .flag("Defining_ev", number == 1)
            .text("lchg_userid", "sample");
            push(row)?;
        }
    }
    Ok(())
}

pub(super) fn write_occurrences(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    if is_uncoded(case) {
        return Ok(());
    }
    for key in 1..=case.craft.len() {
        for (number, (phase, occurrence)) in (1..).zip(case.setup.scenario.old_chain) {
            super::keyed(
                row,
                case,
                &[("Aircraft_Key", key), ("Occurrence_No", number)],
            )
            .number("Occurrence_Code", *occurrence)
            .number("Phase_of_Flight", *phase)
            .number("Altitude", 0)
            .text("lchg_userid", "sample");
            push(row)?;
        }
    }
    Ok(())
}

/// All findings belong to the first occurrence of the chain.
pub(super) fn write_causes(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    if is_uncoded(case) {
        return Ok(());
    }
    for key in 1..=case.craft.len() {
        for (number, finding) in (1..).zip(case.setup.scenario.old_findings) {
            let (subject, modifier, person, group, cause) = *finding;
            let keys = [
                ("Aircraft_Key", key),
                ("Occurrence_No", 1),
                ("seq_event_no", number),
            ];
            super::keyed(row, case, &keys)
                .number("group_code", group)
                .number("Subj_Code", subject)
                .text("Cause_Factor", cause)
                .number("Modifier_Code", modifier)
                .text("lchg_userid", "sample");
            if person != 0 {
                row.number("Person_Code", person);
            }
            push(row)?;
        }
    }
    Ok(())
}
