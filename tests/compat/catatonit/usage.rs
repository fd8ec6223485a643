//! What catatonit says of itself, and what it refuses.

use crate::scenario::{Scenario, Text};

use super::catatonit;

/// Words that end in a usage text.
const USAGE: [(&str, &str); 25] = [
    ("-h", "-h"),
    ("-h after other options", "-g -gh"),
    ("-h before an unknown option", "-h -x"),
    ("-h after COMMAND", "true -h"),
    ("-h before -V", "-hV"),
    ("no arguments", ""),
    ("no COMMAND after an option", "-g"),
    ("no COMMAND after --", "-g --"),
    ("an unknown option", "-x true"),
    ("an unknown option in a cluster", "-gx true"),
    ("an unknown option before -V", "-x -V"),
    ("an unknown option after COMMAND", "true -x"),
    ("an unknown option with -P", "-P -x"),
    ("-? is unknown", "-? true"),
    ("-W is unknown", "-W true"),
    ("--help is unknown", "--help"),
    ("an unknown long option", "--nope true"),
    ("an unknown long option after COMMAND", "true --nope"),
    ("an unknown long option with a value", "--nope=1 true"),
    ("--version with a value", "--version=1"),
    ("--version with an empty value", "--version="),
    ("--version abbreviated with a value", "--ver=1"),
    ("a value without an option", "--=1"),
    ("a dash in a cluster", "-g-V true"),
    ("a dash at the end of a cluster", "-g- true"),
];

/// Words that end in the version.
const VERSION: [(&str, &str); 9] = [
    ("-V", "-V"),
    ("--version", "--version"),
    ("--version abbreviated", "--vers"),
    ("--v", "--v"),
    ("-V with COMMAND", "-V true"),
    ("-V after COMMAND", "true -V"),
    ("-V before an unknown option", "-V -x"),
    ("-V with -P", "-P -V"),
    ("--version after COMMAND", "true --version"),
];

pub(super) fn table() -> Vec<Scenario> {
    let usage = USAGE.map(|(name, words)| catatonit(name).words(words).text(Text::Usage));
    let version = VERSION.map(|(name, words)| catatonit(name).words(words));
    let licence = [("-L", "-L"), ("-L before an unknown option", "-L -x"), ("-L after COMMAND", "true -L")];
    let licence = licence.map(|(name, words)| catatonit(name).words(words).text(Text::Presence));
    let written = [
        ("options after COMMAND", "echo a -g b"),
        ("-- after COMMAND", "echo a -- -V"),
        ("only the first -- after COMMAND is removed", "echo -- a -- -V"),
        ("-- before COMMAND", "-- echo -V -- a"),
        ("a cluster", "-ggg echo a"),
        ("COMMAND is a dash", "-"),
        ("-- before an option", "-- --version"),
    ];
    let written = written.map(|(name, words)| catatonit(name).words(words));
    let others = [
        catatonit("POSIXLY_CORRECT is set").env("POSIXLY_CORRECT", "").words("-g echo -V a"),
        catatonit("-V under another name").alias("docker-init").words("-V"),
        catatonit("-h under another name").alias("init").words("-h").text(Text::Usage),
        catatonit("an unknown option under another name").alias("init").words("-x").text(Text::Usage),
        catatonit("no arguments under another name").alias("init").text(Text::Usage),
    ];
    usage.into_iter().chain(version).chain(licence).chain(written).chain(others).collect()
}
