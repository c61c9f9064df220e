//! The NTSB's code lists, as shipped inside its databases.
//!
//! They serve as labels for pages, as expected sets for validation and as content of the sample
//! databases. A code that is not listed is still data: keep it and count it.

/// `(code, meaning)` pairs of one column, in the order of the source.
pub fn labels(table: &str, column: &str) -> Vec<(&'static str, &'static str)> {
    dictionary()
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

/// The NTSB's country codes (close to FIPS 10-4, not ISO) and names.
pub fn countries() -> impl Iterator<Item = [&'static str; 2]> {
    rows(include_str!("../codes/country.csv"), ',')
}

/// The states: code, name, FAA region.
pub fn states() -> impl Iterator<Item = [&'static str; 3]> {
    rows(include_str!("../codes/states.csv"), ',')
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
    fn leading_zeros_of_codes_survive() {
        let far_part = labels("aircraft", "far_part");
        assert!(far_part.contains(&("091", "Part 91: General Aviation")));
        assert!(findings().any(|[code, _]| code.starts_with("0206")));
    }
}
