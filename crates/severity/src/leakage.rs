//! What the model must never see: the outcome, and whatever is only known because of it.
//!
//! A model that is shown damage or findings looks brilliant and is useless: whoever asks about
//! severity does not know them yet.

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
            // Kinds of accident, not circumstances.
            "mid_air",
            "on_ground_collision",
            // Where the wreck came to rest.
            "ev_nr_apt_loc",
            "apt_dist",
            "apt_dir",
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
        ],
    ),
    (
        "flight_crew",
        &[
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
    ("findings", &["*"]),
    ("occurrences", &["occurrence_code", "altitude"]),
    ("seq_of_events", &["*"]),
    ("narratives", &["*"]),
    ("ntsb_admin", &["*"]),
    ("dt_events", &["*"]),
    (
        "events_sequence",
        &[
            "occurrence_code",
            "occurrence_description",
            "eventsoe_no",
            "defining_ev",
        ],
    ),
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

/// Parts of names that give an outcome away whatever table they come from.
const SUSPECT: &[&str] = &[
    "inj",
    "fatal",
    "dead",
    "death",
    "damage",
    "severity",
    "finding",
    "occurrence",
    "cause",
    "narr",
    "fire",
    "expl",
    "evac",
    "tox",
    "status",
    "ntsb_no",
];

/// Whether a source column (any case) must not be used.
pub fn is_forbidden(table: &str, column: &str) -> bool {
    FORBIDDEN.iter().any(|(name, columns)| {
        name.eq_ignore_ascii_case(table)
            && columns
                .iter()
                .any(|c| *c == "*" || c.eq_ignore_ascii_case(column))
    })
}

/// Whether a column of a query's result has a name that belongs to the outcome.
pub fn is_suspect(column: &str) -> bool {
    let column = column.to_lowercase();
    // `phase` is refused as a column of `explore`, where it belongs to the defining occurrence;
    // as the name of a feature it is the phase of the first event.
    let listed = FORBIDDEN
        .iter()
        .filter(|(table, _)| *table != "explore")
        .any(|(_, columns)| columns.contains(&column.as_str()));
    listed || SUSPECT.iter().any(|part| column.contains(part))
}

/// The first of `columns` that the model must not see.
///
/// # Errors
/// The name of that column.
pub fn guard<'a>(columns: impl IntoIterator<Item = &'a str>) -> Result<(), &'a str> {
    columns
        .into_iter()
        .find(|c| is_suspect(c))
        .map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::FEATURES;

    #[test]
    fn no_feature_touches_the_outcome() {
        for feature in FEATURES {
            for (table, column) in feature.sources {
                assert!(
                    !is_forbidden(table, column),
                    "{}: {table}.{column}",
                    feature.name
                );
            }
        }
        assert_eq!(guard(FEATURES.iter().map(|f| f.name)), Ok(()));
    }

    #[test]
    fn the_guard_refuses_outcomes_in_any_spelling() {
        assert!(is_forbidden("Events", "INJ_TOT_F"));
        assert!(is_forbidden("narratives", "narr_cause"));
        assert!(!is_forbidden("aircraft", "acft_make"));
        assert_eq!(guard(["acft_make", "Damage"]), Err("Damage"));
        assert_eq!(guard(["on_ground_collision"]), Err("on_ground_collision"));
        assert_eq!(guard(["pilot_injury"]), Err("pilot_injury"));
    }
}
