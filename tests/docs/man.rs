//! The manual pages, beside what the programs say of themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Outcome, Target, command, require};
use xtask::program::PROGRAMS;
use xtask::workspace;

/// The sections that every page has, in this order; programs without options or variables lack two, and the messages of
/// all but pid1 are those of the programs that they replace.
const SECTIONS: [&str; 9] = [
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "OPTIONS",
    "ENVIRONMENT",
    "EXIT STATUS",
    "EXAMPLES",
    "DIAGNOSTICS",
    "SEE ALSO",
];

/// What `mandoc` says of every page that is not part of a system, or of pages that lie elsewhere.
const NO_MATTER: [&str; 3] =
    ["operating system explicitly specified", "referenced manual not found", "outdated mandoc.db"];

/// Options by how they are written, with the name of their argument.
type Options = BTreeMap<String, Option<String>>;

fn path(program: &str) -> PathBuf {
    workspace::root().join(format!("man/{program}.1"))
}

fn read(program: &str) -> Result<String> {
    fs::read_to_string(path(program)).with_context(|| format!("man/{program}.1"))
}

/// Both say the same options with the same arguments, and the page all variables of the help.
pub(crate) fn options_are_those_of_the_help(program: &'static str) -> Result<()> {
    let page = read(program)?;
    synopsis_is_whole(program, &page)?;
    let host = Target::host().context("this machine is none of the platforms")?;
    match program {
        // It has no options, whatever it is given.
        "hello" => same(options_of_page(&page), Options::new()),
        // It has no help: each option does what the page says, and another does nothing of the kind, which a test
        // of its own sees.
        "pause" => {
            let options: Vec<String> = options_of_page(&page).into_keys().collect();
            same(options.clone(), vec!["--version".to_owned(), "-v".to_owned()])?;
            let version = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");
            options.iter().try_for_each(|option| {
                Launcher::of(host, "pause").argument(option).run()?.is(&Outcome::exited(version, 0))
            })
        }
        _ => {
            let outcome = Launcher::of(host, program).argument("-h").run()?;
            let help = String::from_utf8([outcome.stdout, outcome.stderr].concat())?;
            same(options_of_page(&page), options_of_help(program, &help)?)?;
            let variables = variables_of_page(&page);
            for variable in variables_of_help(&help) {
                ensure!(variables.contains(variable), "man/{program}.1 does not explain {variable}");
            }
            Ok(())
        }
    }
}

/// `.It Fl e , Fl -env Ar NAME=VALUE`
fn options_of_page(page: &str) -> Options {
    let mut options = Options::new();
    for line in page.lines().filter_map(|line| line.strip_prefix(".It Fl ")) {
        let (flags, argument) =
            line.split_once(" Ar ").map_or((line, None), |(flags, argument)| (flags, Some(argument)));
        for flag in flags.split(" , Fl ") {
            options.insert(format!("-{flag}"), argument.map(str::to_owned));
        }
    }
    options
}

/// The synopsis has the letter of each option with its argument, unless it speaks of options in general.
fn synopsis_is_whole(program: &str, page: &str) -> Result<()> {
    let synopsis =
        page.split(".Sh ").find(|section| section.starts_with("SYNOPSIS")).context("no synopsis")?;
    if synopsis.contains("OPTION") {
        return Ok(());
    }
    let mut letters = BTreeSet::new();
    for line in synopsis.lines().filter_map(|line| line.split_once("Fl ")) {
        let (flags, argument) =
            line.1.split_once(" Ar ").map_or((line.1, None), |(flags, argument)| (flags, Some(argument)));
        let single = flags.split(" | ").filter(|flags| !flags.starts_with('-'));
        letters.extend(
            single.flat_map(str::chars).map(|letter| (format!("-{letter}"), argument.map(str::to_owned))),
        );
    }
    let expected = options_of_page(page).into_iter().filter(|(name, _)| !name.starts_with("--"));
    same(letters, expected.collect()).with_context(|| format!("synopsis of man/{program}.1"))
}

/// In each help, options begin a line; where the description begins is a matter of the program.
fn options_of_help(program: &str, help: &str) -> Result<Options> {
    let mut options = Options::new();
    for line in help.lines().filter(|line| line.trim_start().starts_with('-')) {
        let told = match program {
            "pid1" => Some(line),
            "tini" => line.split(": ").next(),
            "dumb-init" => line.get(..19),
            "catatonit" => line.trim_start().split("  ").next(),
            other => bail!("how does the help of {other} look?"),
        };
        let words: Vec<&str> = told
            .with_context(|| line.to_owned())?
            .split([' ', ','])
            .filter(|word| !word.is_empty())
            .collect();
        let (flags, argument): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.starts_with('-'));
        ensure!(argument.len() < 2, "{line}");
        for flag in flags {
            options.insert(flag.to_owned(), argument.first().map(|&argument| argument.to_owned()));
        }
    }
    ensure!(!options.is_empty(), "no option in {help}");
    Ok(options)
}

fn variables_of_page(page: &str) -> BTreeSet<&str> {
    page.lines().filter_map(|line| line.strip_prefix(".It Ev ")).collect()
}

fn variables_of_help(help: &str) -> impl Iterator<Item = &str> {
    let words = help.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| {
        ["PID1_", "TINI_", "DUMB_INIT_", "CATATONIT_"].iter().any(|prefix| word.starts_with(prefix))
    })
}

/// Every page has the sections that readers look for.
pub(crate) fn sections_are_the_usual_ones() -> Result<()> {
    for program in PROGRAMS {
        let page = read(program.name)?;
        let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix(".Sh ")).collect();
        let options = !options_of_page(&page).is_empty();
        let variables = !variables_of_page(&page).is_empty();
        let expected = SECTIONS.into_iter().filter(|section| match *section {
            "OPTIONS" => options,
            "ENVIRONMENT" => variables,
            "DIAGNOSTICS" => program.name == "pid1",
            _ => true,
        });
        same(sections, expected.collect()).with_context(|| program.name)?;
    }
    Ok(())
}

/// Each is of this version, says who it is, and refers to pages that are there.
pub(crate) fn headers_and_references_are_right() -> Result<()> {
    for program in PROGRAMS {
        let page = read(program.name)?;
        let title = format!(".Dt {} 1", program.name.to_uppercase());
        let version = concat!(".Os mote ", env!("CARGO_PKG_VERSION"));
        for line in [title.as_str(), version] {
            ensure!(page.lines().any(|there| there == line), "man/{}.1 has no line {line:?}", program.name);
        }
        for reference in page.lines().filter_map(|line| line.strip_prefix(".Xr ")) {
            let mut words = reference.split(' ');
            if let (Some(name), Some("1")) = (words.next(), words.next()) {
                ensure!(path(name).is_file(), "man/{}.1 refers to {name}(1)", program.name);
            }
        }
    }
    Ok(())
}

/// `mandoc` has nothing to say against them.
pub(crate) fn mandoc_finds_no_fault() -> Result<()> {
    let mandoc = require::tool("mandoc", "mandoc")?;
    for program in PROGRAMS {
        let output =
            Command::new(&mandoc).args(["-T", "lint", "-W", "style"]).arg(path(program.name)).output()?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said)?;
        let faults: Vec<&str> =
            said.lines().filter(|line| !NO_MATTER.iter().any(|known| line.contains(known))).collect();
        ensure!(faults.is_empty(), "{}", faults.join("\n"));
        // What readers see names the program and what it is of.
        let text = command::stdout(Command::new(&mandoc).args(["-T", "ascii"]).arg(path(program.name)))?;
        ensure!(text.contains(concat!("mote ", env!("CARGO_PKG_VERSION"))), "{text}");
    }
    Ok(())
}
