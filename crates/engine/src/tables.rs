//! The tables of a lake, as far as they are known.

use std::collections::BTreeMap;

use dataset::manifest::{Manifest, TableRef};

use crate::error::EngineError;
use crate::table::Table;

/// How much is known of a table.
pub(crate) enum State {
    /// What the index says: which file lists the rest.
    Named(TableRef),
    /// Its columns and files.
    Open(Table),
}

/// Tables by name.
pub(crate) struct Tables(pub(crate) BTreeMap<String, State>);

impl Tables {
    pub(crate) fn named(tables: BTreeMap<String, TableRef>) -> Self {
        let table = |(name, reference)| (name, State::Named(reference));
        Self(tables.into_iter().map(table).collect())
    }

    pub(crate) fn open(manifest: Manifest) -> Self {
        let table = |(name, entry): (String, _)| {
            let table = Table::new(name.clone(), entry);
            (name, State::Open(table))
        };
        Self(manifest.tables.into_iter().map(table).collect())
    }

    /// What is known of a table.
    pub(crate) fn state(&self, name: &str) -> Result<&State, EngineError> {
        let state = self.0.get(name);
        state.ok_or_else(|| EngineError::UnknownTable(name.to_owned()))
    }

    /// A table whose manifest has been fed.
    pub(crate) fn table(&self, name: &str) -> Result<&Table, EngineError> {
        match self.state(name)? {
            State::Open(table) => Ok(table),
            State::Named(reference) => Err(EngineError::NotFed(reference.manifest.path.clone())),
        }
    }

    /// The same, to be decoded into.
    pub(crate) fn table_mut(&mut self, name: &str) -> Result<&mut Table, EngineError> {
        match self.0.get_mut(name) {
            Some(State::Open(table)) => Ok(table),
            Some(State::Named(reference)) => {
                Err(EngineError::NotFed(reference.manifest.path.clone()))
            }
            None => Err(EngineError::UnknownTable(name.to_owned())),
        }
    }

    /// All tables whose manifest has been fed.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Table> {
        self.0.values().filter_map(|state| match state {
            State::Open(table) => Some(table),
            State::Named(_) => None,
        })
    }
}
