//! Random command lines and `PID1_OPTS`.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use mote_tests::model::line::{Effect, Meaning, meaning};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Outcome, Target};
use nix::sys::signal::Signal;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;

use super::options::{FLAGS, ODD, VALUES, Values};
use super::{holds, is_refused, without_environment};
use crate::etc::{four, with_files};
use crate::fixture::{TestDir, fact, facts, test_child, with};

/// The script that COMMAND becomes after its report: prints its arguments, and ends as the first one says.
const SCRIPT: &str = r#"printf '%s\000' "$@"; case $1 in k*) kill -${1#k} $$;; esac; exit $1"#;

/// The input of pid1.
#[derive(Clone, Debug)]
struct Input {
    /// Value of `PID1_OPTS`.
    opts: Option<String>,
    options: Vec<String>,
    /// Whether `--` follows.
    dashes: bool,
    /// The end of COMMAND.
    end: End,
    /// Further arguments of COMMAND.
    arguments: Vec<&'static str>,
}

/// Makes an option with a value, in any of its forms. `wrong` values in 16 are invalid.
fn with_value(wrong: u32) -> impl Strategy<Value = Vec<String>> {
    let value = move |(short, long, good, bad): Values| {
        prop_oneof![16 => select(good), wrong => select(bad)].prop_map(move |value| (short, long, value))
    };
    let option = select(&VALUES[..]).prop_flat_map(value);
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
    let option = prop_oneof![40 => with_value(wrong), 12 => word(&FLAGS), wrong => word(&ODD)];
    vec(option, 0..=most).prop_map(|options| options.concat())
}

/// Makes a value of `PID1_OPTS`, in which blanks inside of a value separate words, too.
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
    let child = test_child()?.into_os_string().into_string().ok().context("not UTF-8")?;
    let end = match input.end {
        End::Exited(status) => status.to_string(),
        End::Killed(signal) => format!("k{}", signal as i32),
    };
    let words = [child.as_str(), "report", "exec", "sh", "-c", SCRIPT, "sh", &end];
    Ok(words.into_iter().chain(input.arguments.iter().copied()).map(str::to_owned).collect())
}

pub(super) fn property(target: Target) -> Result<()> {
    holds(target, input, |input| check(target, &input))
}

fn check(target: Target, input: &Input) -> Result<bool> {
    let command = command(input)?;
    let dashes = input.dashes.then(|| "--".to_owned());
    let words: Vec<String> = input.options.iter().cloned().chain(dashes).chain(command.clone()).collect();
    // Without entries, each ID stands for itself.
    let dir = TestDir::new()?;
    let mut start = without_environment(with_files(&dir, target, "", "")?);
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
        Meaning::RefusedVerbosely => {
            let right = outcome.end == End::Exited(125) && outcome.stdout.is_empty();
            ensure!(right && is_report(text(&outcome.stderr)?), "{outcome:?}");
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
            if effect.user.is_some() && !effect.variables.contains_key("HOME") {
                environment.retain(|(name, _)| *name != "HOME");
                environment.push(("HOME", "/"));
            }
            environment.sort_unstable();
            let variables = environment.iter().map(|(name, value)| format!("{name}={value}"));
            is(&outcome, effect, input, &command, variables.collect()).map(|()| true)
        }
    }
    .with_context(|| format!("the rules say {expected:?}"))
}

/// Returns whether a text consists of lines that begin with the program's name.
fn is_report(stderr: &str) -> bool {
    stderr.ends_with('\n') && stderr.lines().all(|line| line.starts_with("pid1: "))
}

fn is(
    outcome: &Outcome,
    effect: &Effect,
    input: &Input,
    command: &[String],
    variables: Vec<String>,
) -> Result<()> {
    same(effect.command.as_slice(), command)?;
    let status = match input.end {
        End::Exited(status) => status,
        End::Killed(signal) => 128 + signal as i32,
    };
    let status = effect.exits.get(&status).copied().unwrap_or(status);
    same(outcome.end, End::Exited(status)).with_context(|| format!("{outcome:?}"))?;
    let stderr = text(&outcome.stderr)?;
    let name = command.first().context("no COMMAND")?;
    let death = match input.end {
        End::Exited(_) => String::new(),
        End::Killed(signal) => format!("pid1: {name}: killed by {signal}\n"),
    };
    if effect.is_verbose {
        ensure!(is_report(stderr) && stderr.contains(&death), "{stderr}");
    } else {
        same(stderr, &death)?;
    }

    let arguments: String = command.iter().skip(7).map(|word| format!("{word}\0")).collect();
    let Some(report) = text(&outcome.stdout)?.strip_suffix(&arguments) else { bail!("{outcome:?}") };
    let report: Vec<String> = report.lines().map(str::to_owned).collect();
    same(facts(&report, "argv0").collect::<Vec<_>>(), vec![name.as_str()])?;
    let mut found: Vec<&str> = facts(&report, "env").collect();
    found.sort_unstable();
    same(found, variables.iter().map(String::as_str).collect()).context("variables")?;
    let directory = Path::new(effect.directory.unwrap_or(".")).canonicalize()?;
    same(fact(&report, "cwd")?, &*directory.to_string_lossy())?;
    same(fact(&report, "Uid")?, &*four(effect.user.unwrap_or(0)))?;
    same(fact(&report, "Gid")?, &*four(effect.group.or(effect.users_group).unwrap_or(0)))
}
