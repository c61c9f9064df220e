//! The explore page as a link.
//!
//! The page's form edits an [`ExploreState`]; the share link, the back button and links made by
//! the generator are its URL form, and the queries the page runs are made from it, all here.
//!
//! Form of a link, for example `?state=CA,TX&from=2010&sev=FATL&q=stall&sort=-fatalities&page=2`:
//!
//! * Parameters at their default are left out, `v` (the version of this form, 1) among them.
//! * One parameter per facet of the explore table ([`PARAMETERS`]), with values joined by commas.
//!   `~` stands for a missing value, `~c` for a comma and `~~` for a tilde within a value, so a
//!   link survives tools that encode or decode its commas.
//! * `from` and `to` limit the year; `q` lists words each of which occurs in place, make, model,
//!   registration, NTSB number or event id.
//! * `sort` names a column, after `-` for largest first; `by` names one or two columns the chart
//!   groups by, a number in bins as `pilot_hours:500`; `page` counts from 1; `cols` names the
//!   columns of the list.
//! * `text` lists words that stand alone in a narrative of the event, phrases in quotes.
//! * `any` and `none`, each as often as needed, are groups of conditions of which one must hold or
//!   none may: `any=make:CESSNA,PIPER;phase:Takeoff`, with `~s` for a semicolon within a value.
//! * `box` limits the place to degrees: south, west, north, east.
//! * `view=map` shows the map instead of the chart, `at` where: latitude, longitude, zoom.
//! * `vs` is the link of another filter to compare with.
//!
//! What a link asks for and this build does not know is left out and reported, never an error.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::explore::{self, ColumnType};
use crate::query::Sort;

mod group;
mod percent;
mod place;
mod queries;

pub use group::Group;
pub use place::{Area, MAX_ZOOM, Position};
pub use queries::{LIST, PAGE_SIZE};

/// Version of the URL form.
pub const VERSION: u32 = 1;

/// URL parameters and the columns they choose values of, in the order links are written.
pub const PARAMETERS: &[(&str, &str)] = &[
    ("type", "ev_type"),
    ("year", "ev_year"),
    ("month", "ev_month"),
    ("dow", "ev_dow"),
    ("hour", "ev_hour"),
    ("country", "ev_country"),
    ("state", "ev_state"),
    ("apt", "ev_nr_apt_loc"),
    ("make", "acft_make"),
    ("model", "acft_model"),
    ("cat", "acft_category"),
    ("built", "homebuilt"),
    ("gear", "fixed_retractable"),
    ("engine", "eng_type"),
    ("far", "far_part"),
    ("purpose", "type_fly"),
    ("plan", "flt_plan_filed"),
    ("second", "second_pilot"),
    ("cert", "pilot_cert"),
    ("dmg", "damage"),
    ("light", "light_cond"),
    ("wx", "wx_cond_basic"),
    ("phase", "phase"),
    ("occ", "occurrence"),
    ("cictt", "cictt_code"),
    ("cause", "cause_category"),
    ("sev", "ev_highest_injury"),
    ("status", "status"),
];

/// Values by parameter of [`PARAMETERS`]; `None` (null) stands for missing values.
pub type Chosen = BTreeMap<String, BTreeSet<Option<String>>>;

/// Columns a list may have at most; a wider one is the download's business.
const COLUMNS: usize = 20;

/// Groups of conditions a link may have at most.
const GROUPS: usize = 8;

/// What is shown above the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// Numbers by group.
    #[default]
    Chart,
    /// Where the events happened.
    Map,
}

/// What a visitor has chosen on the explore page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExploreState {
    /// Chosen values by parameter of [`PARAMETERS`]; `None` (null) chooses missing values.
    #[serde(deserialize_with = "known_parameters")]
    pub chosen: Chosen,
    /// Further groups of conditions, all of which must hold.
    pub groups: Vec<Group>,
    /// First year.
    pub from: Option<i32>,
    /// Last year.
    pub to: Option<i32>,
    /// Words to be found.
    pub q: String,
    /// Words to be found in narratives.
    pub text: String,
    /// Where the events must have happened.
    pub area: Option<Area>,
    /// Columns of the list; nothing means [`LIST`].
    pub cols: Vec<String>,
    /// Query string of another filter to compare with; empty for none.
    pub vs: String,
    /// Order of the rows.
    pub sort: Sort,
    /// One or two columns the chart groups by; `column:width` for bins of a number.
    pub by: Vec<String>,
    /// Page of the rows, from 1.
    pub page: u32,
    /// What is shown above the list.
    pub view: View,
    /// What the map shows; nothing for all there is.
    pub at: Option<Position>,
}

impl Default for ExploreState {
    fn default() -> Self {
        Self {
            chosen: BTreeMap::new(),
            groups: Vec::new(),
            from: None,
            to: None,
            q: String::new(),
            text: String::new(),
            area: None,
            cols: Vec::new(),
            vs: String::new(),
            sort: Sort {
                by: "ev_date".to_owned(),
                desc: true,
            },
            by: vec!["ev_year".to_owned()],
            page: 1,
            view: View::Chart,
            at: None,
        }
    }
}

/// A link as read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decoded {
    /// What was understood.
    pub state: ExploreState,
    /// One sentence for each part of the link that was left out.
    pub notices: Vec<String>,
}

impl ExploreState {
    /// The query string without `?`; empty if everything is at its default.
    pub fn encode(&self) -> String {
        let default = Self::default();
        let mut pairs: Vec<(&str, String)> = Vec::new();
        for (parameter, _) in PARAMETERS {
            let values: Vec<String> = self.choice(parameter).map(escape).collect();
            if !values.is_empty() {
                pairs.push((parameter, values.join(",")));
            }
        }
        pairs.extend(self.from.map(|year| ("from", year.to_string())));
        pairs.extend(self.to.map(|year| ("to", year.to_string())));
        if !self.q.is_empty() {
            pairs.push(("q", self.q.clone()));
        }
        if !self.text.is_empty() {
            pairs.push(("text", self.text.clone()));
        }
        for group in &self.groups {
            let conditions = group.encode();
            if !conditions.is_empty() {
                pairs.push((group.parameter(), conditions));
            }
        }
        pairs.extend(self.area.map(|area| ("box", area.encode())));
        if self.sort != default.sort {
            let sign = if self.sort.desc { "-" } else { "" };
            pairs.push(("sort", format!("{sign}{}", self.sort.by)));
        }
        if self.by != default.by && !self.by.is_empty() {
            pairs.push(("by", self.by.join(",")));
        }
        if !self.cols.is_empty() {
            pairs.push(("cols", self.cols.join(",")));
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        if self.view == View::Map {
            pairs.push(("view", "map".to_owned()));
        }
        pairs.extend(self.at.map(|at| ("at", at.encode())));
        if !self.vs.is_empty() {
            pairs.push(("vs", self.vs.clone()));
        }
        percent::join(&pairs)
    }

    /// Reads a query string, with or without `?`.
    pub fn decode(search: &str) -> Decoded {
        let mut state = Self::default();
        let mut notices = Vec::new();
        for (name, value) in percent::split(search.strip_prefix('?').unwrap_or(search)) {
            // Forms send fields that were left empty.
            if value.is_empty() {
                continue;
            }
            if let "any" | "none" = name.as_str() {
                let group = Group::decode(&value, name == "none", &mut notices);
                if state.groups.len() == GROUPS {
                    notices.push(format!("{name} was left out: a link has {GROUPS} groups"));
                } else if !group.chosen.is_empty() {
                    state.groups.push(group);
                }
            } else if name == "vs" {
                let other = Self::decode(&value);
                notices.extend(other.notices);
                state.vs = other.state.compared().encode();
            } else if let Err(notice) = state.set(&name, &value) {
                notices.push(notice);
            }
        }
        Decoded { state, notices }
    }

    /// What of it chooses events: the part that can be compared with.
    #[must_use]
    pub fn compared(self) -> Self {
        let Self {
            chosen,
            groups,
            from,
            to,
            q,
            text,
            area,
            ..
        } = self;
        Self {
            chosen,
            groups,
            from,
            to,
            q,
            text,
            area,
            ..Self::default()
        }
    }

    /// The values chosen for a parameter; empty text is no choice.
    fn choice(&self, parameter: &str) -> impl Iterator<Item = Option<&str>> {
        let values = self.chosen.get(parameter).into_iter().flatten();
        values
            .map(Option::as_deref)
            .filter(|value| *value != Some(""))
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        if let Some((_, column)) = PARAMETERS.iter().find(|(parameter, _)| *parameter == name) {
            return self.choose(name, column, value);
        }
        let whole = |what: &str| format!("{name}={value} was left out: it is not a {what}");
        match name {
            "from" => self.from = Some(value.parse().map_err(|_| whole("year"))?),
            "to" => self.to = Some(value.parse().map_err(|_| whole("year"))?),
            "page" => {
                let page = value.parse().ok().filter(|page| *page > 0);
                self.page = page.ok_or_else(|| whole("page number"))?;
            }
            "q" => value.clone_into(&mut self.q),
            "text" => value.clone_into(&mut self.text),
            "box" => self.area = Some(Area::decode(value).ok_or_else(|| whole("box of degrees"))?),
            "at" => {
                let at = Position::decode(value).ok_or_else(|| whole("place and zoom"))?;
                self.at = Some(at);
            }
            "view" if value == "map" => self.view = View::Map,
            "view" if value == "chart" => self.view = View::Chart,
            "view" => return Err(whole("view")),
            "cols" => {
                let cols: Vec<String> = value.split(',').map(str::to_owned).collect();
                cols.iter().try_for_each(|column| known_column(column))?;
                if cols.len() > COLUMNS {
                    return Err(format!("cols was left out: a list has {COLUMNS} columns"));
                }
                self.cols = cols;
            }
            "sort" => {
                let by = value.strip_prefix('-').unwrap_or(value);
                known_column(by)?;
                self.sort = Sort {
                    by: by.to_owned(),
                    desc: value.starts_with('-'),
                };
            }
            "by" => {
                let by: Vec<String> = value.split(',').map(str::to_owned).collect();
                by.iter().try_for_each(|by| known_group(by))?;
                if by.len() > 2 {
                    return Err(format!("by={value} was left out: a chart has two groups"));
                }
                self.by = by;
            }
            "v" if value == VERSION.to_string() => {}
            "v" => {
                return Err(format!(
                    "the link has version {value}; this page reads version {VERSION} and may miss \
                     part of it"
                ));
            }
            _ => return Err(format!("{name} was left out: no such parameter")),
        }
        Ok(())
    }

    /// Adds the values of one parameter; a repeated parameter adds up, as forms send it.
    fn choose(&mut self, parameter: &str, column: &str, text: &str) -> Result<(), String> {
        let mut refused = Vec::new();
        for raw in text.split(',').filter(|raw| !raw.is_empty()) {
            match number(column, unescape(raw)) {
                Ok(value) => {
                    let values = self.chosen.entry(parameter.to_owned()).or_default();
                    values.insert(value);
                }
                Err(digits) => refused.push(digits),
            }
        }
        if refused.is_empty() {
            return Ok(());
        }
        Err(format!(
            "{parameter}={} was left out: not a number",
            refused.join(",")
        ))
    }
}

/// A value as columns of whole numbers write it; the text if it is not one.
fn number(column: &str, value: Option<String>) -> Result<Option<String>, String> {
    let is_number = explore::column(column).is_some_and(|c| c.kind == ColumnType::Int);
    match value {
        Some(digits) if is_number => match digits.parse::<i32>() {
            Ok(number) => Ok(Some(number.to_string())),
            Err(_) => Err(digits),
        },
        other => Ok(other),
    }
}

/// A column to group by, or a number and the width of its bins.
fn known_group(by: &str) -> Result<(), String> {
    let Some((column, width)) = by.split_once(':') else {
        return known_column(by);
    };
    known_column(column)?;
    let kind = explore::column(column).map(|column| column.kind);
    let is_number = matches!(kind, Some(ColumnType::Int | ColumnType::Float));
    match width.parse::<u32>() {
        Ok(width) if width > 0 && is_number => Ok(()),
        _ => Err(format!(
            "{by} was left out: bins are of numbers and have a whole width"
        )),
    }
}

fn known_column(name: &str) -> Result<(), String> {
    match explore::column(name) {
        Some(_) => Ok(()),
        None => Err(format!("{name} was left out: no such column")),
    }
}

/// A filter the form sends under a misspelt name must not silently match everything.
fn known_parameters<'de, D: Deserializer<'de>>(from: D) -> Result<Chosen, D::Error> {
    let map = Chosen::deserialize(from)?;
    let known = |name: &String| PARAMETERS.iter().any(|(parameter, _)| parameter == name);
    match map.keys().find(|name| !known(name)) {
        Some(name) => Err(de::Error::custom(format!("no parameter is called {name}"))),
        None => Ok(map),
    }
}

fn escape(value: Option<&str>) -> String {
    match value {
        None => "~".to_owned(),
        Some(text) => text.replace('~', "~~").replace(',', "~c"),
    }
}

fn unescape(raw: &str) -> Option<String> {
    if raw == "~" {
        return None;
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw.chars();
    while let Some(c) = rest.next() {
        match c {
            '~' => match rest.next() {
                Some('c') => text.push(','),
                Some('s') => text.push(';'),
                Some('~') | None => text.push('~'),
                Some(other) => text.extend(['~', other]),
            },
            other => text.push(other),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests;
