//! Random command lines, and a model that takes them apart a whole word at a time.

extern crate std;

use std::{
    boxed::Box,
    ffi::CString,
    format,
    string::{String, ToString},
    vec::Vec,
};

use proptest::{
    collection::vec,
    prelude::{Strategy, any, prop_oneof},
    prop_assert_eq,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};

use super::tests::{options, parse, text};

/// How many lines each property is tried with.
const LINES: u32 = 2000;

/// The options that have a value.
const VALUED: &str = "ep";

#[test]
fn random_lines_mean_what_the_model_says() {
    // Words of few letters, so that all that is special comes up and together.
    let word =
        prop_oneof!["-[-svep=]{0,4}", "-[svep]{1,3}", "--", "[-svep]{0,3}", "[a-z]{1,40}", "\\PC{0,4}"];
    holds((vec(word, 0..8), any::<bool>()), |(words, permutes)| {
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let line: Vec<_> = ["x"].into_iter().chain(words.iter().copied()).collect();
        prop_assert_eq!(parse(&line, permutes, VALUED), model(&words, permutes));
        Ok(())
    });
}

#[test]
fn random_long_names_are_found_by_their_beginning() {
    let names = vec("[ab]{1,4}|[a-z]{1,12}", 0..6);
    let word = prop_oneof!["[ab]{0,4}(=[ab=]{0,3})?", "[ab]{1,2}\n[ab]?", "[a-z]{1,12}"];
    holds((names, word, any::<u16>()), |(names, word, choice)| {
        // Words made at random are seldom the beginning of a name.
        let word = match names.get(usize::from(choice % 12)) {
            Some(name) => {
                let value = word.find('=').map_or("", |at| &word[at..]);
                format!("{}{value}", &name[..usize::from(choice) % (name.len() + 1)])
            }
            None => word,
        };
        let letters = || ('A'..='Z').zip(&names);
        let list: String = letters().map(|(letter, name)| format!("{letter}{name}\n")).collect();
        let list = Box::leak(CString::new(list).expect("no zero").into_boxed_c_str());
        let mut options = options(&["x", &format!("--{word}")], false);
        // A word of dashes alone ends the options.
        prop_assert_eq!(options.take(), (!word.is_empty()).then_some(b'-'));
        if word.is_empty() {
            return Ok(());
        }
        let taken = options.take_long((&*list).into());
        let (beginning, value) = word.split_once('=').unwrap_or((&word, ""));
        let found: Vec<_> = letters().filter(|(_, name)| name.starts_with(beginning)).collect();
        match found[..] {
            [(letter, _)] => {
                prop_assert_eq!(taken, Ok(letter as u8));
                prop_assert_eq!(text(options.rest()), value);
            }
            _ => prop_assert_eq!(taken, Err(found.len() as u32)),
        }
        Ok(())
    });
}

/// What is taken from the words behind the program's name, written as by [`parse`], and what is left.
fn model(words: &[&str], permutes: bool) -> (String, Option<Vec<String>>) {
    let (mut taken, mut left) = (String::new(), Vec::new());
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            left.push(word);
            if permutes {
                continue;
            }
            break;
        };
        // A long option is one that is called `-` and has a value.
        let is_valued = |byte: &u8| *byte == b'-' || VALUED.as_bytes().contains(byte);
        let flags = letters.bytes().position(|byte| is_valued(&byte));
        taken.extend(letters.bytes().take(flags.map_or(letters.len(), |at| at + 1)).map(char::from));
        if let Some(at) = flags {
            let rest = Some(&letters[at + 1..]).filter(|rest| !rest.is_empty());
            taken.push_str(&format!("({})", rest.or_else(|| words.next()).unwrap_or("nothing")));
        }
    }
    left.extend(words);
    let left = (!left.is_empty()).then(|| left.iter().map(ToString::to_string).collect());
    (taken, left)
}

/// Tries a property, with the same inputs every time.
fn holds<S: Strategy>(inputs: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases: LINES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner.run(&inputs, property).unwrap_or_else(|error| panic!("{error}"));
}
