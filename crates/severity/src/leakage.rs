//! What the model must never see: the outcome, and whatever is only known because of it.
//!
//! A model that is shown damage looks brilliant and is useless: whoever asks about severity does
//! not know it yet. What the investigation coded ([`CODED`]) comes between: it is no outcome, but
//! chosen by people who knew it, so only a model of the full record may see it.

use crate::features::FeatureSet;

/// Source columns that are, follow from, or give away the outcome; `*` stands for a whole table.
pub const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "events",
        &[
            "ev_highest_injury",
            "inj_f_grnd",
            "inj_m_grnd",
            "inj_s_grnd",
            "inj_tot_f",
            "inj_tot_m",
            "inj_tot_n",
            "inj_tot_s",
            "inj_tot_t",
            // Letters of the case number and the agency tell how grave it was.
            "ntsb_no",
            "invest_agy",
            "ntsb_docket",
            "lchg_date",
        ],
    ),
    (
        "aircraft",
        &[
            "ntsb_no",
            "damage",
            "acft_fire",
            "acft_expl",
            "acft_missing",
            "evacuation",
            "elt_oper",
            "elt_aided_loc_ev",
            "elt_reason_other",
            "afm_hrs_since",
            "lchg_date",
            // The values are harmless, but whether there is one follows from the outcome: who
            // died cannot tell how much fuel there was, and a runway is noted where one was used.
            "fuel_on_board",
            "rwy_num",
            "rwy_len",
            "rwy_width",
        ],
    ),
    (
        "flight_crew",
        &[
            // Likewise: asked of survivors.
            "bfr",
            "bfr_date",
            "ft_as_of",
            "crew_inj_level",
            "crew_tox_perf",
            "seatbelts_used",
            "shldr_harn_used",
            "restraint_used",
            "infl_rest_depl",
            "lchg_date",
        ],
    ),
    ("injury", &["*"]),
    ("occurrences", &["altitude"]),
    ("seq_of_events", &["*"]),
    ("narratives", &["*"]),
    ("ntsb_admin", &["*"]),
    ("dt_events", &["*"]),
    (
        "explore",
        &[
            "ntsb_no",
            "damage",
            "occurrence",
            "phase",
            "ev_highest_injury",
            "fatalities",
            "inj_tot_s",
            "inj_tot_m",
            "inj_tot_n",
            "status",
        ],
    ),
];

/// Source columns that the investigation coded; only [`FeatureSet::FullRecord`] may use them.
pub const CODED: &[(&str, &[&str])] = &[
    (
        "events",
        &[
            // Kinds of accident, not circumstances.
            "mid_air",
            "on_ground_collision",
            // Where the wreck came to rest.
            "ev_nr_apt_loc",
            "apt_dist",
            "apt_dir",
        ],
    ),
    ("findings", &["*"]),
    ("occurrences", &["occurrence_code"]),
    (
        "events_sequence",
        &[
            "occurrence_code",
            "occurrence_description",
            "eventsoe_no",
            "defining_ev",
        ],
    ),
];

/// Parts of names that give an outcome away whatever table they come from.
const SUSPECT: &[&str] = &[
    "inj", "fatal", "dead", "death", "damage", "severity", "cause", "narr", "fire", "expl", "evac",
    "tox", "status", "ntsb_no",
];

/// Parts of names that belong to what the investigation coded.
const SUSPECT_CODED: &[&str] = &["finding", "occurrence"];

/// Whether a source column (any case) must not be used by any model.
pub fn is_forbidden(table: &str, column: &str) -> bool {
    is_listed(FORBIDDEN, table, column)
}

/// Whether a source column (any case) must not be used by a model of these features.
pub fn is_forbidden_for(set: FeatureSet, table: &str, column: &str) -> bool {
    is_forbidden(table, column)
        || (set == FeatureSet::BeforeImpact && is_listed(CODED, table, column))
}

fn is_listed(list: &[(&str, &[&str])], table: &str, column: &str) -> bool {
    list.iter().any(|(name, columns)| {
        name.eq_ignore_ascii_case(table)
            && columns
                .iter()
                .any(|c| *c == "*" || c.eq_ignore_ascii_case(column))
    })
}

/// Whether a column of a query's result has a name that belongs to the outcome or, for the facts
/// before impact, to what was coded.
pub fn is_suspect(set: FeatureSet, column: &str) -> bool {
    let column = column.to_lowercase();
    // `phase` is refused as a column of `explore`, where it belongs to the defining occurrence;
    // as the name of a feature it is the phase of the first event.
    let listed = |list: &[(&str, &[&str])]| {
        list.iter()
            .filter(|(table, _)| *table != "explore")
            .any(|(_, columns)| columns.contains(&column.as_str()))
    };
    let named = |parts: &[&str]| parts.iter().any(|part| column.contains(part));
    listed(FORBIDDEN)
        || named(SUSPECT)
        || (set == FeatureSet::BeforeImpact && (listed(CODED) || named(SUSPECT_CODED)))
}

/// The first of `columns` that a model of these features must not see.
///
/// # Errors
/// The name of that column.
pub fn guard<'a>(
    set: FeatureSet,
    columns: impl IntoIterator<Item = &'a str>,
) -> Result<(), &'a str> {
    columns
        .into_iter()
        .find(|c| is_suspect(set, c))
        .map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETS: [FeatureSet; 2] = [FeatureSet::BeforeImpact, FeatureSet::FullRecord];

    #[test]
    fn no_feature_touches_the_outcome() {
        for set in SETS {
            for feature in set.features() {
                for (table, column) in feature.sources {
                    let refused = is_forbidden_for(set, table, column);
                    assert!(!refused, "{}: {table}.{column}", feature.name);
                }
            }
            assert_eq!(guard(set, set.features().map(|f| f.name)), Ok(()));
        }
    }

    #[test]
    fn the_guard_refuses_outcomes_in_any_spelling_for_any_model() {
        assert!(is_forbidden("Events", "INJ_TOT_F"));
        assert!(is_forbidden("narratives", "narr_cause"));
        assert!(!is_forbidden("aircraft", "acft_make"));
        for set in SETS {
            for outcome in [
                "Damage",
                "pilot_injury",
                "acft_fire",
                "acft_expl",
                "evacuation",
                "narr_accp",
                "fatalities",
                "ev_highest_injury",
                "bfr_date",
            ] {
                assert_eq!(guard(set, ["acft_make", outcome]), Err(outcome));
            }
        }
    }

    #[test]
    fn what_was_coded_is_for_the_full_record_only() {
        assert!(is_forbidden_for(
            FeatureSet::BeforeImpact,
            "findings",
            "finding_code"
        ));
        assert!(!is_forbidden_for(
            FeatureSet::FullRecord,
            "findings",
            "finding_code"
        ));
        for coded in [
            "on_ground_collision",
            "apt_dist",
            "occurrence",
            "finding_personnel",
        ] {
            assert_eq!(guard(FeatureSet::BeforeImpact, [coded]), Err(coded));
            assert_eq!(guard(FeatureSet::FullRecord, [coded]), Ok(()));
        }
    }
}
