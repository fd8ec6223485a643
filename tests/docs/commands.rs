//! The commands that readers are told to run.
//!
//! Above each fenced block of a page stands a comment that says how it is known to be right:
//!
//! - `<!-- run -->`: it is run here, in a copy of the tree with its `dist`, and must succeed.
//! - `<!-- prints -->`: this is what the block before it prints, which is run.
//! - `<!-- tested by: TEST, TEST -->`: tests that do the same.
//! - `<!-- as in: FILE -->`: each of its lines stands in this file, which tests use.
//! - `<!-- needs: SOMETHING -->`: nobody runs it, for want of something that an automated build has not.
//!
//! A block of plain `text` needs none. In comments of other files, commands are what is indented by four blanks or
//! more, and the line behind them says `Tested by:` or `Needs:`.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::workspace_files;
use xtask::workspace;

use crate::page::{self, Block, Page};
use crate::trials;

/// What an automated build has not.
const LACKING: [&str; 6] = [
    "a registry",
    "a cluster",
    "the network",
    "an image of yours",
    "buildx",
    "a component from rustup's servers",
];

/// How a block is known to be right.
pub(crate) enum Proof {
    Run,
    Prints,
    TestedBy(Vec<String>),
    AsIn(String),
    Needs(String),
}

impl Proof {
    /// None if the comment is about something else.
    fn parse(comment: &str) -> Option<Self> {
        let (kind, rest) = comment.split_once(':').unwrap_or((comment, ""));
        let rest = rest.trim();
        Some(match kind.to_lowercase().as_str() {
            "run" => Self::Run,
            "prints" => Self::Prints,
            "tested by" => Self::TestedBy(rest.split(", ").map(str::to_owned).collect()),
            "as in" => Self::AsIn(rest.to_owned()),
            "needs" => Self::Needs(rest.to_owned()),
            _ => return None,
        })
    }

    fn check(&self, text: &str) -> Result<()> {
        match self {
            Self::Run | Self::Prints => Ok(()),
            Self::TestedBy(names) => names.iter().try_for_each(|name| trials::exists(name)),
            Self::AsIn(file) => stands_in(text, file),
            Self::Needs(what) => {
                ensure!(LACKING.contains(&what.as_str()), "{what:?} is none of {LACKING:?}");
                Ok(())
            }
        }
    }
}

impl Block {
    pub(crate) fn proofs(&self) -> Vec<Proof> {
        self.comments.iter().filter_map(|comment| Proof::parse(comment)).collect()
    }
}

/// Whether every line of `text` is one of the file's, apart from blanks and comments.
fn stands_in(text: &str, file: &str) -> Result<()> {
    let whole = fs::read_to_string(workspace::root().join(file)).context(file.to_owned())?;
    let command = |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    let lines: Vec<String> = whole.lines().map(command).collect();
    for line in text.lines().map(command).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        ensure!(lines.contains(&line), "{file} has no line {line:?}");
    }
    Ok(())
}

/// In pages.
pub(crate) fn blocks_are_accounted_for() -> Result<()> {
    let mut wrong = Vec::new();
    for page in page::all()? {
        for block in page.blocks().iter().filter(|block| block.language != "text") {
            let proofs = block.proofs();
            if proofs.is_empty() {
                wrong.push(format!("{}: nothing above it says how it is tested", block.place));
            }
            for proof in proofs {
                wrong.extend(
                    proof.check(&block.text).err().map(|error| format!("{}: {error:#}", block.place)),
                );
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// In comments of the files that are no pages.
pub(crate) fn comments_are_accounted_for() -> Result<()> {
    let mut wrong = Vec::new();
    for path in workspace_files::list()? {
        let is_example = path.starts_with("examples/") || path.contains("Dockerfile");
        if is_example && !path.ends_with(".md") {
            let text = fs::read_to_string(workspace::root().join(&path))?;
            wrong.extend(comment_is_accounted_for(&text).err().map(|error| format!("{path}: {error:#}")));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn comment_is_accounted_for(text: &str) -> Result<()> {
    let mut commands = String::new();
    for line in text.lines() {
        let comment = line.strip_prefix('#').unwrap_or_default();
        if comment.starts_with("    ") {
            commands += comment.trim();
            commands.push('\n');
        } else if !comment.is_empty() || !line.starts_with('#') {
            if let Some(proof) = Proof::parse(comment.trim()) {
                proof.check(&commands)?;
                commands.clear();
            }
            ensure!(commands.is_empty(), "nothing below them says how these are tested:\n{commands}");
        }
    }
    Ok(())
}

/// The README has two commands for a fresh machine. The second one is what an automated build runs on such a machine.
pub(crate) fn second_command_is_run() -> Result<()> {
    let readme = Page::read("README.md")?;
    let first = readme.blocks().into_iter().next().context("no block")?;
    let second = first.text.lines().nth(1).context("no second command")?;
    ensure!(second.starts_with("cargo xtask test "), "{second}");
    stands_in(second, ".ci/run")
}
