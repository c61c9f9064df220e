//! A CSV file scored piece by piece: rows come back with the model's probabilities beside them.
//!
//! Columns are found by their heading, which must be the name of a feature; all others are passed
//! on as they are. A row that cannot be scored says why and stops nothing.

use std::borrow::Cow;
use std::fmt::Write;

use csv_core::{ReadRecordResult, Reader};
use dataset::csv::field;
use serde::{Deserialize, Serialize};

use crate::encode::{Note, Raw, encode};
use crate::model::Model;

/// Most rows of a file.
pub const MAX_ROWS: u64 = 100_000;

/// Longest row in bytes; what is longer has a quote that is never closed.
const MAX_ROW_BYTES: usize = 1 << 20;

/// Why a file cannot be scored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Nothing in it.
    #[error("the file is empty: its first line must name the columns")]
    Empty,
    /// No column the model can use.
    #[error(
        "none of the columns ({found}) is a feature of the model: name them as in the template, \
         for example {expected}"
    )]
    NoFeature {
        /// Headings of the file.
        found: String,
        /// Some names of features.
        expected: String,
    },
    /// Another separator.
    #[error(
        "the first line has semicolons or tabs instead of commas: save the file as CSV with commas"
    )]
    Separator,
    /// The same feature in two columns.
    #[error("the column {0} is there twice: keep one")]
    Twice(String),
    /// Too many rows.
    #[error("the file has more than 100,000 rows: split it")]
    TooManyRows,
    /// A row without end.
    #[error("row {0} is longer than 1 MB: is a quotation mark not closed?")]
    LongRow(u64),
}

/// What was found out about a file so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Rows read, the heading not counted.
    pub rows: u64,
    /// Rows with probabilities.
    pub scored: u64,
    /// Scored rows with a value unlike any the model has learned from.
    pub outside: u64,
    /// Rows that could not be scored.
    pub problems: u64,
    /// The first such row and what is wrong with it.
    pub first_problem: Option<String>,
    /// Features that are columns of the file.
    pub used: Vec<String>,
    /// Columns of the file that are no features.
    pub ignored: Vec<String>,
}

/// A file on its way through the model.
#[derive(Debug)]
pub struct Batch {
    reader: Reader,
    /// Text of the present row, field after field.
    text: Vec<u8>,
    /// Where the fields end.
    ends: Vec<usize>,
    filled: usize,
    fields: usize,
    /// Column of each feature, once the heading was read.
    columns: Option<Columns>,
    /// Rows of the present piece: many are scored together in less time than one by one.
    waiting: Vec<Waiting>,
    summary: Summary,
}

/// A row that was read and not yet scored.
#[derive(Debug)]
struct Waiting {
    /// The fields as they came, as CSV.
    fields: String,
    /// Its encoded values and the features whose values the model does not know, or what is wrong.
    row: Result<(Vec<f32>, String), String>,
}

#[derive(Debug)]
struct Columns {
    count: usize,
    of_feature: Vec<Option<usize>>,
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            reader: Reader::new(),
            text: vec![0; 4096],
            ends: vec![0; 64],
            filled: 0,
            fields: 0,
            columns: None,
            waiting: Vec::new(),
            summary: Summary::default(),
        }
    }
}

impl Batch {
    /// Takes the next piece of the file and returns the finished rows as CSV.
    ///
    /// # Errors
    /// [`BatchError`], after which the file should be given up.
    pub fn push(&mut self, model: &Model, mut piece: &[u8]) -> Result<String, BatchError> {
        let mut out = String::new();
        // An empty piece would mean the end of the file.
        while !piece.is_empty() {
            piece = &piece[self.step(model, piece, &mut out)?..];
        }
        self.score(model, &mut out);
        Ok(out)
    }

    /// The end of the file: the last row, if it has no line break.
    ///
    /// # Errors
    /// As [`Batch::push`], and if there was no heading.
    pub fn finish(&mut self, model: &Model) -> Result<String, BatchError> {
        let mut out = String::new();
        self.step(model, &[], &mut out)?;
        self.score(model, &mut out);
        if self.columns.is_none() {
            return Err(BatchError::Empty);
        }
        Ok(out)
    }

    /// What was found out so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Reads until a row ends or the piece does; returns how much of the piece was read.
    fn step(&mut self, model: &Model, piece: &[u8], out: &mut String) -> Result<usize, BatchError> {
        let mut read = 0;
        loop {
            let (result, bytes, written, ends) = self.reader.read_record(
                &piece[read..],
                &mut self.text[self.filled..],
                &mut self.ends[self.fields..],
            );
            read += bytes;
            self.filled += written;
            self.fields += ends;
            match result {
                ReadRecordResult::OutputFull if self.text.len() >= MAX_ROW_BYTES => {
                    return Err(BatchError::LongRow(self.summary.rows + 1));
                }
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    self.row(model, out)?;
                    (self.filled, self.fields) = (0, 0);
                    return Ok(read);
                }
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(read),
            }
            // To ask again without input would tell the reader that the file ends here.
            if read == piece.len() && read > 0 {
                return Ok(read);
            }
        }
    }

    fn row(&mut self, model: &Model, out: &mut String) -> Result<(), BatchError> {
        let mut start = 0;
        let fields: Vec<Cow<str>> = self.ends[..self.fields]
            .iter()
            .map(|end| {
                let bytes = &self.text[start..*end];
                start = *end;
                String::from_utf8_lossy(bytes)
            })
            .collect();
        let Some(columns) = &self.columns else {
            self.columns = Some(heading(model, &fields, &mut self.summary)?);
            for name in &fields {
                field(out, name.trim_start_matches('\u{feff}'));
                out.push(',');
            }
            for class in &model.header().classes {
                let _ = write!(out, "p_{},", class.code);
            }
            out.push_str("named,outside,problem\r\n");
            return Ok(());
        };
        self.summary.rows += 1;
        if self.summary.rows > MAX_ROWS {
            return Err(BatchError::TooManyRows);
        }
        let mut text = String::new();
        for at in 0..columns.count {
            field(&mut text, fields.get(at).map_or("", |text| text));
            text.push(',');
        }
        let row = encoded(model, columns, &fields);
        if let Err(problem) = &row {
            let first = &mut self.summary.first_problem;
            first.get_or_insert_with(|| format!("row {}: {problem}", self.summary.rows));
        }
        self.waiting.push(Waiting { fields: text, row });
        Ok(())
    }

    /// Scores the rows that wait and writes them.
    fn score(&mut self, model: &Model, out: &mut String) {
        let waiting = std::mem::take(&mut self.waiting);
        let rows = waiting
            .iter()
            .filter_map(|waiting| waiting.row.as_ref().ok());
        let rows: Vec<&[f32]> = rows.map(|(row, _)| row.as_slice()).collect();
        let mut forecasts = model.probabilities_of(&rows).into_iter();
        for Waiting { fields, row } in &waiting {
            out.push_str(fields);
            match row {
                Ok((_, outside)) => {
                    let probabilities = forecasts.next().unwrap_or_default();
                    self.summary.scored += 1;
                    self.summary.outside += u64::from(!outside.is_empty());
                    for p in &probabilities {
                        let _ = write!(out, "{p:.7},");
                    }
                    let named = model.decide(&probabilities);
                    let code = &model.header().classes[named].code;
                    let _ = write!(out, "{code},{outside},");
                }
                Err(problem) => {
                    self.summary.problems += 1;
                    out.extend(model.header().classes.iter().map(|_| ','));
                    out.push_str(",,");
                    field(out, problem);
                }
            }
            out.push_str("\r\n");
        }
    }
}

/// Finds the columns of the features.
fn heading(
    model: &Model,
    fields: &[Cow<str>],
    summary: &mut Summary,
) -> Result<Columns, BatchError> {
    let names: Vec<String> = fields
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').trim().to_lowercase())
        .collect();
    let features = &model.header().features;
    let mut of_feature = Vec::new();
    for feature in features {
        let mut places = (0..names.len()).filter(|at| names[*at] == feature.name);
        of_feature.push(places.next());
        if places.next().is_some() {
            return Err(BatchError::Twice(feature.name.clone()));
        }
    }
    let is_feature = |name: &String| features.iter().any(|feature| feature.name == *name);
    if !names.iter().any(is_feature) {
        if names.len() == 1 && names[0].contains([';', '\t']) {
            return Err(BatchError::Separator);
        }
        let list =
            |names: &mut dyn Iterator<Item = &str>| names.take(5).collect::<Vec<_>>().join(", ");
        return Err(BatchError::NoFeature {
            found: list(&mut names.iter().map(|name| shorten(name))),
            expected: list(&mut features.iter().map(|feature| feature.name.as_str())),
        });
    }
    (summary.used, summary.ignored) = names.iter().cloned().partition(is_feature);
    Ok(Columns {
        count: names.len(),
        of_feature,
    })
}

/// So much of a heading as an error may repeat.
fn shorten(name: &str) -> &str {
    name.char_indices()
        .nth(40)
        .map_or(name, |(end, _)| &name[..end])
}

/// A row's values and the features whose values the model does not know, or what is wrong.
fn encoded(
    model: &Model,
    columns: &Columns,
    fields: &[Cow<str>],
) -> Result<(Vec<f32>, String), String> {
    if fields.len() != columns.count {
        return Err(format!(
            "{} fields instead of {}",
            fields.len(),
            columns.count
        ));
    }
    let mut outside = Vec::new();
    let mut row = Vec::new();
    for (feature, column) in model.header().features.iter().zip(&columns.of_feature) {
        let raw = match column {
            Some(at) => Raw::Text(Cow::Borrowed(fields[*at].as_ref())),
            None => Raw::Missing,
        };
        let encoded =
            encode(feature, &raw).map_err(|error| format!("{}: {error}", feature.name))?;
        if matches!(encoded.note, Note::Outside | Note::Unknown) {
            outside.push(feature.name.as_str());
        }
        row.push(encoded.value);
    }
    Ok((row, outside.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::model;

    /// The whole file in pieces of a size.
    fn scored(file: &str, size: usize) -> Result<(String, Summary), BatchError> {
        let (model, mut batch) = (model(), Batch::default());
        let mut out = String::new();
        for piece in file.as_bytes().chunks(size) {
            out += &batch.push(&model, piece)?;
        }
        out += &batch.finish(&model)?;
        Ok((out, batch.summary().clone()))
    }

    const FILE: &str =
        "\u{feff}id,Wind,weather\r\n1,10,IMC\r\n\"=2,x\",strong,VMC\r\n3,,\r\n4,1e308,FOG\r\n5,1";

    #[test]
    fn rows_come_back_with_probabilities_however_the_file_is_cut() {
        let (out, summary) = scored(FILE, 1 << 16).unwrap();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(
            lines[0],
            "id,Wind,weather,p_FATL,p_NONE,named,outside,problem"
        );
        let given = serde_json::from_str(r#"{"wind": 10, "weather": "IMC"}"#).unwrap();
        let expected = model().score(&given).unwrap().classes[0].probability;
        assert!(
            lines[1].starts_with(&format!("1,10,IMC,{expected:.7},")),
            "{}",
            lines[1]
        );
        assert_eq!(
            lines[2],
            r#""'=2,x",strong,VMC,,,,,"wind: ""strong"" is not a number""#
        );
        assert!(lines[4].ends_with(",wind weather,"), "{}", lines[4]);
        assert!(lines[5].ends_with("2 fields instead of 3"), "{}", lines[5]);
        assert_eq!(
            (
                summary.rows,
                summary.scored,
                summary.outside,
                summary.problems
            ),
            (5, 3, 1, 2)
        );
        assert_eq!(summary.ignored, ["id"]);
        assert!(summary.first_problem.unwrap().starts_with("row 2: wind"));
        for size in [1, 2, 7, 64] {
            assert_eq!(scored(FILE, size).unwrap().0, out);
        }
    }

    #[test]
    fn files_that_cannot_be_meant_are_refused_in_one_sentence() {
        assert_eq!(scored("", 9).unwrap_err(), BatchError::Empty);
        assert_eq!(
            scored("wind;weather\n1;2\n", 9).unwrap_err(),
            BatchError::Separator
        );
        let error = scored("a,b\n1,2\n", 9).unwrap_err().to_string();
        assert!(
            error.contains("(a, b)") && error.contains("wind, weather"),
            "{error}"
        );
        assert_eq!(
            scored("wind,WIND\n1,2\n", 9).unwrap_err(),
            BatchError::Twice("wind".to_owned())
        );
        let long = format!("wind\n\"{}", "x".repeat(MAX_ROW_BYTES + 1));
        assert_eq!(scored(&long, 1 << 16).unwrap_err(), BatchError::LongRow(1));
        let many = format!("wind\n{}", "1\n".repeat(MAX_ROWS as usize + 1));
        assert_eq!(scored(&many, 1 << 16).unwrap_err(), BatchError::TooManyRows);
    }
}
