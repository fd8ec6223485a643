//! Words that the shipped source, the pages and the examples do not contain: `words.txt` lists them.

use std::{fs, io::Write, path::Path, process::Command};

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::{process, source::Source};

/// Checked parts of the tree, as pathspecs of Git. One that matches no file is no error.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "rt", "init", "user", "cli", "pid1", "pause", "hello", "compat", "linker",
    "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/*.md", "man", "examples",
    ":!init/tests", ":!*LICENSE*", ":!*.svg",
];

/// A phrase of the list, and what to write instead.
type Entry<'a> = (&'a str, &'a str);

/// Prints each listed phrase in the checked parts of the tree at `root`, with its file and line. Skipped without a
/// Git repository.
pub(super) fn check(root: &Path, sink: &mut dyn Write) -> Result<Tally> {
    if Source::of(root).is_none() {
        writeln!(sink, "warning: no words are checked: Git reads no repository in {}", root.display())?;
        return Ok(Tally { skipped: 1, ..Tally::default() });
    }
    let list = entries(include_str!("words.txt"))?;
    let files =
        process::stdout(Command::new("git").arg("-C").arg(root).args(["ls-files", "-z", "--"]).args(PARTS))?;
    let mut passed = true;
    // Git also lists a file whose removal is not staged yet.
    for file in files.split_terminator('\0').filter(|file| root.join(file).is_file()) {
        let text = fs::read(root.join(file)).with_context(|| format!("can't read {file}"))?;
        for (line, (phrase, instead)) in hits(&list, &String::from_utf8_lossy(&text)) {
            writeln!(sink, "{file}:{line}: \"{phrase}\": write {instead}")?;
            passed = false;
        }
    }
    writeln!(sink, "words: {}", if passed { "ok" } else { "FAILED; the list is xtask/src/test/words.txt" })?;
    Ok(Tally::one(passed))
}

/// Parses the list: lines of `PHRASE = INSTEAD`, blank lines and comments.
fn entries(list: &str) -> Result<Vec<Entry<'_>>> {
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once(" = ").with_context(|| format!("no ` = ` in {line:?}"))).collect()
}

/// Returns the entries that `text` contains, each with the line on which it begins.
fn hits<'a>(list: &[Entry<'a>], text: &str) -> Vec<(usize, Entry<'a>)> {
    let text = words(text);
    let mut hits = Vec::new();
    for &entry in list {
        let phrase = words(entry.0);
        let is_phrase =
            |at: &[(usize, String)]| at.iter().map(|(_, word)| word).eq(phrase.iter().map(|(_, word)| word));
        hits.extend(text.windows(phrase.len()).filter(|at| is_phrase(at)).map(|at| (at[0].0, entry)));
    }
    hits.sort_by_key(|&(line, _)| line);
    hits
}

/// Splits `text` into words in lower case, each with the number of its line. A character of punctuation is a word of
/// its own, an empty line is an empty word, and what opens a line of a comment is left out.
fn words(text: &str) -> Vec<(usize, String)> {
    let mut words = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line.trim_start().trim_start_matches(['/', '!', '*', '#']).trim();
        if rest.is_empty() {
            words.push((number, String::new()));
        }
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end.max(first.len_utf8()));
            words.push((number, word.to_lowercase()));
            rest = tail.trim_start();
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of `text` with a phrase of a short list.
    fn lines(text: &str) -> Vec<usize> {
        let list = entries("# A comment.\n\nfolder = directory\nprocess 1 = PID 1\n").unwrap_or_default();
        hits(&list, text).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn a_phrase_is_found_inside_a_line_in_any_case() {
        assert_eq!(lines("a\nthe Folder's owner, `folder`\n.Pa folder\nas PROCESS  1."), [2, 2, 3, 4]);
    }

    #[test]
    fn a_phrase_is_found_across_lines_of_a_comment() {
        for prefix in ["///", "    //!", "//", " *", "#", ""] {
            assert_eq!(lines(&format!("{prefix} is\n{prefix} process\n{prefix} 1 here")), [2], "{prefix}");
        }
    }

    #[test]
    fn a_phrase_is_not_found_inside_another_word_or_across_paragraphs() {
        assert_eq!(lines("folders subfolder w_folder folder2 process 10 process: 1 preprocess 1"), [0; 0]);
        assert_eq!(lines("/// process\n///\n/// 1"), [0; 0]);
    }

    #[test]
    fn the_list_parses_and_has_no_duplicates() -> Result<()> {
        let list = entries(include_str!("words.txt"))?;
        for (phrase, instead) in &list {
            assert_eq!(hits(&list, phrase).len(), 1, "{phrase}");
            assert!(!instead.is_empty() && hits(&list, instead).is_empty(), "{phrase}");
        }
        assert!(!list.is_empty() && entries("folder").is_err());
        Ok(())
    }
}
