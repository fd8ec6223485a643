//! Options: how they are written, where they end, and where they come from.

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Case, Outcome, Start, Suite};

use crate::scene::{Scene, exits, facts, pid1, with, words};

/// The version of the family is this package's as well.
const VERSION: &str = concat!("pid1 ", env!("CARGO_PKG_VERSION"), "\n");

/// Each option's name, long and short.
const NAMES: [(&str, &str); 12] = [
    ("-e", "--env"),
    ("-u", "--user"),
    ("-g", "--group"),
    ("-w", "--workdir"),
    ("-t", "--timeout"),
    ("-k", "--kill-group"),
    ("-r", "--rewrite"),
    ("-x", "--map-exit"),
    ("-p", "--parent-death"),
    ("-v", "--verbose"),
    ("-V", "--version"),
    ("-h", "--help"),
];

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::version_goes_to_stdout_with_status_0", &all, version)
        .each("pid1::help_goes_to_stdout_with_status_0_and_names_every_option", &all, help)
        .each("pid1::an_option_takes_its_argument_in_every_way", &all, forms)
        .each("pid1::flags_can_be_bundled", &all, bundles)
        .each("pid1::a_word_that_is_no_option_ends_the_options", &all, first_word)
        .each("pid1::two_dashes_end_the_options", &all, two_dashes)
        .each("pid1::an_option_argument_may_look_like_an_option", &all, dashed_argument)
        .each("pid1::opts_from_the_environment_count", &all, from_environment)
        .each("pid1::opts_are_split_on_blanks", &all, split_on_blanks)
        .each("pid1::opts_are_read_before_the_command_line", &all, before_command_line)
        .each("pid1::opts_are_not_passed_on", &all, not_passed_on)
        .each("pid1::opts_of_a_similar_name_are_passed_on", &all, similar_name)
}

fn version(case: Case) -> Result<()> {
    for option in ["-V", "--version"] {
        pid1(case).argument(option).run()?.is(&Outcome::exited(VERSION, 0))?;
    }
    Ok(())
}

fn help(case: Case) -> Result<()> {
    let outcomes = ["-h", "--help"].map(|option| pid1(case).argument(option).run());
    let [short, long] = outcomes;
    let short = short?;
    same(&short, &long?)?;
    same(short.end, End::Exited(0))?;
    same(text(&short.stderr)?, "")?;
    let help = text(&short.stdout)?;
    for name in NAMES.iter().flat_map(|(short, long)| [short, long]).chain(&["PID1_OPTS", "COMMAND"]) {
        ensure!(help.contains(name), "no {name} in the help:\n{help}");
    }
    ensure!(help.ends_with('\n') && help.lines().count() <= 24, "more than a screen:\n{help}");
    ensure!(help.lines().all(|line| line.chars().count() <= 80), "wider than a screen:\n{help}");
    Ok(())
}

/// What the variable X is for COMMAND.
fn x_is(start: Start, expected: &str) -> Result<()> {
    let outcome = with(start, ["sh", "-c", "printf %s \"$X\""]).run()?;
    outcome.is(&Outcome::exited(expected, 0))
}

fn forms(case: Case) -> Result<()> {
    for options in ["-e X=1", "-eX=1", "--env X=1", "--env=X=1", "-kve X=1", "-keX=1"] {
        let verbose = options.starts_with("-kv");
        let start = words(pid1(case), options);
        if verbose {
            let outcome = with(start, ["sh", "-c", "printf %s \"$X\""]).run()?;
            same(text(&outcome.stdout)?, "1")?;
        } else {
            x_is(start, "1")?;
        }
    }
    // Every other option, in its four ways; a status shows that COMMAND has run.
    for (short, long, argument) in [
        ("-w", "--workdir", "/tmp"),
        ("-t", "--timeout", "5"),
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
            exits(&with(with(pid1(case), options), ["sh", "-c", "exit 3"]).run()?, status)?;
        }
    }
    Ok(())
}

fn bundles(case: Case) -> Result<()> {
    for options in ["-kv", "-vk", "-k -v", "--kill-group --verbose", "-kkvv"] {
        let outcome = with(words(pid1(case), options), ["sh", "-c", "exit 7"]).run()?;
        same(outcome.end, End::Exited(7))?;
        ensure!(!outcome.stderr.is_empty(), "{options}: -v did not count");
    }
    exits(&with(words(pid1(case), "-kx7"), ["sh", "-c", "exit 7"]).run()?, 0)
}

fn first_word(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let script = scene.file("script", "#!/bin/sh\necho \"$0\" \"$@\"\n", 0o755)?;
    let script = script.display().to_string();
    let outcome = with(words(pid1(case), "-e X=1"), [&script, "-V", "-e", "--", "-z"]).run()?;
    outcome.is(&Outcome::exited(&format!("{script} -V -e -- -z\n"), 0))
}

fn two_dashes(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let script = scene.file("-V", "#!/bin/sh\necho \"$0\" \"$@\"\n", 0o755)?;
    let start = pid1(case).env("PATH", scene.folder()).argument("--").argument("-V").argument("--");
    start.run()?.is(&Outcome::exited(&format!("{} --\n", script.display()), 0))
}

fn dashed_argument(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    std::fs::create_dir(scene.path("-k"))?;
    let start = words(pid1(case).cwd(scene.folder()), "-w -k -- sh -c");
    let expected = format!("{}\n", scene.path("-k").canonicalize()?.display());
    start.argument("pwd -P").run()?.is(&Outcome::exited(&expected, 0))
}

fn from_environment(case: Case) -> Result<()> {
    exits(&with(pid1(case).env("PID1_OPTS", "-x 7:9"), ["sh", "-c", "exit 7"]).run()?, 9)?;
    exits(&with(pid1(case).env("PID1_OPTS", "--map-exit=7:9 -k"), ["sh", "-c", "exit 7"]).run()?, 9)?;
    exits(&with(pid1(case).env("PID1_OPTS", ""), ["sh", "-c", "exit 7"]).run()?, 7)
}

fn split_on_blanks(case: Case) -> Result<()> {
    for opts in ["  -x   7:9  -k ", "-x\t7:9\t", " ", "   -k", "-x 7:9 "] {
        let expected = if opts.contains("7:9") { 9 } else { 7 };
        exits(&with(pid1(case).env("PID1_OPTS", opts), ["sh", "-c", "exit 7"]).run()?, expected)?;
    }
    Ok(())
}

fn before_command_line(case: Case) -> Result<()> {
    x_is(words(pid1(case).env("PID1_OPTS", "-e X=environment"), "-e X=line"), "line")?;
    x_is(pid1(case).env("PID1_OPTS", "-e X=environment"), "environment")
}

/// The environment that COMMAND has.
fn environment(start: Start) -> Result<Vec<String>> {
    let scene = Scene::new()?;
    exits(&scene.play(start, "", "report")?.run()?, 0)?;
    Ok(facts(&scene.lines(), "env").map(str::to_owned).collect())
}

fn not_passed_on(case: Case) -> Result<()> {
    for opts in ["", "-k", "-e X=1"] {
        let environment = environment(pid1(case).env("PID1_OPTS", opts))?;
        let found = environment.iter().find(|variable| variable.starts_with("PID1_OPTS"));
        ensure!(found.is_none(), "COMMAND has {found:?}");
        same(environment.iter().any(|variable| variable == "X=1"), opts.contains('X'))?;
    }
    Ok(())
}

fn similar_name(case: Case) -> Result<()> {
    let start = pid1(case).env("PID1_OPTS", "-k").env("PID1_OPTSX", "1").env("PID1_OPT", "2");
    let environment = environment(start)?;
    for variable in ["PID1_OPTSX=1", "PID1_OPT=2"] {
        ensure!(environment.iter().any(|other| other == variable), "no {variable} in {environment:?}");
    }
    Ok(())
}
