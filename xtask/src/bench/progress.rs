//! What is being measured, while it is.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on a terminal, a line elsewhere.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    pub(super) fn new(name: &str, rounds: u32) -> Self {
        if !io::stderr().is_terminal() {
            eprintln!("bench: {name}, {rounds} rounds");
            return Self(None);
        }
        let bar = ProgressBar::new(rounds.into()).with_message(name.to_owned());
        let style = ProgressStyle::with_template("{msg:28} {wide_bar} {pos}/{len} {eta}");
        Self(Some(style.map_or(bar.clone(), |style| bar.with_style(style))))
    }

    pub(super) fn step(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }
}
