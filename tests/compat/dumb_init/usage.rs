//! What dumb-init says of itself, and what it refuses.

use crate::scenario::{Scenario, Text};

use super::dumb_init;

/// Words that end in a help text.
const HELP: [(&str, &str); 6] = [
    ("-h", "-h"),
    ("--help", "--help"),
    ("--help abbreviated", "--h"),
    ("-h behind other options", "-c -vh"),
    ("-h before an unknown option", "-h -x"),
    ("-h before a wrong -r", "-h -r 1"),
];

/// Words that end in a line or two.
const LINES: [(&str, &str); 27] = [
    ("-V", "-V"),
    ("--version", "--version"),
    ("-V before an unknown option", "-V -x"),
    ("--version abbreviated", "--vers"),
    ("no word", ""),
    ("no COMMAND behind options", "-c -v"),
    ("no COMMAND behind --", "-c --"),
    ("an unknown option", "-x true"),
    ("an unknown option in a cluster", "-cxv true"),
    ("an unknown option before -V", "-x -V"),
    ("-? is unknown", "-? true"),
    ("-W is unknown", "-W true"),
    ("an unknown long option", "--nope true"),
    ("an unknown long option with a value", "--nope=1 true"),
    ("an ambiguous option", "--ver true"),
    ("an ambiguous option with a value", "--v=1 true"),
    ("a value for --help", "--help=1"),
    ("a value for --single-child", "--single-child=1 true"),
    ("a value for an abbreviated option", "--verb=1 true"),
    ("-r without its argument", "-r"),
    ("-r without its argument in a cluster", "-cvr"),
    ("--rewrite without its argument", "--rewrite"),
    ("--rewrite abbreviated without its argument", "--rew"),
    ("a wrong -r before -h", "-r 1 -h"),
    ("a dash is COMMAND", "-"),
    ("-- before an option", "-- -V"),
    ("an option behind COMMAND is COMMAND's", "echo -V -r --"),
];

/// Wrong rewritings.
const WRONG: [&str; 15] = [
    "1", "a:b", "1:", ":1", "0:1", "32:1", "1:32", "1:-1", "-1:1", "1 :2", "0x1:2", "", "TERM:INT",
    "15:TERM", "15,2",
];

pub(super) fn table() -> Vec<Scenario> {
    let help = HELP.map(|(name, words)| dumb_init(name).words(words).text(Text::Usage));
    let lines = LINES.map(|(name, words)| dumb_init(name).words(words));
    let wrong =
        WRONG.map(|pair| dumb_init(format!("-r takes no {pair:?}")).words("-r").word(pair).word("true"));
    let long = ["1", "a:b", "32:1"]
        .map(|pair| dumb_init(format!("--rewrite={pair}")).words(&format!("--rewrite={pair} true")));
    let called = [
        dumb_init("-h under another name").alias("init").words("-h").text(Text::Usage),
        dumb_init("no word under another name").alias("init"),
        dumb_init("an unknown option under another name").alias("init").words("-x"),
        dumb_init("no such file under another name").alias("init").words("/nonexistent/file"),
    ];
    help.into_iter().chain(called).chain(lines).chain(wrong).chain(long).collect()
}
