//! What tini says of itself, and what it refuses.

use crate::scenario::{Scenario, Text};

use super::differences::VERSION;
use super::tini;

/// Options that end in a usage text, or in nothing being run.
const USAGE: [(&str, &str); 17] = [
    ("-h", "-h"),
    ("-h after other options", "-s -vh"),
    ("-h before an unknown option", "-h -x"),
    ("-h after COMMAND", "true -h"),
    ("no arguments", ""),
    ("no COMMAND after options", "-s -v"),
    ("no COMMAND after --", "-g --"),
    ("an unknown option", "-x true"),
    ("an unknown option in a cluster", "-sgx true"),
    ("an unknown option before -h", "-x -h"),
    ("an unknown option after COMMAND", "true -x"),
    ("-? is unknown", "-? true"),
    ("an option that is a colon is unknown", "-: true"),
    ("--help is unknown", "--help"),
    ("-p without its argument", "-p"),
    ("-e without its argument", "-e"),
    ("-e without its argument in a cluster", "-sve"),
];

/// Wrong statuses for -e.
const STATUSES: [&str; 8] = ["256", "-1", "5x", "0x10", "5 ", "many", "99999999999999999999", "--"];

/// What is no signal's name or number.
const NAMES: [&str; 8] = ["NOPE", "sigterm", "", "SIG", "SIGTERMS", "0", "65", "15x"];

pub(super) fn table() -> Vec<Scenario> {
    let usage = USAGE.map(|(name, words)| tini(name).words(words).text(Text::Usage));
    let statuses =
        STATUSES.map(|status| tini(format!("-e rejects {status:?}")).words("-e").word(status).word("true"));
    let names = NAMES.map(|name| tini(format!("-p rejects {name:?}")).words("-p").word(name).word("true"));
    let others = [
        tini("--version").words("--version"),
        tini("--version with another argument").words("--version true").text(Text::Usage).differs(
            &VERSION,
            [
                "end: 1",
                "stderr: tini: invalid option -- '-'",
                "stderr: tini (tini version V)",
                "stderr: Usage: tini [OPTIONS] PROGRAM -- [ARGS] | --version",
                "stderr: names --version -e -g -h -l -p -s -v -w TINI_KILL_PROCESS_GROUP TINI_SUBREAPER \
                 TINI_VERBOSITY",
            ],
            ["end: 0", "stdout: tini version V"],
        ),
        tini("-l").words("-l").text(Text::Presence),
        tini("-l before an unknown option").words("-l -x").text(Text::Presence),
        tini("-h under the name docker-init").alias("docker-init").words("-h").text(Text::Usage),
        tini("an unknown option under the name docker-init")
            .alias("docker-init")
            .words("-x")
            .text(Text::Usage),
        tini("--version under the name docker-init").alias("docker-init").words("--version"),
        tini("an invalid -e under the name docker-init").alias("docker-init").words("-e 300 true"),
        tini("an invalid -e before -h").words("-e 300 -h"),
        tini("an invalid -e before an invalid -p").words("-e 300 -p NOPE true"),
        tini("an invalid -e with TINI_VERBOSITY=0").env("TINI_VERBOSITY", "0").words("-e 300 true"),
    ];
    usage.into_iter().chain(statuses).chain(names).chain(others).collect()
}
