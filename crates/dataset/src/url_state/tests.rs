use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::query::{Filter, Value};

fn column() -> impl Strategy<Value = String> {
    select(explore::COLUMNS).prop_map(|column| column.name.to_owned())
}

fn chosen() -> impl Strategy<Value = BTreeMap<String, BTreeSet<Option<String>>>> {
    let text: Vec<&str> = PARAMETERS
        .iter()
        .map(|(parameter, _)| *parameter)
        .filter(|parameter| !["year", "month", "hour"].contains(parameter))
        .collect();
    let texts = btree_map(
        select(text).prop_map(str::to_owned),
        btree_set(option::of("[A-Z~,&%=+#?cé ]{1,6}|\\PC{1,8}"), 1..4),
        0..6,
    );
    let years = option::of(btree_set(
        option::of((1900..2100).prop_map(|y: i32| y.to_string())),
        1..4,
    ));
    (texts, years).prop_map(|(mut map, years)| {
        map.extend(years.map(|years| ("year".to_owned(), years)));
        map
    })
}

fn group() -> impl Strategy<Value = Group> {
    let filled = chosen().prop_filter("a group has conditions", |chosen| !chosen.is_empty());
    (any::<bool>(), filled).prop_map(|(negated, chosen)| Group { negated, chosen })
}

fn group_by() -> impl Strategy<Value = String> {
    prop_oneof![
        column(),
        (1..5000_u32).prop_map(|width| format!("pilot_hours:{width}"))
    ]
}

/// Degrees as maps write them, between two limits.
fn degrees(limit: i32) -> impl Strategy<Value = f64> {
    (-limit * 10_000..=limit * 10_000).prop_map(|n| f64::from(n) / 1e4)
}

fn area() -> impl Strategy<Value = Area> {
    let sides = (degrees(90), degrees(180), degrees(90), degrees(180));
    sides.prop_map(|(a, west, b, east)| Area {
        south: a.min(b),
        west,
        north: a.max(b),
        east,
    })
}

fn position() -> impl Strategy<Value = Position> {
    let zoom = (0..=1600_i32).prop_map(|n| f64::from(n) / 100.0);
    (degrees(90), degrees(180), zoom).prop_map(|(latitude, longitude, zoom)| Position {
        latitude,
        longitude,
        zoom,
    })
}

prop_compose! {
    fn state()(
        chosen in chosen(),
        from in option::of(any::<i32>()),
        to in option::of(any::<i32>()),
        q in "\\PC{0,12}",
        sort in (column(), any::<bool>()).prop_map(|(by, desc)| Sort { by, desc }),
        by in vec(group_by(), 1..3),
        page in 1..u32::MAX,
        (groups, text, cols, vs) in (
            vec(group(), 0..4),
            "\\PC{0,12}",
            vec(column(), 0..5),
            (option::of(1962..2030), "[a-z \"]{0,8}"),
        ),
        (area, view, at) in (
            option::of(area()),
            select(&[View::Chart, View::Map]),
            option::of(position()),
        ),
    ) -> ExploreState {
        let (from_other, text_other) = vs;
        let other = ExploreState { from: from_other, text: text_other, ..ExploreState::default() };
        let vs = other.encode();
        ExploreState { chosen, groups, from, to, q, text, area, cols, vs, sort, by, page, view, at }
    }
}

proptest! {
    #[test]
    fn a_link_leads_back_to_its_state(state in state()) {
        let link = state.encode();
        prop_assert!(link.is_ascii());
        prop_assert_eq!(
            ExploreState::decode(&link),
            Decoded { state: state.clone(), notices: Vec::new() }
        );
        // As a page rebuilt with URLSearchParams would have it.
        let rewritten = link.replace(',', "%2C").replace('~', "%7E").replace("%20", "+");
        prop_assert_eq!(ExploreState::decode(&rewritten).state, state.clone());
        let json = serde_json::to_string(&state).unwrap();
        prop_assert_eq!(serde_json::from_str::<ExploreState>(&json).unwrap(), state);
    }

    #[test]
    fn any_text_is_read(search in "\\PC{0,40}") {
        let decoded = ExploreState::decode(&search);
        prop_assert_eq!(ExploreState::decode(&decoded.state.encode()).state, decoded.state);
    }
}

#[test]
fn defaults_need_no_parameter() {
    assert_eq!(ExploreState::default().encode(), "");
    assert_eq!(
        ExploreState::decode("?v=1&state=&page=1").state,
        ExploreState::default()
    );
}

#[test]
fn links_read_as_documented() {
    let Decoded { state, notices } =
        ExploreState::decode("?state=CA,~&make=SMITH~c%20J%26J&state=TX&sort=-fatalities");
    assert_eq!(notices, [""; 0]);
    assert_eq!(
        state.encode(),
        "state=~,CA,TX&make=SMITH~c%20J%26J&sort=-fatalities"
    );
    assert_eq!(
        state.filter().unwrap(),
        Filter::And(vec![
            Filter::In {
                column: "ev_state".to_owned(),
                values: vec![Value::Null, "CA".into(), "TX".into()],
            },
            Filter::In {
                column: "acft_make".to_owned(),
                values: vec!["SMITH, J&J".into()],
            },
        ])
    );
}

#[test]
fn what_is_not_understood_is_reported_and_the_rest_kept() {
    let Decoded { state, notices } =
        ExploreState::decode("utm_source=x&year=2019,soon&sort=-nothing&v=2&page=0&from=x&to=2015");
    assert_eq!(state.encode(), "year=2019&to=2015");
    assert_eq!(notices.len(), 6, "{notices:?}");
    assert!(notices[1].contains("soon"));
    assert!(notices[3].contains("version 2"));
}

#[test]
fn every_facet_has_one_parameter_and_every_parameter_a_column() {
    for column in explore::COLUMNS.iter().filter(|c| c.facet) {
        let count = PARAMETERS.iter().filter(|(_, c)| *c == column.name);
        assert_eq!(count.count(), 1, "{}", column.name);
    }
    for name in PARAMETERS.iter().map(|(_, column)| *column) {
        assert!(explore::column(name).is_some(), "{name}");
    }
    let query = ExploreState::default().to_query();
    for name in query.select {
        assert!(explore::column(&name).is_some(), "{name}");
    }
}

#[test]
fn every_word_is_looked_for_in_every_searched_column() {
    let state = ExploreState {
        q: " cessna  172".to_owned(),
        ..ExploreState::default()
    };
    let Some(Filter::And(words)) = state.filter() else {
        panic!("two words are two conditions");
    };
    assert_eq!(words.len(), 2);
}

#[test]
fn a_misspelt_parameter_in_a_form_is_an_error() {
    let text = r#"{"chosen":{"sate":["CA"]}}"#;
    let error = serde_json::from_str::<ExploreState>(text).unwrap_err();
    assert!(error.to_string().contains("sate"));
}

#[test]
fn groups_words_and_bins_become_conditions() {
    let link = "any=make:CESSNA,PIPER;phase:Takeoff&none=sev:FATL&text=%22engine+fire%22+ice\
                &by=pilot_hours:500,ev_state&cols=ev_id,damage&vs=from%3D1990";
    let Decoded { state, notices } = ExploreState::decode(link);
    assert_eq!(notices, Vec::<String>::new());
    let Some(Filter::And(all)) = state.filter() else {
        panic!("{:?}", state.filter());
    };
    assert!(matches!(&all[0], Filter::Or(parts) if parts.len() == 2));
    assert!(matches!(&all[1], Filter::Not(_)));
    let Filter::Exists {
        table,
        filter: Some(words),
        ..
    } = &all[2]
    else {
        panic!("{:?}", all[2]);
    };
    assert_eq!(table, "narratives");
    assert!(matches!(&**words, Filter::And(words) if words.len() == 2));
    let group = state.to_group_query().group;
    assert_eq!(group[0].name(), "bin_pilot_hours");
    assert_eq!(state.to_query().select, ["ev_id", "damage"]);
    assert_eq!(state.vs, "from=1990");
}

#[test]
fn what_a_group_does_not_mean_is_reported() {
    let link = "any=colour:red;month:x,3&by=ev_state:5&cols=ev_yera&vs=colour%3Dred";
    let Decoded { state, notices } = ExploreState::decode(link);
    assert_eq!(notices.len(), 5, "{notices:?}");
    assert_eq!(state.groups[0].chosen["month"].len(), 1);
}

#[test]
fn places_are_read_within_the_earth() {
    let Decoded { state, notices } = ExploreState::decode(
        "box=24.5,170,49.25,-66.9&view=map&at=39.5,-98.4,4.5&vs=box%3D1,2,3,4",
    );
    assert_eq!(notices, [""; 0]);
    let Some(Filter::Box { south, west, .. }) = state.filter() else {
        panic!("{:?}", state.filter());
    };
    assert!((south - 24.5).abs() < 1e-9 && (west - 170.0).abs() < 1e-9);
    assert_eq!(state.view, View::Map);
    assert_eq!(state.vs, "box=1,2,3,4");
    let wrong = "box=1,2,3&box=50,0,40,1&box=0,0,95,1&at=1,2,99&at=NaN,0,1&view=globe";
    let Decoded { state, notices } = ExploreState::decode(wrong);
    assert_eq!(notices.len(), 6, "{notices:?}");
    assert_eq!(state, ExploreState::default());
}
