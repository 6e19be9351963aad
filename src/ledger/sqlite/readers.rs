//! Connections that read beside the writer.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::open::{self, Files};
use crate::ledger::Error;

/// Those at rest are used again: each that is opened reads the settings and the schema anew.
#[derive(Debug)]
pub(super) struct Readers {
    files: Files,
    at_rest: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Opens the first one.
    pub(super) fn open(files: Files) -> Result<Self, Error> {
        let first = open::reader(&files)?;
        Ok(Self { files, at_rest: Mutex::new(vec![first]) })
    }

    /// What they read.
    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    /// Does the job over a connection of its own.
    pub(super) fn with<T>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let rested = self.at_rest().pop();
        let connection = rested.map_or_else(|| open::reader(&self.files), Ok)?;
        let result = job(&connection);
        self.at_rest().push(connection);
        result
    }

    /// Closes those at rest.
    pub(super) fn close(&self) {
        self.at_rest().clear();
    }

    fn at_rest(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.at_rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
