//! Groups of conditions in a link: `any=make:CESSNA,PIPER;phase:Takeoff` and `none=…`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Chosen, PARAMETERS, escape, known_parameters, number, unescape};

/// Conditions of which one must hold or, if negated, none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Group {
    /// None of them instead of any.
    pub negated: bool,
    /// Values by parameter, as in [`super::ExploreState::chosen`].
    #[serde(deserialize_with = "known_parameters")]
    pub chosen: Chosen,
}

impl Group {
    /// Name of its URL parameter.
    pub(super) fn parameter(&self) -> &'static str {
        if self.negated { "none" } else { "any" }
    }

    pub(super) fn encode(&self) -> String {
        let conditions = PARAMETERS.iter().filter_map(|(parameter, _)| {
            let values = self.chosen.get(*parameter)?;
            let values = values.iter().map(Option::as_deref);
            let values = values.filter(|value| *value != Some("")).map(escape);
            let values: Vec<String> = values.map(|value| value.replace(';', "~s")).collect();
            (!values.is_empty()).then(|| format!("{parameter}:{}", values.join(",")))
        });
        conditions.collect::<Vec<_>>().join(";")
    }

    /// Reads a group; what is not understood is left out and said.
    pub(super) fn decode(text: &str, negated: bool, notices: &mut Vec<String>) -> Self {
        let mut chosen: Chosen = BTreeMap::new();
        for condition in text.split(';').filter(|condition| !condition.is_empty()) {
            let (name, values) = condition.split_once(':').unwrap_or((condition, ""));
            let Some((_, column)) = PARAMETERS.iter().find(|(parameter, _)| *parameter == name)
            else {
                notices.push(format!("{name} was left out: no such parameter"));
                continue;
            };
            let mut understood = BTreeSet::new();
            for raw in values.split(',').filter(|raw| !raw.is_empty()) {
                match number(column, unescape(raw)) {
                    Ok(value) => {
                        understood.insert(value);
                    }
                    Err(digits) => {
                        notices.push(format!("{name}={digits} was left out: not a number"));
                    }
                }
            }
            if !understood.is_empty() {
                chosen
                    .entry(name.to_owned())
                    .or_default()
                    .extend(understood);
            }
        }
        Self { negated, chosen }
    }
}
