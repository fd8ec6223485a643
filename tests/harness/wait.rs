//! Waiting for a condition, and for nothing.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Long enough for the slowest machine; a test that passes never waits for it.
const DEADLINE: Duration = Duration::from_secs(180);

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

/// Engines wait 10 s and more before they kill. Whatever takes less than this needed none of it.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Expects `stop` to be done at once. A busy machine may hold up one, which `start` then makes good, but not
/// each of many.
///
/// # Errors
/// Those of `stop` and `start`; if each stop took too long.
pub fn stops_in_time(stop: impl Fn() -> Result<()>, start: impl Fn() -> Result<()>) -> Result<()> {
    let mut took = Vec::new();
    loop {
        let begin = Instant::now();
        stop()?;
        took.push(begin.elapsed());
        match took.last() {
            Some(last) if *last < AT_ONCE => return Ok(()),
            _ if took.len() == 5 => bail!("the stops took {took:?}"),
            _ => start()?,
        }
    }
}
