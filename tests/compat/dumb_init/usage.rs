//! What dumb-init says of itself, and what it refuses.

use crate::scenario::{Scenario, Text};

use super::differences::HELPS;
use super::dumb_init;

/// Words that end in a help text.
const HELP: [(&str, &str); 6] = [
    ("-h", "-h"),
    ("--help", "--help"),
    ("--help abbreviated", "--h"),
    ("-h after other options", "-c -vh"),
    ("-h before an unknown option", "-h -x"),
    ("-h before an invalid -r", "-h -r 1"),
];

/// Words that end in a line or two.
const LINES: [(&str, &str); 27] = [
    ("-V", "-V"),
    ("--version", "--version"),
    ("-V before an unknown option", "-V -x"),
    ("--version abbreviated", "--vers"),
    ("no arguments", ""),
    ("no COMMAND after options", "-c -v"),
    ("no COMMAND after --", "-c --"),
    ("an unknown option", "-x true"),
    ("an unknown option in a cluster", "-cxv true"),
    ("an unknown option before -V", "-x -V"),
    ("-? is unknown", "-? true"),
    ("-W is unknown", "-W true"),
    ("an unknown long option", "--nope true"),
    ("an unknown long option with a value", "--nope=1 true"),
    ("an ambiguous option", "--ver true"),
    ("an ambiguous option with a value", "--v=1 true"),
    ("a dash in a cluster", "-c-v true"),
    ("a dash at the end of a cluster", "-v- true"),
    ("an ambiguous option with an empty value", "--ver= true"),
    ("-r without its argument", "-r"),
    ("-r without its argument in a cluster", "-cvr"),
    ("--rewrite without its argument", "--rewrite"),
    ("--rewrite abbreviated without its argument", "--rew"),
    ("an invalid -r before -h", "-r 1 -h"),
    ("COMMAND is a dash", "-"),
    ("-- before an option", "-- -V"),
    ("options after COMMAND belong to COMMAND", "echo -V -r --"),
];

/// Values for options that take none.
const VALUES: [&str; 7] =
    ["--help=1", "--help=", "--single-child=1", "--verb=1", "--verbose=", "--version=", "--vers=1"];

/// Wrong rewritings.
const WRONG: [&str; 16] = [
    "1", "a:b", "1:", ":1", "0:1", "32:1", "1:32", "1:-1", "-1:1", "1 :2", "0x1:2", "", "15,2", "TERM",
    "term:int", "RTMIN:1",
];

/// The help, in which ours names the variables as well.
fn helps(entry: Scenario) -> Scenario {
    let theirs = "stderr: names --help --rewrite --single-child --verbose --version -V -c -h -r -v";
    let ours = format!("{theirs} DUMB_INIT_DEBUG DUMB_INIT_SETSID");
    entry.text(Text::Usage).differs(&HELPS, [theirs], [ours.as_str()])
}

pub(super) fn table() -> Vec<Scenario> {
    let help = HELP.map(|(name, words)| helps(dumb_init(name).words(words)));
    let lines = LINES.map(|(name, words)| dumb_init(name).words(words));
    let values = VALUES.map(|word| dumb_init(format!("{word} is rejected")).words(word).words("true"));
    let wrong =
        WRONG.map(|pair| dumb_init(format!("-r rejects {pair:?}")).words("-r").word(pair).word("true"));
    let long = ["1", "a:b", "32:1", "", " 1:2"]
        .map(|pair| dumb_init(format!("--rewrite={pair}")).words(&format!("--rewrite={pair} true")));
    let called = [
        helps(dumb_init("-h under another name").alias("init").words("-h")),
        dumb_init("no arguments under another name").alias("init"),
        dumb_init("an unknown option under another name").alias("init").words("-x"),
        dumb_init("COMMAND does not exist, under another name").alias("init").words("/nonexistent/file"),
    ];
    help.into_iter().chain(called).chain(lines).chain(values).chain(wrong).chain(long).collect()
}
