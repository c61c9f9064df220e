//! The NTSB's code lists, as shipped inside its databases.
//!
//! They serve as labels for pages, as expected sets for validation and as content of the sample
//! databases. A code that is not listed is still data: keep it and count it.

/// Codes in use that the dictionary does not list: table, column, code, meaning.
const UNLISTED: &[[&str; 4]] = &[["aircraft", "fixed_retractable", "FIXD", "Fixed"]];

/// `(code, meaning)` pairs of one column, in the order of the source.
///
/// `occurrence_chain.cictt_code` is answered too: its codes stand in [`cictt`].
pub fn labels(table: &str, column: &str) -> Vec<(&'static str, &'static str)> {
    if (table, column) == ("occurrence_chain", "cictt_code") {
        let mut codes: Vec<_> = cictt()
            .map(|[_, _, code, description]| (code, description))
            .filter(|(code, _)| !code.is_empty())
            .collect();
        codes.sort_unstable();
        codes.dedup_by_key(|(code, _)| *code);
        return codes;
    }
    dictionary()
        .chain(UNLISTED.iter().copied())
        .filter(|row| row[0].eq_ignore_ascii_case(table) && row[1].eq_ignore_ascii_case(column))
        .map(|row| (row[2], row[3]))
        .collect()
}

/// Rows of the data dictionary: table, column, code, meaning.
pub fn dictionary() -> impl Iterator<Item = [&'static str; 4]> {
    rows(include_str!("../codes/dictionary_codes.tsv"), '\t')
}

/// First eight digits of a finding code and their label.
pub fn findings() -> impl Iterator<Item = [&'static str; 2]> {
    rows(include_str!("../codes/findings_codes.tsv"), '\t')
}

/// Codes and labels of occurrences, phases, subjects, modifiers and persons, 1982–2007.
pub fn seqevt() -> impl Iterator<Item = [&'static str; 2]> {
    rows(include_str!("../codes/ct_seqevt.tsv"), '\t')
}

/// Rows of `ct_iaids`: list name, code, meaning.
pub fn iaids() -> impl Iterator<Item = [&'static str; 3]> {
    rows(include_str!("../codes/ct_iaids.tsv"), '\t')
}

/// Modern event numbers: number (no leading zeros), meaning, CAST/ICAO code, its description.
pub fn cictt() -> impl Iterator<Item = [&'static str; 4]> {
    rows(include_str!("../codes/cictt_soe_map.csv"), ',')
}

/// Occurrences of 1982–2007: code, the meaning of `ct_seqevt` in sentence case, and the number of
/// the modern event that means the same, where there is one.
pub fn older_occurrences() -> impl Iterator<Item = [&'static str; 3]> {
    rows(include_str!("../codes/older_occurrences.tsv"), '\t')
}

/// Phases of flight under one set of labels for both code lists: coding (`modern` or `older`),
/// first and last code of a range, phase.
///
/// The older list counts the initial climb as takeoff (522), holding as maneuvering (542) and
/// emergency descents to a landing as landing (576); the modern codes follow it.
pub fn phase_groups() -> impl Iterator<Item = [&'static str; 4]> {
    rows(include_str!("../codes/phase_groups.tsv"), '\t')
}

/// Causes of both code lists under the categories of the modern one: table of the source, first
/// and last code of a range (`category_no` of findings, `Subj_Code` of `seq_of_events`), category.
pub fn cause_categories() -> impl Iterator<Item = [&'static str; 4]> {
    rows(include_str!("../codes/cause_categories.tsv"), '\t')
}

/// The NTSB's country codes (close to FIPS 10-4, not ISO) and names.
pub fn countries() -> impl Iterator<Item = [&'static str; 2]> {
    rows(include_str!("../codes/country.csv"), ',')
}

/// The states: code, name, FAA region.
pub fn states() -> impl Iterator<Item = [&'static str; 3]> {
    rows(include_str!("../codes/states.csv"), ',')
}

/// Codes that rows of the real databases have although the dictionary does not list them: table,
/// column (for multi-valued answers the `col_name`), code.
pub fn seen() -> impl Iterator<Item = [&'static str; 3]> {
    rows(include_str!("../codes/seen_codes.tsv"), '\t')
}

/// Boxes around the states and territories, in degrees: state, south, north, west, east. Alaska
/// has two, because it crosses the 180th meridian.
pub fn state_bounds() -> impl Iterator<Item = [&'static str; 5]> {
    rows(include_str!("../codes/state_bounds.tsv"), '\t')
}

/// Splits the lines after the header into `N` fields; missing fields are empty.
fn rows<const N: usize>(
    text: &'static str,
    separator: char,
) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().skip(1).map(move |line| {
        let mut fields = line.splitn(N, separator);
        std::array::from_fn(|_| fields.next().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_the_size_of_the_source() {
        assert_eq!(dictionary().count(), 4385);
        assert_eq!(findings().count(), 1019);
        assert_eq!(seqevt().count(), 2224);
        assert_eq!(iaids().count(), 955);
        assert_eq!(states().count(), 51);
    }

    #[test]
    fn every_listed_code_is_in_exactly_one_group() {
        let groups = |coding: &str, code: &str| {
            let code: u32 = code.parse().unwrap();
            phase_groups()
                .chain(cause_categories())
                .filter(|[of, first, last, _]| {
                    *of == coding
                        && (first.parse().unwrap()..=last.parse().unwrap()).contains(&code)
                })
                .count()
        };
        for (code, _) in labels("Events_Sequence", "Occurrence_Code") {
            if let Some(phase) = code.strip_suffix("xxx") {
                assert_eq!(groups("modern", phase), 1, "modern phase {phase}");
            }
        }
        for [code, meaning] in seqevt() {
            let number: u32 = code.parse().unwrap();
            if (500..1000).contains(&number) {
                assert_eq!(groups("older", code), 1, "older phase {code}");
            }
            if number >= 10_000 {
                assert_eq!(groups("seq_of_events", code), 1, "{code} {meaning}");
            }
        }
    }

    #[test]
    fn older_occurrences_are_those_of_the_source_and_lead_to_modern_events() {
        let letters = |text: &str| text.to_lowercase().replace(' ', "");
        let listed: Vec<_> = seqevt()
            .filter(|[code, _]| code.parse::<u32>().unwrap() < 500)
            .map(|[code, meaning]| (code, letters(meaning)))
            .collect();
        let ours: Vec<_> = older_occurrences()
            .map(|[code, label, _]| (code, letters(label)))
            .collect();
        assert_eq!(ours, listed);
        for [code, _, event] in older_occurrences() {
            assert!(
                event.is_empty() || cictt().any(|[number, ..]| number == event),
                "{code} leads to {event}"
            );
        }
    }

    #[test]
    fn every_state_lies_in_a_box_that_is_one() {
        let boxes: Vec<_> = state_bounds().collect();
        for [state, ..] in states() {
            assert!(
                boxes.iter().any(|[of, ..]| *of == state),
                "{state} has no box"
            );
        }
        for [state, south, north, west, east] in boxes {
            let [south, north, west, east] =
                [south, north, west, east].map(|degrees| degrees.parse::<f64>().unwrap());
            assert!(south < north && west < east, "{state}");
        }
    }

    #[test]
    fn leading_zeros_of_codes_survive() {
        let far_part = labels("aircraft", "far_part");
        assert!(far_part.contains(&("091", "Part 91: General Aviation")));
        assert!(findings().any(|[code, _]| code.starts_with("0206")));
    }
}
