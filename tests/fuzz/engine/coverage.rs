//! Which code ran. `cargo xtask fuzz` has LLVM put a counter at each edge of the code that is of interest; without that
//! there is nothing to be seen, and every input is as good as another.

use std::collections::HashSet;
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// Counters, by address and length.
static REGIONS: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

/// Called at the start, for the counters of each unit of code (SanitizerCoverage, inline 8-bit counters).
///
/// # Safety
/// Counters are there from `start` to `stop`, for good.
// SAFETY: the name is for this, and nothing else in the process has it.
#[unsafe(no_mangle)]
unsafe extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, stop: *mut u8) {
    let region = (start as usize, (stop as usize).saturating_sub(start as usize));
    let mut regions = REGIONS.lock().unwrap_or_else(PoisonError::into_inner);
    if !regions.contains(&region) {
        regions.push(region);
    }
}

/// What was seen since [`begin`], while something is tried.
static TRIED: Mutex<Option<Vec<u8>>> = Mutex::new(None);

fn regions() -> Vec<(*mut u8, usize)> {
    let regions = REGIONS.lock().unwrap_or_else(PoisonError::into_inner);
    regions.iter().map(|(start, length)| (ptr::with_exposed_provenance_mut(*start), *length)).collect()
}

/// Whether there are counters.
pub(crate) fn is_there() -> bool {
    !regions().is_empty()
}

/// Sets the counters to zero.
pub(crate) fn begin() {
    for (start, length) in regions() {
        // SAFETY: counters are there, which nothing reads but this module.
        unsafe { ptr::write_bytes(start, 0, length) };
    }
    *TRIED.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Reads the counters, for the first time since [`begin`]; what runs later does not count.
pub(crate) fn end() {
    let mut tried = TRIED.lock().unwrap_or_else(PoisonError::into_inner);
    if tried.is_some() {
        return;
    }
    let mut counts = Vec::new();
    for (start, length) in regions() {
        let from = counts.len();
        counts.resize(from + length, 0);
        // SAFETY: counters are there, and as much room in the list.
        unsafe { ptr::copy(start, counts.as_mut_ptr().wrapping_add(from), length) };
    }
    *tried = Some(counts);
}

/// The counters that were reached between [`begin`] and [`end`].
pub(crate) fn reached() -> HashSet<usize> {
    let tried = TRIED.lock().unwrap_or_else(PoisonError::into_inner);
    let counts = tried.iter().flatten().enumerate();
    counts.filter(|(_, count)| **count > 0).map(|(counter, _)| counter).collect()
}

/// All that was seen so far: for each counter a bit for each order of magnitude that it had.
#[derive(Default)]
pub(crate) struct Seen(Vec<u8>);

impl Seen {
    /// Adds what was seen between [`begin`] and [`end`], and says whether any of it is new.
    pub(crate) fn add(&mut self) -> bool {
        let tried = TRIED.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = tried.as_deref().unwrap_or_default();
        self.0.resize(self.0.len().max(counts.len()), 0);
        let mut is_new = false;
        for (orders, count) in self.0.iter_mut().zip(counts).filter(|(_, count)| **count > 0) {
            let bit = 1 << count.ilog2();
            is_new |= *orders & bit == 0;
            *orders |= bit;
        }
        is_new
    }

    /// How much was seen.
    pub(crate) fn count(&self) -> u32 {
        self.0.iter().map(|orders| orders.count_ones()).sum()
    }
}
