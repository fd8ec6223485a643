//! What several tests use and one of them makes.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Error, Result, anyhow};

use crate::require::Missing;

/// A thing that is made when the first test asks for it, and dropped with the last of these handles. One test
/// at a time has it. If it can't be made, no test tries again.
pub struct Shared<T> {
    value: Arc<Mutex<Option<Result<T>>>>,
    make: fn() -> Result<T>,
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), make: self.make }
    }
}

impl<T> Shared<T> {
    /// A thing that `make` makes.
    pub fn new(make: fn() -> Result<T>) -> Self {
        Self { value: Arc::default(), make }
    }

    /// Runs `test` with it.
    ///
    /// # Errors
    /// Those of `make` and of `test`.
    pub fn with(&self, test: impl FnOnce(&T) -> Result<()>) -> Result<()> {
        let mut value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        match value.get_or_insert_with(self.make) {
            Ok(value) => test(value),
            Err(error) => Err(again(error)),
        }
    }
}

/// The same error for one more test.
fn again(error: &Error) -> Error {
    match error.downcast_ref::<Missing>() {
        Some(Missing(what)) => Missing(what.clone()).into(),
        None => anyhow!("{error:#}"),
    }
}
