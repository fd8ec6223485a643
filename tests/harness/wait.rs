//! Waiting for a condition.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Long enough for the slowest machine; a test that passes never waits for it.
const DEADLINE: Duration = Duration::from_secs(60);

/// Calls `probe` until it returns a value.
///
/// # Errors
/// What `probe` returns, or that there was no `what` before the deadline.
pub fn until<T>(what: &str, mut probe: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(value) = probe()? {
            return Ok(value);
        }
        if start.elapsed() > DEADLINE {
            bail!("waited {} s in vain for {what}", DEADLINE.as_secs());
        }
        thread::sleep(Duration::from_millis(2));
    }
}
