//! Making texts comparable that are meant to be the same.
//!
//! What is put aside: the program's path and version, the test directory, how an error or a signal is
//! described, for which the drop-ins have the short names of the kernel's headers or the number alone, and how tini's
//! warning goes on.

use std::collections::BTreeSet;
use std::ffi::CStr;
use std::path::Path;

use mote_tests::test_dir::test_child;
use nix::libc;

use crate::scenario::{Scenario, Text};

/// Names of errors, and how glibc describes them.
const ERRORS: [(&str, &str); 9] = [
    ("ENOENT", "No such file or directory"),
    ("EACCES", "Permission denied"),
    ("EBADF", "Bad file descriptor"),
    ("ENOTTY", "Inappropriate ioctl for device"),
    ("EPERM", "Operation not permitted"),
    ("ENXIO", "No such device or address"),
    ("ENOSYS", "Function not implemented"),
    ("ENOTDIR", "Not a directory"),
    ("ENOEXEC", "Exec format error"),
];

/// Names of signals 1 to 31.
const SIGNALS: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
    "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
    "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];

/// What tini says each second, if asked to say as much.
const BY_THE_CLOCK: &str = "No child to reap";

/// How tini's warning begins, which advice follows in lines without a prefix.
const WARNING: &str = "isn't registered as a child subreaper.";

/// What stands for that advice.
const ADVICE: &str = "stderr: advice";

/// The first real-time signal as C libraries count.
const RTMIN: i32 = 34;

/// The lines of a run of `program` in `directory`, of which the first is its end.
pub(crate) fn normal(
    lines: Vec<String>,
    scenario: &Scenario,
    program: &Path,
    directory: &str,
) -> Vec<String> {
    let program = program.display().to_string();
    let child = test_child().map(|path| path.display().to_string()).unwrap_or_default();
    let lines = lines.into_iter().map(|line| {
        let line = line.replace(&program, scenario.peer.name).replace(&child, "ACTOR");
        let line = line.replace(&format!("{directory}/"), "@").replace(directory, "@");
        without_description(&described(without_version(&line)))
    });
    let lines = with_advice_in_short(lines).into_iter();
    match scenario.text {
        Text::Exact => lines.collect(),
        Text::Lines => in_order(lines.filter(|line| !line.ends_with(BY_THE_CLOCK)).collect()),
        Text::Usage => usage(lines.collect()),
        Text::Presence => presence(lines),
    }
}

/// `1.2.3_mote - git.abc` replaced by `V`: three numbers with dots between them, the mark of mote's programs, and the
/// commit, if there is one.
fn without_version(line: &str) -> String {
    let is_version = |part: &str| {
        let numbers: Vec<&str> = part.split('.').collect();
        numbers.len() == 3 && numbers.iter().all(|number| number.parse::<u32>().is_ok())
    };
    let Some(start) =
        line.find("version ").map(|at| at + 8).or_else(|| line.find("dumb-init v").map(|at| at + 11))
    else {
        return line.to_owned();
    };
    let (before, rest) = line.split_at(start);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (version, mut after) = rest.split_at(end);
    if !is_version(version) {
        return line.to_owned();
    }
    let ours = after.replace("_mote", "");
    after = &ours;
    if let Some(commit) = after.strip_prefix(" - git.") {
        after = commit.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    format!("{before}V{after}")
}

/// Descriptions replaced by names.
fn described(mut line: String) -> String {
    for (name, text) in ERRORS {
        line = line.replace(text, name);
    }
    for number in 1..=64 {
        // SAFETY: takes a number and no pointer.
        let text = unsafe { libc::strsignal(number) };
        // SAFETY: every number has a text, which stays until this thread's next call.
        let text = unsafe { CStr::from_ptr(text) };
        let quoted = format!("'{}'", text.to_string_lossy());
        if line.contains(&quoted) {
            line = line.replace(&quoted, &format!("'{}'", signal(number)));
        }
    }
    line
}

/// `(errno=N NAME)` replaced by `(errno=N)`.
fn without_description(line: &str) -> String {
    let error = line.split_once("(errno=").and_then(|(before, rest)| Some((before, rest.split_once(')')?)));
    let Some((before, (error, after))) = error else { return line.to_owned() };
    let number = error.split(' ').next().unwrap_or_default();
    format!("{before}(errno={number}){after}")
}

/// One line for all that follows tini's warning.
fn with_advice_in_short(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut advises = false;
    let mut short = Vec::new();
    for line in lines {
        let is_advice = advises && line.starts_with("stderr: ") && !line.starts_with("stderr: [");
        advises = is_advice || line.ends_with(WARNING);
        short.push(if is_advice { ADVICE.to_owned() } else { line });
    }
    short.dedup_by(|line, before| line == before && line == ADVICE);
    short
}

/// The name of a signal, as the drop-ins have it: of the real-time ones the first alone has a name.
fn signal(number: i32) -> String {
    let index = usize::try_from(number - 1).unwrap_or(usize::MAX);
    match (SIGNALS.get(index), number - RTMIN) {
        (Some(name), _) => format!("SIG{name}"),
        (None, 0) => "SIGRTMIN".to_owned(),
        _ => format!("SIG{number}"),
    }
}

fn in_order(mut lines: Vec<String>) -> Vec<String> {
    if let Some((_, rest)) = lines.split_first_mut() {
        rest.sort();
    }
    lines.dedup();
    lines
}

/// Each stream up to its usage's first line, and then what it names.
fn usage(lines: Vec<String>) -> Vec<String> {
    let mut shown = Vec::new();
    let mut named = BTreeSet::new();
    let mut below = "";
    for line in &lines {
        let stream = line.split(": ").next().unwrap_or_default();
        if !below.is_empty() && stream.trim_end_matches(':') == below {
            named.extend(line.split([' ', ',', ':', ';', '.', '(', ')', '=']).filter(|word| is_name(word)));
            continue;
        }
        shown.push(line.clone());
        if line.contains("sage: ") && line.starts_with("std") {
            below = stream;
        }
    }
    if !named.is_empty() {
        shown.push(format!("{below}: names {}", named.into_iter().collect::<Vec<_>>().join(" ")));
    }
    shown
}

/// An option, or a variable that is the program's own.
fn is_name(word: &str) -> bool {
    let option = word.trim_start_matches('-');
    let is_option = option.len() < word.len() && option.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_variable = ["TINI_", "DUMB_INIT_", "CATATONIT_"].iter().any(|prefix| word.starts_with(prefix));
    is_option || is_variable
}

fn presence(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines
        .map(|line| match line.split_once(": ") {
            Some((stream @ ("stdout" | "stderr"), _)) => format!("{stream}: some text"),
            _ => line,
        })
        .collect();
    lines.dedup();
    lines
}
