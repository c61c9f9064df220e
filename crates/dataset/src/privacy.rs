//! The columns that never leave PostgreSQL.
//!
//! They name or help to find a person: owners and operators (also where the operator is a
//! company, because the flag that tells the two apart is often missing), home towns of crew,
//! NTSB user ids and the person who notified the NTSB; or they speak of a person's health:
//! limitations, validity and date of the medical certificate, toxicology. The class of the
//! certificate is a licence like the others and stays.

const PERSONAL: &[(&str, &[&str])] = &[
    (
        "aircraft",
        &[
            "owner_acft",
            "owner_street",
            "owner_city",
            "owner_state",
            "owner_country",
            "owner_zip",
            "oper_name",
            "oper_dba",
            "oper_street",
            "oper_city",
            "oper_state",
            "oper_country",
            "oper_zip",
            "oper_cert_num",
        ],
    ),
    (
        "events",
        &["ntsb_notf_from", "ntsb_notf_date", "ntsb_notf_tm"],
    ),
    (
        "flight_crew",
        &[
            "crew_city",
            "crew_res_state",
            "crew_res_country",
            "med_crtf_vldty",
            "med_crtf_limit",
            "date_lst_med",
            "crew_tox_perf",
        ],
    ),
];

/// All personal columns as (table, column), in lower case; `lchg_userid` of every table besides.
pub fn columns() -> impl Iterator<Item = (&'static str, &'static str)> {
    PERSONAL
        .iter()
        .flat_map(|(table, columns)| columns.iter().map(move |column| (*table, *column)))
}

/// Whether a column (any case) of a table (any case) must not be published.
pub fn is_personal(table: &str, column: &str) -> bool {
    column.eq_ignore_ascii_case("lchg_userid")
        || PERSONAL.iter().any(|(name, columns)| {
            name.eq_ignore_ascii_case(table)
                && columns.iter().any(|c| c.eq_ignore_ascii_case(column))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn every_personal_column_exists_in_the_schema() {
        for (table, columns) in PERSONAL {
            let table = schema::table(table).unwrap();
            for column in *columns {
                assert!(table.column(column).is_some(), "{}.{column}", table.name);
            }
        }
    }

    #[test]
    fn user_ids_are_personal_everywhere() {
        assert!(is_personal("narratives", "lchg_userid"));
        assert!(is_personal("AIRCRAFT", "Owner_Acft"));
        assert!(!is_personal("aircraft", "acft_make"));
    }
}
