//! The command line and `PID1_OPTS`, whatever is on them.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use mote_tests::model::line::{Effect, Meaning, meaning};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Case, Outcome};
use nix::sys::signal::Signal;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;

use super::{holds, is_refused, without_environment};
use crate::etc::four;
use crate::scene::{actor, fact, facts, pid1, with};

/// Arguments of each option: right ones, and wrong ones.
type Arguments = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const ARGUMENTS: [Arguments; 8] = [
    (
        "e",
        "env",
        &["M_A=1", "M_A=2", "M_A=", "M_A==x=", "M_AB=x y", "M_=-k", "M_B=\u{fc}", "HOME=/else"],
        &["NOVALUE", ""],
    ),
    (
        "u",
        "user",
        &["0", "5", "0077", "7:", "1000:1001", "4294967294:4294967294"],
        &["", ":", ":5", "4294967296", "5:4294967295", "-1", "nobody-of-this-name"],
    ),
    ("g", "group", &["0", "5", "0077", "4294967294"], &["", "4294967295", "+1", "nobody-of-this-name"]),
    ("w", "workdir", &["/tmp", "/", "/usr/"], &["", "/nonexistent/folder", "/dev/null"]),
    (
        "t",
        "timeout",
        &["0", "5", "007", "86400"],
        &["soon", "-1", "1.5", "5s", " 5", "", "4294967297", "99999999999999999999"],
    ),
    (
        "r",
        "rewrite",
        &["TERM:INT", "SIGHUP:0", "15:2", "RTMIN+3:USR1", "USR2:SIGRTMIN+30", "64:1"],
        &["TERM", "TERM:", ":TERM", "NOPE:1", "1:NOPE", "65:1", "0:1", "RTMIN+31:1", "1:2:3", "TERMX:1", ""],
    ),
    (
        "x",
        "map-exit",
        &["7", "7:9", "9:7", "0:3", "007:1", "143", "137:1", "129:255", "255:0", "1:2", "2:1", "125:126"],
        &["256", "1:256", "256:1", "1:", ":1", "x", "1:x", "1:2:3", "-1", "", "4294967297"],
    ),
    ("p", "parent-death", &["TERM", "SIGKILL", "9", "RTMIN+1"], &["NOPE", "0", "65", "TERM:1", ""]),
];

const FLAGS: [&str; 6] = ["-k", "-v", "-kv", "-vkk", "--kill-group", "--verbose"];

/// Options that there aren't, arguments where there is to be none, none where there is to be one, and texts.
const ODD: [&str; 24] = [
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

/// What COMMAND runs once it has said everything else: its own arguments, and an end as the first one says.
const SCRIPT: &str = r#"printf '%s\000' "$@"; case $1 in k*) kill -${1#k} $$;; esac; exit $1"#;

/// What pid1 gets.
#[derive(Clone, Debug)]
struct Input {
    /// Value of `PID1_OPTS`.
    opts: Option<String>,
    options: Vec<String>,
    /// Whether two dashes follow.
    dashes: bool,
    /// How COMMAND ends.
    end: End,
    /// What COMMAND is told besides.
    arguments: Vec<&'static str>,
}

/// One option, in any of its forms; of 16 arguments so many are wrong.
fn with_argument(wrong: u32) -> impl Strategy<Value = Vec<String>> {
    let argument = move |(short, long, good, bad): Arguments| {
        prop_oneof![16 => select(good), wrong => select(bad)].prop_map(move |value| (short, long, value))
    };
    let option = select(&ARGUMENTS[..]).prop_flat_map(argument);
    (option, select(&["", "", "k", "v", "kk"][..]), 0..4).prop_map(|((short, long, value), flags, form)| {
        match form {
            0 => vec![format!("-{flags}{short}"), value.to_owned()],
            1 => vec![format!("-{flags}{short}{value}")],
            2 => vec![format!("--{long}"), value.to_owned()],
            _ => vec![format!("--{long}={value}")],
        }
    })
}

fn options(wrong: u32, most: usize) -> impl Strategy<Value = Vec<String>> {
    let word = |words: &'static [&str]| select(words).prop_map(|word| vec![word.to_owned()]);
    let option = prop_oneof![40 => with_argument(wrong), 12 => word(&FLAGS), wrong => word(&ODD)];
    vec(option, 0..=most).prop_map(|options| options.concat())
}

/// Blanks in an argument separate words here as well.
fn opts(wrong: u32) -> impl Strategy<Value = String> {
    let blank = || select(&[" ", " ", "  ", "\t"][..]);
    let no_option = select(&["nonsense", "x=1"][..]).prop_map(|word| vec![word.to_owned()]);
    let words = prop_oneof![40 => options(wrong, 3), wrong => no_option];
    (words, vec(blank(), 12), any::<bool>()).prop_map(|(words, blanks, begins_blank)| {
        let mut opts = if begins_blank { " ".to_owned() } else { String::new() };
        for (word, blank) in words.iter().zip(blanks) {
            opts.extend([word, blank]);
        }
        opts
    })
}

fn input(wrong: u32) -> impl Strategy<Value = Input> {
    let end = prop_oneof![
        select(&[0, 1, 2, 7, 9, 125, 255][..]).prop_map(End::Exited),
        any::<u8>().prop_map(|status| End::Exited(status.into())),
        select(&[Signal::SIGHUP, Signal::SIGKILL, Signal::SIGTERM][..]).prop_map(End::Killed),
    ];
    let arguments = vec(select(&["-V", "--", "-e", "", "a b", "\u{fc}", "--nonsense", "-"][..]), 0..4);
    let all = (option::weighted(0.4, opts(wrong)), options(wrong, 6), any::<bool>(), end, arguments);
    all.prop_map(|(opts, options, dashes, end, arguments)| Input { opts, options, dashes, end, arguments })
}

/// COMMAND and its arguments.
fn command(input: &Input) -> Result<Vec<String>> {
    let actor = actor()?.into_os_string().into_string().ok().context("not UTF-8")?;
    let end = match input.end {
        End::Exited(status) => status.to_string(),
        End::Killed(signal) => format!("k{}", signal as i32),
    };
    let words = [actor.as_str(), "report", "exec", "sh", "-c", SCRIPT, "sh", &end];
    Ok(words.into_iter().chain(input.arguments.iter().copied()).map(str::to_owned).collect())
}

pub(super) fn property(case: Case) -> Result<()> {
    mote_tests::require::root()?;
    holds(case, input, |input| check(case, &input))
}

fn check(case: Case, input: &Input) -> Result<bool> {
    let command = command(input)?;
    let dashes = input.dashes.then(|| "--".to_owned());
    let words: Vec<String> = input.options.iter().cloned().chain(dashes).chain(command.clone()).collect();
    let mut start = without_environment(pid1(case));
    let mut environment =
        vec![("PATH", "/usr/bin:/bin"), ("HOME", "/started/with"), ("M_A", "0"), ("M_ABC", "")];
    for (name, value) in &environment {
        start = start.env(name, value);
    }
    if let Some(opts) = &input.opts {
        start = start.env("PID1_OPTS", opts);
    }
    let outcome = with(start, &words).run()?;
    let expected = meaning(input.opts.as_deref().unwrap_or_default(), &words);
    match &expected {
        Meaning::Refused => is_refused(&outcome),
        Meaning::RefusedAloud => {
            let right = outcome.end == End::Exited(125) && outcome.stdout.is_empty();
            ensure!(right && is_told(text(&outcome.stderr)?), "{outcome:?}");
            Ok(false)
        }
        Meaning::Open => Ok(false),
        Meaning::Prints(beginning) => {
            let right = outcome.end == End::Exited(0) && outcome.stderr.is_empty();
            ensure!(right && text(&outcome.stdout)?.starts_with(beginning), "{outcome:?}");
            Ok(false)
        }
        Meaning::Runs(effect) => {
            for (name, value) in &effect.variables {
                environment.retain(|(other, _)| other != name);
                environment.push((name, value));
            }
            environment.sort_unstable();
            let variables = environment.iter().map(|(name, value)| format!("{name}={value}"));
            is(&outcome, effect, input, &command, variables.collect()).map(|()| true)
        }
    }
    .with_context(|| format!("the rules say {expected:?}"))
}

/// What `-v` says: lines with the program's name.
fn is_told(stderr: &str) -> bool {
    stderr.ends_with('\n') && stderr.lines().all(|line| line.starts_with("pid1: "))
}

fn is(
    outcome: &Outcome,
    effect: &Effect,
    input: &Input,
    command: &[String],
    variables: Vec<String>,
) -> Result<()> {
    // The whole of COMMAND, which says the rest of it.
    same(effect.command.as_slice(), command)?;
    let status = match input.end {
        End::Exited(status) => status,
        End::Killed(signal) => 128 + signal as i32,
    };
    let status = effect.exits.get(&status).copied().unwrap_or(status);
    same(outcome.end, End::Exited(status)).with_context(|| format!("{outcome:?}"))?;
    let stderr = text(&outcome.stderr)?;
    ensure!(if effect.is_verbose { is_told(stderr) } else { stderr.is_empty() }, "{stderr}");

    let arguments: String = command.iter().skip(7).map(|word| format!("{word}\0")).collect();
    let Some(report) = text(&outcome.stdout)?.strip_suffix(&arguments) else { bail!("{outcome:?}") };
    let report: Vec<String> = report.lines().map(str::to_owned).collect();
    same(facts(&report, "argv0").collect::<Vec<_>>(), command.iter().take(1).map(String::as_str).collect())?;
    let mut found: Vec<&str> = facts(&report, "env").collect();
    found.sort_unstable();
    same(found, variables.iter().map(String::as_str).collect()).context("variables")?;
    let folder = Path::new(effect.folder.unwrap_or(".")).canonicalize()?;
    same(fact(&report, "cwd")?, &*folder.to_string_lossy())?;
    same(fact(&report, "Uid")?, &*four(effect.user.unwrap_or(0)))?;
    same(fact(&report, "Gid")?, &*four(effect.group.or(effect.users_group).unwrap_or(0)))
}
