//! `/etc/passwd` and `/etc/group`. The first two lines of an input are the arguments of `-u` and `-g`, if they are not
//! empty; the files follow, with a line of two percent signs between them.

use anyhow::{Context, Result, ensure};
use mote_tests::Outcome;
use mote_tests::model::identity::{Identity, identity};
use mote_tests::outcome::{End, same};

use super::pid1::is_refused;
use super::said::Said;
use super::words::{text, without_zeros};
use crate::stage::{HOME, Stage};

pub(super) const DICTIONARY: &[&str] = &[
    "alice",
    "bob",
    "alice:x:1000:1000:Alice:/home/alice:/bin/sh",
    "bob:x:50:0::/:",
    "wheel:x:10:alice,bob",
    "alice:x:1000:",
    "%%",
    ":x:",
    "::",
    "4294967294",
    "4294967295",
    "4294967296",
    "0",
    "007",
    "65534",
    ",alice,",
    "#",
    "#wheel:x:10:alice",
    "wheel",
    "alice:wheel",
    "1000:10",
    "\r\n",
    "+",
    "+alice:x:0:0::/:",
    ", alice",
    " \t",
    "-1",
];

/// What separates the files.
const BETWEEN: &[u8] = b"\n%%\n";

pub(super) fn check(stage: &Stage, input: &[u8]) -> Result<()> {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let [user, group] = [(); 2].map(|()| without_zeros(lines.next().unwrap_or_default()));
    let files = lines.next().unwrap_or_default();
    let middle = files.windows(BETWEEN.len()).position(|bytes| bytes == BETWEEN);
    let (passwd, groups) = middle.map_or((files, &b""[..]), |at| {
        let (passwd, rest) = files.split_at(at + 1);
        (passwd, &rest[BETWEEN.len() - 1..])
    });
    let given = |word: &'_ Vec<u8>| Some(word.clone()).filter(|word| !word.is_empty());
    let (user, group) = (given(&user), given(&group));
    let expected = identity(passwd, groups, user.as_deref(), group.as_deref());
    stage.etc("passwd", passwd)?;
    stage.etc("group", groups)?;
    let mut words: Vec<&[u8]> = Vec::new();
    for (option, value) in [(b"-u", &user), (b"-g", &group)] {
        words.extend(value.iter().flat_map(|value| [option.as_slice(), value]));
    }
    words.extend([&b"--"[..], b"probe"]);
    let outcome = stage.run(&words, &[])?;
    match &expected {
        None => is_refused(&outcome, 125..=125, false),
        Some(identity) => is(&outcome, identity),
    }
    .with_context(|| format!("the rules say {expected:?}"))
}

fn is(outcome: &Outcome, identity: &Identity) -> Result<()> {
    ensure!(outcome.end == End::Exited(0) && outcome.stderr.is_empty(), "{outcome:?}");
    let said = Said::of(outcome)?;
    same(said.numbers('u')?, vec![identity.user; 3]).context("user")?;
    same(said.numbers('g')?, vec![identity.group; 3]).context("group")?;
    // Root with its own group is not switched to.
    if (identity.user, identity.group) != (0, 0) {
        let mut found = said.numbers('s')?;
        found.dedup();
        same(found, identity.groups.iter().copied().collect()).context("groups")?;
    }
    let home = identity.home.as_deref().map_or(HOME.to_owned(), text);
    let found: Vec<&str> = said.facts('e').into_iter().filter_map(|it| it.strip_prefix("HOME=")).collect();
    same(found, vec![home.as_str()]).context("home")
}
