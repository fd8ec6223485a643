//! Random command lines, compared with a model that takes whole arguments.

extern crate std;

use std::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use proptest::{
    collection::vec,
    prelude::{any, prop_oneof},
    prop_assert_eq,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::tests::parse;

/// The number of random command lines.
const LINES: u32 = 4000;

/// The options that take a value.
const VALUED: &str = "ep";

#[test]
fn random_command_lines_are_parsed_as_by_the_model() {
    // Few letters, so that special ones occur, and occur together.
    let word = prop_oneof![
        "-[-svep=]{0,4}",
        "-[svep]{1,3}",
        "--[ep]",
        "--",
        "[-svep]{0,3}",
        "[a-z]{1,40}",
        "\\PC{0,4}"
    ];
    let config = Config { cases: LINES, failure_persistence: None, ..Config::default() };
    // The same command lines every time.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&(vec(word, 0..8), any::<bool>()), |(words, permutes)| {
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let line: Vec<_> = ["x"].into_iter().chain(words.iter().copied()).collect();
        prop_assert_eq!(parse(&line, permutes, VALUED), model(&words, permutes));
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// Returns the options and the operands of the arguments behind the program's name, written as by [`parse`].
fn model(words: &[&str], permutes: bool) -> (String, Option<Vec<String>>) {
    let (mut taken, mut operands) = (String::new(), Vec::new());
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            operands.push(word);
            if permutes {
                continue;
            }
            break;
        };
        if let Some(long) = letters.strip_prefix('-') {
            taken.push_str(&format!("-({long})"));
            if long.len() == 1 && VALUED.contains(long) {
                taken.push_str(&format!("({})", words.next().unwrap_or("nothing")));
            }
            continue;
        }
        let valued = letters.bytes().position(|letter| VALUED.as_bytes().contains(&letter));
        taken.extend(letters.bytes().take(valued.map_or(letters.len(), |at| at + 1)).map(char::from));
        if let Some(at) = valued {
            let rest = Some(&letters[at + 1..]).filter(|rest| !rest.is_empty());
            taken.push_str(&format!("({})", rest.or_else(|| words.next()).unwrap_or("nothing")));
        }
    }
    operands.extend(words);
    let operands = (!operands.is_empty()).then(|| operands.iter().map(ToString::to_string).collect());
    (taken, operands)
}
