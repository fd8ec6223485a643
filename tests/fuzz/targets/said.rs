//! What the probe says.

use std::os::unix::ffi::OsStrExt;

use anyhow::{Context, Result, ensure};
use mote_tests::Outcome;
use mote_tests::outcome::same;

use super::words::text;
use crate::probe;
use crate::stage::Stage;

/// Facts, each a letter for what it is and a text.
pub(super) struct Said(Vec<(char, String)>);

impl Said {
    /// What COMMAND wrote, between lines that the program may have.
    ///
    /// # Errors
    /// If that is not what the probe writes.
    pub(super) fn of(outcome: &Outcome) -> Result<Self> {
        let stdout = &outcome.stdout;
        let start = began(stdout).context("COMMAND said nothing")?;
        let end = stdout.iter().rposition(|byte| *byte == 0).unwrap_or(start);
        let whole = stdout.get(start..end).context("COMMAND said half of it")?;
        let fact = |bytes: &[u8]| {
            let (kind, fact) = bytes.split_first()?;
            Some((char::from(*kind), text(fact)))
        };
        let facts = whole.split(|byte| *byte == 0).map(fact);
        facts.collect::<Option<_>>().map(Self).context("COMMAND said nothing of a kind")
    }

    /// All facts of a kind.
    pub(super) fn facts(&self, kind: char) -> Vec<&str> {
        self.0.iter().filter(|(of, _)| *of == kind).map(|(_, fact)| fact.as_str()).collect()
    }

    /// The one fact of a kind.
    pub(super) fn fact(&self, kind: char) -> &str {
        self.facts(kind).first().copied().unwrap_or_default()
    }

    /// The numbers in a fact.
    pub(super) fn numbers(&self, kind: char) -> Result<Vec<u32>> {
        let list = self.fact(kind).trim_matches(['[', ']']).split(", ").filter(|number| !number.is_empty());
        list.map(|number| Ok(number.parse()?)).collect()
    }

    /// It was called as these words say.
    pub(super) fn has_arguments(&self, command: &[String]) -> Result<()> {
        same(self.facts('a'), command.iter().map(String::as_str).collect()).context("arguments")
    }

    /// It has the environment of the stage, with these in place of others of the same name.
    pub(super) fn has_environment<'a>(
        &self,
        stage: &Stage,
        changes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<()> {
        let variables = stage.environment();
        let mut expected: Vec<(String, String)> =
            variables.map(|(name, value)| (name.to_owned(), text(value.as_bytes()))).to_vec();
        for (name, value) in changes {
            expected.retain(|(other, _)| other != name);
            expected.push((name.to_owned(), value.to_owned()));
        }
        let mut expected: Vec<String> =
            expected.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut found = self.facts('e');
        expected.sort_unstable();
        found.sort_unstable();
        same(found, expected.iter().map(String::as_str).collect()).context("environment")
    }
}

/// Where the probe began to say something, if it did.
pub(super) fn began(stdout: &[u8]) -> Option<usize> {
    let first = probe::fact(b'a', probe::NAME.as_bytes());
    stdout.windows(first.len()).position(|bytes| bytes == first)
}

/// The status that the probe exits with; none if this is not the probe.
pub(super) fn status(command: &[String]) -> Option<i32> {
    let name = command.first().filter(|name| *name == probe::NAME);
    name.map(|_| command.get(1).and_then(|word| word.parse::<u8>().ok()).unwrap_or(0).into())
}

/// Standard error has this many whole lines, which all begin so.
pub(super) fn complains(
    outcome: &Outcome,
    beginning: &str,
    lines: std::ops::RangeInclusive<usize>,
) -> Result<()> {
    let stderr = text(&outcome.stderr);
    let found = stderr.split_inclusive('\n');
    let all = found.clone().all(|line| line.starts_with(beginning) && line.ends_with('\n'));
    ensure!(
        all && lines.contains(&found.count()),
        "not {lines:?} lines that begin with {beginning:?}: {outcome:?}"
    );
    Ok(())
}
