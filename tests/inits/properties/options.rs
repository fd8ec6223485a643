//! Options for random command lines.

/// Names of an option, its valid values, and its invalid values.
pub(super) type Values = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

pub(super) const VALUES: [Values; 9] = [
    (
        "e",
        "env",
        &["M_A=1", "M_A=2", "M_A=", "M_A==x=", "M_AB=x y", "M_=-k", "M_B=\u{fc}", "HOME=/else"],
        &["NOVALUE", ""],
    ),
    (
        "u",
        "user",
        &["0", "5", "0077", "7:", ":5", "1000:1001", "4294967294:4294967294"],
        &["", ":", "4294967296", "5:nobody-of-this-name", ":-1", "5:4294967295", "-1", "nobody-of-this-name"],
    ),
    ("g", "group", &["0", "5", "0077", "4294967294"], &["", "4294967295", "+1", "nobody-of-this-name"]),
    ("w", "workdir", &["/tmp", "/", "/usr/"], &["", "/nonexistent/directory", "/dev/null"]),
    (
        "t",
        "timeout",
        &["0", "5", "007", "86400"],
        &["soon", "-1", "1.5", "5s", " 5", "", "4294967297", "99999999999999999999"],
    ),
    ("s", "stop", &["QUIT", "SIGUSR1", "1", "RTMIN+3"], &["NOPE", "0", "65", "TERM:1", "RTMIN+31", ""]),
    (
        "r",
        "rewrite",
        &["TERM:INT", "SIGHUP:0", "15:2", "RTMIN+3:USR1", "USR2:SIGRTMIN+30", "64:1", "USR1:KILL", "2:CHLD"],
        &[
            "TERM",
            "TERM:",
            ":TERM",
            "NOPE:1",
            "1:NOPE",
            "65:1",
            "0:1",
            "RTMIN+31:1",
            "1:2:3",
            "TERMX:1",
            "",
            "CHLD:1",
            "SIGKILL:1",
            "19:0",
        ],
    ),
    (
        "x",
        "map-exit",
        &["7", "7:9", "9:7", "0:3", "007:1", "143", "137:1", "129:255", "255:0", "1:2", "2:1", "125:126"],
        &["256", "1:256", "256:1", "1:", ":1", "x", "1:x", "1:2:3", "-1", "", "4294967297"],
    ),
    ("p", "parent-death", &["TERM", "SIGKILL", "9", "RTMIN+1"], &["NOPE", "0", "65", "TERM:1", ""]),
];

pub(super) const FLAGS: [&str; 10] =
    ["-k", "-v", "-kv", "-vkk", "-a", "-Tka", "--kill-group", "--wait-all", "--keep-tty", "--verbose"];

/// Unknown options, superfluous and missing values, a file that can't be written, and requests of a text.
pub(super) const ODD: [&str; 27] = [
    "-c/nonexistent/pid1",
    "--copy-to=/nonexistent/pid1",
    "--wait-all=1",
    "-z",
    "-kz",
    "-E",
    "-k-",
    "-t=5",
    "---",
    "--=",
    "--nonsense",
    "--nonsense=1",
    "--envX=1",
    "--ver",
    "--verbosely",
    "--verbose=1",
    "--kill-group=",
    "-t",
    "-kvx",
    "--env",
    "--map-exit",
    "--rewrite=",
    "-V",
    "-kV",
    "--version",
    "-h",
    "--help",
];
