//! A part of an answer: the engine's `ResultTable` as JSON, read straight into Arrow arrays.

use std::fmt;

use arrow_array::ArrayRef;
use dataset::explore::ColumnType;
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::column::Builder;

/// A column of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: ColumnType,
}

/// What was read.
pub(crate) struct Part {
    pub(crate) columns: Vec<Column>,
    pub(crate) arrays: Vec<ArrayRef>,
    pub(crate) rows: usize,
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Answer)
    }
}

struct Answer;

impl<'de> Visitor<'de> for Answer {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an answer with columns and rows")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Part, A::Error> {
        let mut columns: Option<Vec<Column>> = None;
        let mut read = None;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "columns" => columns = Some(map.next_value()?),
                "rows" => {
                    // The engine writes columns first: without them no value has a type.
                    let known = columns.as_ref();
                    let known = known.ok_or_else(|| de::Error::missing_field("columns"))?;
                    let mut builders: Vec<Builder> = known
                        .iter()
                        .map(|column| Builder::new(column.kind))
                        .collect();
                    let rows = map.next_value_seed(Rows(&mut builders))?;
                    read = Some((builders, rows));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let (mut builders, rows) = read.ok_or_else(|| de::Error::missing_field("rows"))?;
        Ok(Part {
            columns: columns.ok_or_else(|| de::Error::missing_field("columns"))?,
            arrays: builders.iter_mut().map(Builder::finish).collect(),
            rows,
        })
    }
}

struct Rows<'a>(&'a mut [Builder]);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while rows.next_element_seed(Row(&mut *self.0))?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}

struct Row<'a>(&'a mut [Builder]);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} values", self.0.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        for (at, builder) in self.0.iter_mut().enumerate() {
            if values.next_element_seed(builder)?.is_none() {
                return Err(de::Error::invalid_length(at, &"a value for each column"));
            }
        }
        match values.next_element::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(de::Error::invalid_length(
                self.0.len() + 1,
                &"a value for each column",
            )),
        }
    }
}
