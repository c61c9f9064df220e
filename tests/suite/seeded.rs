//! Seeded faults: each is planted alone in a copy of a clean database, and must be named by the
//! check meant for it, and by no other.

use std::collections::BTreeMap;

use postgres::{Client, NoTls};
use serde_json::Value;

use crate::harness::{Site, sampled, succeed};

/// What is planted, the SQL that plants it, and the checks that must notice.
const FAULTS: [(&str, &str, &[&str]); 24] = [
    (
        "a date of the far future",
        "UPDATE events SET ev_date = '2999-01-04', ev_year = 2999, ev_month = 1,
           ev_dow = left(to_char(timestamp '2999-01-04', 'DY'), 2)
         WHERE ev_id = (SELECT min(ev_id) FROM ntsb_admin WHERE approval_date IS NULL)",
        &["events.ev_date_in_future"],
    ),
    (
        "the year of another date",
        "UPDATE events SET ev_year = ev_year + 1 WHERE ev_id = (SELECT min(ev_id) FROM events)",
        &["events.ev_year"],
    ),
    (
        "the month of another date",
        "UPDATE events SET ev_month = ev_month % 12 + 1
         WHERE ev_id = (SELECT min(ev_id) FROM events)",
        &["events.ev_month"],
    ),
    (
        "the weekday of another date",
        "UPDATE events SET ev_dow = left(to_char(ev_date + interval '1 day', 'DY'), 2)
         WHERE ev_id = (SELECT min(ev_id) FROM events)",
        &["events.ev_dow"],
    ),
    (
        "a quarter past 24 hours and 60 minutes",
        "UPDATE events SET ev_time = 2475 WHERE ev_id = (SELECT min(ev_id) FROM events)",
        &["events.ev_time_of_day"],
    ),
    (
        "a latitude typed in degrees and minutes",
        "UPDATE events SET dec_latitude = 4603 WHERE ev_id = (
           SELECT min(ev_id) FROM events WHERE dec_latitude BETWEEN 20 AND 50)",
        &["events.dec_latitude.be_between"],
    ),
    (
        "coordinates where missing ones end up",
        "UPDATE events SET dec_latitude = 0, dec_longitude = 0 WHERE ev_id = (
           SELECT min(ev_id) FROM events WHERE dec_latitude BETWEEN 20 AND 50)",
        &["events.null_island"],
    ),
    (
        "coordinates on another continent",
        "UPDATE events SET dec_latitude = 10, dec_longitude = 10 WHERE ev_id = (
           SELECT min(ev_id) FROM events
           WHERE ev_country = 'USA' AND ev_state = 'CA' AND dec_latitude IS NOT NULL)",
        &["events.in_state"],
    ),
    (
        "a latitude without longitude",
        "UPDATE events SET dec_longitude = NULL WHERE ev_id = (
           SELECT min(ev_id) FROM events WHERE dec_latitude BETWEEN 20 AND 50)",
        &["events.pairs"],
    ),
    (
        "a code in no list",
        "UPDATE events SET light_cond = 'ZZZZ' WHERE ev_id = (
           SELECT min(ev_id) FROM events WHERE light_cond = 'DAYL')",
        &["events.light_cond_listed"],
    ),
    (
        "an answer in no list",
        "UPDATE dt_events SET code = 'ZZZZ' WHERE (ev_id, col_name, code) = (
           SELECT ev_id, col_name, code FROM dt_events WHERE col_name = 'wx_cond'
           ORDER BY ev_id, code LIMIT 1)",
        &["dt_events.wx_cond_listed"],
    ),
    (
        "an investigation number of another form",
        "UPDATE events SET ntsb_no = 'A-12' WHERE ev_id = (
           SELECT min(ev_id) FROM events WHERE ntsb_no IS NOT NULL)",
        &["events.ntsb_no.match_regex"],
    ),
    (
        "a finding code that is not its parts",
        "UPDATE findings SET modifier_no = CASE modifier_no WHEN '44' THEN '20' ELSE '44' END
         WHERE (ev_id, aircraft_key, finding_no) = (
           SELECT ev_id, aircraft_key, finding_no FROM findings ORDER BY 1, 2, 3 LIMIT 1)",
        &["findings.finding_code_parts"],
    ),
    (
        "an occurrence code that is not its parts",
        "UPDATE events_sequence SET phase_no = CASE phase_no WHEN '550' THEN '350' ELSE '550' END
         WHERE (ev_id, aircraft_key, occurrence_no) = (
           SELECT ev_id, aircraft_key, occurrence_no FROM events_sequence ORDER BY 1, 2, 3 LIMIT 1)",
        &["events_sequence.occurrence_code_parts"],
    ),
    (
        "a highest injury below the counts",
        "UPDATE events SET ev_highest_injury = 'MINR' WHERE ev_id = (
           SELECT min(ev_id) FROM events WHERE ev_highest_injury = 'SERS')",
        &["events.highest_injury"],
    ),
    (
        "a total that is no sum",
        "UPDATE events SET inj_tot_t = inj_tot_t + 1000 WHERE ev_id = (
           SELECT min(ev_id) FROM events WHERE inj_tot_t > 0)",
        &["events.inj_tot_t"],
    ),
    (
        "more uninjured than persons",
        "UPDATE events SET inj_tot_n = inj_tot_n + 7 WHERE ev_id = (
           SELECT min(ev_id) FROM events JOIN injury USING (ev_id)
           WHERE injury_level = 'NONE' AND inj_person_category = 'ABRD' AND inj_tot_n > 0
             AND inj_tot_t = coalesce(inj_tot_f, 0) + coalesce(inj_tot_s, 0) + coalesce(inj_tot_m, 0))",
        &["events.inj_tot_n_by_person"],
    ),
    (
        "an aircraft with more deaths than its event: sums are wrong, too",
        "UPDATE injury SET inj_person_count = inj_person_count + 90
         WHERE injury_level = 'FATL' AND (ev_id, aircraft_key, inj_person_category) = (
           SELECT ev_id, aircraft_key, inj_person_category FROM injury
           WHERE injury_level = 'FATL' AND inj_person_category = 'Flig' AND inj_person_count > 0
           ORDER BY 1, 2, 3 LIMIT 1)",
        &["events.inj_tot_f_by_person", "injury.more_than_event", "injury.total"],
    ),
    (
        "an engine of no aircraft",
        "UPDATE engines SET ev_id = '20990101X00001' WHERE (ev_id, aircraft_key, eng_no) = (
           SELECT ev_id, aircraft_key, eng_no FROM engines ORDER BY 1, 2, 3 LIMIT 1)",
        &["engines.parent"],
    ),
    (
        "two engines of one number",
        "ALTER TABLE engines DROP CONSTRAINT engines_pkey;
         UPDATE engines SET eng_no = 1 WHERE (ev_id, aircraft_key, eng_no) = (
           SELECT ev_id, aircraft_key, eng_no FROM engines WHERE eng_no = 2
           ORDER BY 1, 2, 3 LIMIT 1)",
        &["engines.key"],
    ),
    (
        "a row lost after loading",
        "DELETE FROM country WHERE country_code = (
           SELECT max(country_code) FROM country
           WHERE country_code NOT IN (SELECT ev_country FROM events WHERE ev_country IS NOT NULL))",
        &["country.ledger"],
    ),
    (
        "a column lost",
        "ALTER TABLE engines DROP COLUMN hp_or_lbs",
        &["engines.columns", "engines.horsepower", "engines.hp_or_lbs_listed"],
    ),
    (
        "more hours than anybody has flown",
        "UPDATE flight_time SET flight_hours = 999999
         WHERE (ev_id, aircraft_key, crew_no, flight_type, flight_craft) = (
           SELECT ev_id, aircraft_key, crew_no, flight_type, flight_craft FROM flight_time
           WHERE flight_type = 'TOTL' AND flight_craft = 'ALL' ORDER BY 1, 2, 3 LIMIT 1)",
        &["flight_time.flight_hours.be_between"],
    ),
    (
        "a month without its accidents: June has 60 in three years, and few in the fourth",
        "UPDATE events SET
           ev_date = make_date(2000 + place % 3, 6, 14),
           ev_year = 2000 + place % 3,
           ev_month = 6,
           ev_dow = left(to_char(make_date(2000 + place % 3, 6, 14), 'DY'), 2)
         FROM (
           SELECT ev_id AS moved, (row_number() OVER (ORDER BY ev_id))::int AS place
           FROM events
           WHERE ev_type = 'ACC' AND ev_country = 'USA' AND ev_year BETWEEN 1984 AND 1999
           ORDER BY ev_id LIMIT 180
         ) AS chosen
         WHERE ev_id = moved;
         UPDATE ntsb_admin SET approval_date = NULL;
         UPDATE aircraft SET date_last_insp = NULL, acft_year = NULL;
         UPDATE flight_crew SET date_lst_med = NULL, bfr_date = NULL",
        &["events.month_drop"],
    ),
];

/// Status and violations of every check, by id.
fn validated(site: &Site, database: &str) -> BTreeMap<String, (String, Value)> {
    let mut command = site.windsock("validate");
    command.args(["--json", "--gate", "none", "--database-url", database]);
    let printed: Value = serde_json::from_str(&succeed(&mut command)).unwrap();
    let results = printed.as_array().unwrap().iter();
    let checks = results.flat_map(|suite| suite["results"].as_array().unwrap());
    checks
        .map(|check| {
            let text = |field: &str| check["meta"][field].as_str().unwrap().to_owned();
            let count = check["result"]["unexpected_count"].clone();
            // A check that cannot be carried out counts nothing.
            (text("id"), (text("status"), count))
        })
        .collect()
}

#[test]
fn every_seeded_fault_is_named_by_its_check_and_no_other() {
    let site = sampled("seeded", 2_500, 23);
    let mut migrate = site.windsock("migrate");
    succeed(migrate.args(["--replace", "sample/Pre2008.mdb", "sample/avall.mdb"]));
    let url = succeed(site.windsock("postgres").arg("start"));
    let url = url.trim().replace("dbname=postgres", "dbname=");
    let mut admin = Client::connect(&format!("{url}template1"), NoTls).unwrap();
    let clean = validated(&site, &format!("{url}postgres"));
    assert!(clean.len() > 250, "{} checks", clean.len());
    assert!(
        clean.values().all(|(status, _)| status != "fail"),
        "{clean:?}"
    );

    let mut wrong = Vec::new();
    for (fault, sql, expected) in FAULTS {
        admin
            .batch_execute("DROP DATABASE IF EXISTS seeded")
            .unwrap();
        admin
            .batch_execute("CREATE DATABASE seeded TEMPLATE postgres")
            .unwrap();
        let copy = format!("{url}seeded");
        {
            let mut client = Client::connect(&copy, NoTls).unwrap();
            // Without foreign keys: a fault that the schema forbids must be noticed all the same.
            client
                .batch_execute(
                    "SET search_path = ntsb, public; SET session_replication_role = replica",
                )
                .unwrap();
            client.batch_execute(sql).unwrap();
        }
        let seeded = validated(&site, &copy);
        let mut noticed: Vec<&str> = seeded
            .iter()
            .filter(|(id, result)| clean.get(*id) != Some(result) && result.0 != "pass")
            .map(|(id, _)| id.as_str())
            .collect();
        noticed.sort_unstable();
        if noticed != expected {
            wrong.push(format!("{fault}: {noticed:?} instead of {expected:?}"));
        }
    }
    admin
        .batch_execute("DROP DATABASE IF EXISTS seeded")
        .unwrap();
    drop(admin);
    succeed(site.windsock("postgres").arg("stop"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
