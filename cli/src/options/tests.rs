//! Command lines, and the options and operands in them.

extern crate std;

use std::{
    boxed::Box,
    ffi::CString,
    format,
    string::{String, ToString},
    vec::Vec,
};

use mote_rt::{Args, ThinCStr};

use super::{Opt, Options};

/// Returns the options that are taken, and the operands. `valued` are the letters and the names of one letter that take
/// a value. A letter is written as it is, a long option as `-(name)` or `-(name=value)`, a taken value in parentheses.
pub(super) fn parse(line: &[&str], permutes: bool, valued: &str) -> (String, Option<Vec<String>>) {
    if permutes { parse_all::<true>(line, valued) } else { parse_all::<false>(line, valued) }
}

fn parse_all<const PERMUTES: bool>(line: &[&str], valued: &str) -> (String, Option<Vec<String>>) {
    let mut options = Options::<PERMUTES>::new(args(line));
    let mut taken = String::new();
    while let Some(option) = options.take() {
        let takes_value = match option {
            Opt::Short(letter) => {
                taken.push(letter.into());
                valued.as_bytes().contains(&letter)
            }
            Opt::Long(long) => {
                let long = text(long);
                taken.push_str(&format!("-({long})"));
                long.len() == 1 && valued.contains(&long)
            }
        };
        if takes_value {
            taken.push_str(&format!("({})", options.value().map_or("nothing".into(), text)));
        }
    }
    (taken, options.into_command().map(|command| command.strings().map(text).collect()))
}

fn args(line: &[&str]) -> Args {
    let mut slots: Vec<Option<ThinCStr<'static>>> = line.iter().map(|word| Some(leak(word))).collect();
    slots.push(None);
    Args::new(slots.leak())
}

fn leak(word: &str) -> ThinCStr<'static> {
    let word = CString::new(word).expect("no NUL").into_boxed_c_str();
    ThinCStr::from(&*Box::leak(word))
}

fn text(string: ThinCStr<'_>) -> String {
    String::from_utf8_lossy(string.to_bytes()).into()
}

fn check(line: &[&str], permutes: bool, taken: &str, operands: &[&str]) {
    let operands: Vec<String> = operands.iter().map(ToString::to_string).collect();
    let expected = (taken.into(), (!operands.is_empty()).then_some(operands));
    assert_eq!(parse(line, permutes, "ep"), expected, "{line:?}");
}

#[test]
fn short_options_cluster_and_values_are_attached_or_follow() {
    check(&["x", "-sv", "-e5", "-ge", "6", "a"], true, "sve(5)ge(6)", &["a"]);
    check(&["x", "-e", "--", "-p", "-1", "-"], true, "e(--)p(-1)", &["-"]);
    check(&["x", "-e"], true, "e(nothing)", &[]);
    check(&["x", "", "-s"], true, "s", &[""]);
}

#[test]
fn a_dash_in_a_cluster_is_an_option() {
    check(&["x", "-s-v", "a"], true, "s-v", &["a"]);
    check(&["x", "-s-", "--", "a"], true, "s-", &["a"]);
    check(&["x", "-e-", "a"], true, "e(-)", &["a"]);
}

#[test]
fn options_behind_operands_are_taken_only_with_permutation() {
    check(&["x", "-s", "echo", "-v", "a", "-s", "b"], true, "svs", &["echo", "a", "b"]);
    check(&["x", "-s", "echo", "-v", "a"], false, "s", &["echo", "-v", "a"]);
}

#[test]
fn two_dashes_end_the_options_and_are_removed() {
    check(&["x", "-s", "echo", "a", "--", "-v"], true, "s", &["echo", "a", "-v"]);
    check(&["x", "-s", "--", "echo", "-v", "--", "a"], true, "s", &["echo", "-v", "--", "a"]);
    check(&["x", "--", "--"], false, "", &["--"]);
    check(&["x", "echo", "--", "a"], false, "", &["echo", "--", "a"]);
    check(&["x", "--"], true, "", &[]);
}

#[test]
fn long_options_are_two_dashes_and_a_name() {
    check(&["x", "--version", "-s"], true, "-(version)s", &[]);
    check(&["x", "--a=b", "--", "c"], false, "-(a=b)", &["c"]);
    check(&["x", "--a=", "--=b=c", "d"], false, "-(a=)-(=b=c)", &["d"]);
    check(&["x", "--e", "5", "--e=6", "d"], false, "-(e)(5)-(e=6)", &["d"]);
    check(&["x", "a", "--e"], true, "-(e)(nothing)", &["a"]);
}

/// Error messages name the argument as it was written.
#[test]
fn the_current_argument_is_the_one_that_contains_the_option() {
    let mut options = Options::<true>::new(args(&["x", "-sv", "--long=1", "a", "-e", "5", "--", "b"]));
    let mut seen = Vec::new();
    while options.take().is_some() {
        let current = options.current().map(text).unwrap_or_default();
        if current == "-e" {
            assert!(options.value().is_some());
        }
        seen.push(current);
    }
    assert_eq!(seen, ["-sv", "-sv", "--long=1", "-e"]);
    assert_eq!(options.current().map(text).as_deref(), Some("--"));
}

#[test]
fn there_may_be_no_arguments() {
    check(&["x"], true, "", &[]);
    check(&[], true, "", &[]);
    check(&["x"], false, "", &[]);
    check(&[], false, "", &[]);
}
