//! The forms of options, their end, and `PID1_OPTS`.

use std::fs::{self, File};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Launcher, Outcome, Suite, Target, dist};

use crate::fixture::{TestDir, exits, facts, pid1, with, words};

/// Each option's letter and long name, and the name of its value.
const OPTIONS: [(&str, &str, &str); 16] = [
    ("-e", "--env", " NAME=VALUE"),
    ("-u", "--user", " USER[:GROUP]"),
    ("-g", "--group", " GROUP"),
    ("-w", "--workdir", " DIR"),
    ("-t", "--timeout", " SECONDS"),
    ("-s", "--stop", " SIGNAL"),
    ("-k", "--kill-group", ""),
    ("-r", "--rewrite", " A:B"),
    ("-x", "--map-exit", " A[:B]"),
    ("-a", "--wait-all", ""),
    ("-T", "--keep-tty", ""),
    ("-p", "--parent-death", " SIGNAL"),
    ("-c", "--copy-to", " FILE"),
    ("-v", "--verbose", ""),
    ("-V", "--version", ""),
    ("-h", "--help", ""),
];

/// Returns the output of `--version`. The version of the family is this package's as well.
pub(crate) fn version_of() -> Result<String> {
    Ok(format!("pid1 {} - git.{}\n", env!("CARGO_PKG_VERSION"), dist::commit()?))
}

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::version_goes_to_stdout_with_status_0_and_names_the_commit", &all, version)
        .each("pid1::help_goes_to_stdout_with_status_0_and_describes_every_option", &all, help)
        .each("pid1::help_and_version_that_can_not_be_written_are_status_1", &all, full_stdout)
        .each("pid1::help_and_version_run_nothing", &all, runs_nothing)
        .each("pid1::an_option_takes_its_argument_in_every_way", &all, forms)
        .each("pid1::flags_can_be_bundled", &all, bundles)
        .each("pid1::s_takes_any_signal", &all, stop_signals)
        .each("pid1::a_word_that_is_no_option_ends_the_options", &all, first_word)
        .each("pid1::two_dashes_end_the_options", &all, two_dashes)
        .each("pid1::an_option_argument_may_look_like_an_option", &all, dashed_argument)
        .each("pid1::opts_from_the_environment_count", &all, from_environment)
        .each("pid1::opts_are_split_on_blanks", &all, split_on_blanks)
        .each("pid1::opts_are_read_before_the_command_line", &all, before_command_line)
        .each("pid1::opts_are_not_passed_on", &all, not_passed_on)
        .each("pid1::opts_of_a_similar_name_are_passed_on", &all, similar_name)
}

fn version(target: Target) -> Result<()> {
    for option in ["-V", "--version"] {
        pid1(target).argument(option).run()?.is(&Outcome::exited(&version_of()?, 0))?;
    }
    Ok(())
}

fn help(target: Target) -> Result<()> {
    let outcomes = ["-h", "--help"].map(|option| pid1(target).argument(option).run());
    let [short, long] = outcomes;
    let short = short?;
    same(&short, &long?)?;
    same(short.end, End::Exited(0))?;
    same(text(&short.stderr)?, "")?;
    let help = text(&short.stdout)?;
    let rest = help.strip_prefix(&version_of()?).context("no version")?;
    ensure!(rest.starts_with("Usage: pid1 [OPTION]... [--] COMMAND [ARG]...\n"), "no usage:\n{help}");
    let mut lines = help.lines().skip_while(|line| !line.starts_with('-'));
    for (letter, name, value) in OPTIONS {
        same(lines.next(), Some(format!("{letter}, {name}{value}").as_str()))?;
        let description = lines.next().and_then(|line| line.strip_prefix('\t')).context("no tab")?;
        ensure!(description.len() > 10, "no description of {name}:\n{help}");
    }
    let statuses: Vec<&str> = lines.collect();
    let statuses = statuses.join(" ");
    for word in ["Exit status", "128+N", "127", "126", "125"] {
        ensure!(statuses.contains(word), "no {word}:\n{help}");
    }
    ensure!(help.contains("PID1_OPTS") && help.ends_with('\n'), "no PID1_OPTS:\n{help}");
    // A tab takes eight columns.
    let width = |line: &str| line.chars().count() + 7 * line.matches('\t').count();
    let wide: Vec<&str> = help.lines().filter(|line| width(line) > 80).collect();
    same(wide, Vec::new())
}

fn full_stdout(target: Target) -> Result<()> {
    for option in ["-V", "--help"] {
        let full = File::options().write(true).open("/dev/full")?;
        exits(&pid1(target).stdout(full).argument(option).run()?, 1)?;
        exits(&pid1(target).close(1).argument(option).run()?, 1)?;
    }
    Ok(())
}

/// Options behind them are not looked at.
fn runs_nothing(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    for option in ["-V", "-h"] {
        let expected = pid1(target).argument(option).run()?;
        for line in [&["-kV", "-z"][..], &["-k", "-V", "touch"], &["-e", "X=1", "--version", "--nonsense"]] {
            let line = line.iter().map(|word| word.replace("--version", "-V").replace('V', &option[1..]));
            with(pid1(target), line).argument(&ran).run()?.is(&expected)?;
        }
        pid1(target).env("PID1_OPTS", option).argument("touch").argument(&ran).run()?.is(&expected)?;
    }
    ensure!(!ran.exists(), "COMMAND ran");
    Ok(())
}

/// Expects this value of the variable X in COMMAND.
fn x_is(launcher: Launcher, expected: &str) -> Result<()> {
    let outcome = with(launcher, ["sh", "-c", "printf %s \"$X\""]).run()?;
    outcome.is(&Outcome::exited(expected, 0))
}

fn forms(target: Target) -> Result<()> {
    for options in ["-e X=1", "-eX=1", "--env X=1", "--env=X=1", "-kae X=1", "-keX=1", "-TkaeX=1"] {
        x_is(words(pid1(target), options), "1")?;
    }
    // The other options in their four forms. The status shows that COMMAND has run.
    for (short, long, argument) in [
        ("-u", "--user", "0:0"),
        ("-g", "--group", "0"),
        ("-w", "--workdir", "/tmp"),
        ("-t", "--timeout", "5"),
        ("-s", "--stop", "QUIT"),
        ("-r", "--rewrite", "TERM:QUIT"),
        ("-x", "--map-exit", "3:4"),
        ("-p", "--parent-death", "TERM"),
    ] {
        let status = if short == "-x" { 4 } else { 3 };
        for options in [
            vec![short.to_owned(), argument.to_owned()],
            vec![format!("{short}{argument}")],
            vec![long.to_owned(), argument.to_owned()],
            vec![format!("{long}={argument}")],
        ] {
            exits(&with(with(pid1(target), options), ["sh", "-c", "exit 3"]).run()?, status)?;
        }
    }
    Ok(())
}

fn bundles(target: Target) -> Result<()> {
    for options in
        ["-kv", "-vk", "-k -v", "--kill-group --verbose", "-kkvv", "-aTvk", "--wait-all --keep-tty -v"]
    {
        let outcome = with(words(pid1(target), options), ["sh", "-c", "exit 7"]).run()?;
        same(outcome.end, End::Exited(7))?;
        ensure!(!outcome.stderr.is_empty(), "{options}: -v did not count");
    }
    exits(&with(words(pid1(target), "-kx7"), ["sh", "-c", "exit 7"]).run()?, 0)
}

/// Names, with SIG and without, numbers, and RTMIN+n.
fn stop_signals(target: Target) -> Result<()> {
    for signal in
        ["QUIT", "SIGQUIT", "3", "003", "USR1", "RTMIN", "SIGRTMIN+0", "RTMIN+30", "1", "31", "32", "64"]
    {
        exits(&with(pid1(target), ["-s", signal, "sh", "-c", "exit 7"]).run()?, 7)
            .with_context(|| signal.to_owned())?;
    }
    Ok(())
}

fn first_word(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let script = dir.file("script", "#!/bin/sh\necho \"$0\" \"$@\"\n", 0o755)?;
    let script = script.display().to_string();
    let outcome = with(words(pid1(target), "-e X=1"), [&script, "-V", "-e", "--", "-z"]).run()?;
    outcome.is(&Outcome::exited(&format!("{script} -V -e -- -z\n"), 0))
}

fn two_dashes(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let script = dir.file("-V", "#!/bin/sh\necho \"$0\" \"$@\"\n", 0o755)?;
    let launcher = pid1(target).env("PATH", dir.path()).argument("--").argument("-V").argument("--");
    launcher.run()?.is(&Outcome::exited(&format!("{} --\n", script.display()), 0))
}

fn dashed_argument(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    fs::create_dir(dir.join("-k"))?;
    let launcher = words(pid1(target).cwd(dir.path()), "-w -k -- sh -c");
    let expected = format!("{}\n", dir.join("-k").canonicalize()?.display());
    launcher.argument("pwd -P").run()?.is(&Outcome::exited(&expected, 0))
}

fn from_environment(target: Target) -> Result<()> {
    exits(&with(pid1(target).env("PID1_OPTS", "-x 7:9"), ["sh", "-c", "exit 7"]).run()?, 9)?;
    exits(&with(pid1(target).env("PID1_OPTS", "--map-exit=7:9 -k"), ["sh", "-c", "exit 7"]).run()?, 9)?;
    exits(&with(pid1(target).env("PID1_OPTS", ""), ["sh", "-c", "exit 7"]).run()?, 7)
}

fn split_on_blanks(target: Target) -> Result<()> {
    for opts in ["  -x   7:9  -k ", "-x\t7:9\t", " ", "   -k", "-x 7:9 "] {
        let expected = if opts.contains("7:9") { 9 } else { 7 };
        exits(&with(pid1(target).env("PID1_OPTS", opts), ["sh", "-c", "exit 7"]).run()?, expected)?;
    }
    Ok(())
}

fn before_command_line(target: Target) -> Result<()> {
    x_is(words(pid1(target).env("PID1_OPTS", "-e X=environment"), "-e X=line"), "line")?;
    x_is(pid1(target).env("PID1_OPTS", "-e X=environment"), "environment")
}

/// The environment that COMMAND has.
fn environment(launcher: Launcher) -> Result<Vec<String>> {
    let dir = TestDir::new()?;
    exits(&dir.play(launcher, "", "report")?.run()?, 0)?;
    Ok(facts(&dir.lines(), "env").map(str::to_owned).collect())
}

fn not_passed_on(target: Target) -> Result<()> {
    for opts in ["", "-k", "-e X=1"] {
        let environment = environment(pid1(target).env("PID1_OPTS", opts))?;
        let found = environment.iter().find(|variable| variable.starts_with("PID1_OPTS"));
        ensure!(found.is_none(), "COMMAND has {found:?}");
        same(environment.iter().any(|variable| variable == "X=1"), opts.contains('X'))?;
    }
    Ok(())
}

fn similar_name(target: Target) -> Result<()> {
    let launcher = pid1(target).env("PID1_OPTS", "-k").env("PID1_OPTSX", "1").env("PID1_OPT", "2");
    let environment = environment(launcher)?;
    for variable in ["PID1_OPTSX=1", "PID1_OPT=2"] {
        ensure!(environment.iter().any(|other| other == variable), "no {variable} in {environment:?}");
    }
    Ok(())
}
