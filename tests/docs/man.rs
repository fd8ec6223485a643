//! The manual pages, compared with the programs' usage texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Outcome, Target, command, require};
use xtask::program::PROGRAMS;
use xtask::workspace;

/// The sections of a page, in this order. Programs without options or variables lack two, and only pid1 has messages of
/// its own.
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

/// Messages of `mandoc` about every page outside of a system, or about pages in other places.
const IGNORED: [&str; 3] =
    ["operating system explicitly specified", "referenced manual not found", "outdated mandoc.db"];

/// Options with the names of their arguments.
type Options = BTreeMap<String, Option<String>>;

fn path(program: &str) -> PathBuf {
    workspace::root().join(format!("man/{program}.1"))
}

fn read(program: &str) -> Result<String> {
    fs::read_to_string(path(program)).with_context(|| format!("man/{program}.1"))
}

/// The page and the usage text have the same options with the same arguments, and the page has all variables.
pub(crate) fn options_are_those_of_the_help(program: &'static str) -> Result<()> {
    let page = read(program)?;
    synopsis_is_whole(program, &page)?;
    let host = Target::host().context("this machine is none of the platforms")?;
    match program {
        // It ignores its arguments.
        "hello" => same(options_of_page(&page), Options::new()),
        // It has no usage text: each option is run instead. Another test checks that other options do nothing.
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

/// The synopsis has the letter of each option with its argument, unless it has a placeholder for options.
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

/// Parses a usage text. Options begin a line; the beginning of the description depends on the program.
fn options_of_help(program: &str, help: &str) -> Result<Options> {
    let mut options = Options::new();
    for line in help.lines().filter(|line| line.trim_start().starts_with('-')) {
        let options_part = match program {
            "pid1" => Some(line),
            "tini" => line.split(": ").next(),
            "dumb-init" => line.get(..19),
            "catatonit" => line.trim_start().split("  ").next(),
            other => bail!("the form of the usage text of {other} is not known"),
        };
        let words: Vec<&str> = options_part
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

/// Every page has the usual sections.
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

/// Each page has the title and version, and refers to existing pages.
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

/// `mandoc` prints no warning about a page.
pub(crate) fn mandoc_finds_no_fault() -> Result<()> {
    let mandoc = require::tool("mandoc", "mandoc")?;
    for program in PROGRAMS {
        let output =
            Command::new(&mandoc).args(["-T", "lint", "-W", "style"]).arg(path(program.name)).output()?;
        let messages = String::from_utf8([output.stdout, output.stderr].concat())?;
        let faults: Vec<&str> =
            messages.lines().filter(|line| !IGNORED.iter().any(|known| line.contains(known))).collect();
        ensure!(faults.is_empty(), "{}", faults.join("\n"));
        // The footer names the family and the version.
        let text = command::stdout(Command::new(&mandoc).args(["-T", "ascii"]).arg(path(program.name)))?;
        ensure!(text.contains(concat!("mote ", env!("CARGO_PKG_VERSION"))), "{text}");
    }
    Ok(())
}
