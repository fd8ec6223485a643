//! Commands on pages.
//!
//! A comment above each fenced block of a page names its proof:
//!
//! - `<!-- run -->`: the block is run here, in a copy of the tree with its `dist`, and must succeed.
//! - `<!-- prints -->`: the block is the output of the preceding block, which is run.
//! - `<!-- tested by: TEST, TEST -->`: these tests do the same.
//! - `<!-- as in: FILE -->`: each line of the block is in this file, which tests use.
//! - `<!-- needs: SOMETHING -->`: no test runs the block, because an automated build lacks something.
//!
//! A block of `text` needs no proof. In manual pages, a roff comment names it. In comments of other files, commands are
//! indented by four blanks or more, and the next line says `Tested by:` or `Needs:`.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::workspace_files;
use xtask::workspace;

use crate::page::{self, Block, Page};
use crate::trials::Trials;

/// Things that an automated build lacks.
const LACKING: [&str; 6] = [
    "a registry",
    "a cluster",
    "the network",
    "an image of yours",
    "buildx",
    "a component from rustup's servers",
];

/// The proof of a block.
pub(crate) enum Proof {
    Run,
    Prints,
    TestedBy(Vec<String>),
    AsIn(String),
    Needs(String),
}

impl Proof {
    /// Returns `None` if the comment has another subject.
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

    fn check(&self, text: &str, trials: &Trials) -> Result<()> {
        match self {
            Self::Run | Self::Prints => Ok(()),
            Self::TestedBy(names) => names.iter().try_for_each(|name| trials.has(name)),
            Self::AsIn(file) => is_in(text, file),
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

/// Checks that the file has every line of `text`, except for blanks and comments.
fn is_in(text: &str, file: &str) -> Result<()> {
    let whole = fs::read_to_string(workspace::root().join(file)).context(file.to_owned())?;
    let command = |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    let lines: Vec<String> = whole.lines().map(command).collect();
    for line in text.lines().map(command).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        ensure!(lines.contains(&line), "{file} has no line {line:?}");
    }
    Ok(())
}

/// Every block on a page has a proof.
pub(crate) fn blocks_are_accounted_for() -> Result<()> {
    let (trials, mut wrong) = (Trials::get()?, Vec::new());
    for page in page::all()? {
        for block in page.blocks().iter().filter(|block| block.language != "text") {
            let proofs = block.proofs();
            if proofs.is_empty() {
                wrong.push(format!("{}: no comment above it names its proof", block.place));
            }
            for proof in proofs {
                wrong.extend(
                    proof.check(&block.text, trials).err().map(|error| format!("{}: {error:#}", block.place)),
                );
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Every command in a comment of another file has a proof.
pub(crate) fn comments_are_accounted_for() -> Result<()> {
    let (trials, mut wrong) = (Trials::get()?, Vec::new());
    for path in workspace_files::list()? {
        let is_example = path.starts_with("examples/") || path.contains("Dockerfile");
        if is_example && !path.ends_with(".md") {
            let text = fs::read_to_string(workspace::root().join(&path))?;
            wrong.extend(
                comment_is_accounted_for(&text, trials).err().map(|error| format!("{path}: {error:#}")),
            );
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn comment_is_accounted_for(text: &str, trials: &Trials) -> Result<()> {
    let mut commands = String::new();
    for line in text.lines() {
        let comment = line.strip_prefix('#').unwrap_or_default();
        if comment.starts_with("    ") {
            commands += comment.trim();
            commands.push('\n');
        } else if !comment.is_empty() || !line.starts_with('#') {
            if let Some(proof) = Proof::parse(comment.trim()) {
                proof.check(&commands, trials)?;
                commands.clear();
            }
            ensure!(commands.is_empty(), "no comment below these commands names their proof:\n{commands}");
        }
    }
    Ok(())
}

/// Every example of a manual page has a proof in the line above it.
pub(crate) fn manual_examples_are_accounted_for() -> Result<()> {
    let (trials, mut wrong) = (Trials::get()?, Vec::new());
    for path in workspace_files::list()?.into_iter().filter(|path| path.starts_with("man/")) {
        let text = fs::read_to_string(workspace::root().join(&path))?;
        let (_, examples) =
            text.split_once(".Sh EXAMPLES\n").with_context(|| format!("{path} has no example"))?;
        let lines: Vec<&str> = examples.lines().collect();
        for pair in lines.windows(2) {
            let [above, example] = pair else { continue };
            if example.starts_with(".Dl ") || example.starts_with(".Bd ") {
                let proof = above.strip_prefix(".\\\" ").and_then(Proof::parse);
                let judged = proof
                    .context("no comment above it names its proof")
                    .and_then(|proof| proof.check(example, trials));
                wrong.extend(judged.err().map(|error| format!("{path}: {example}: {error:#}")));
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// An automated build runs the second of the README's two commands for a fresh machine.
pub(crate) fn second_command_is_run() -> Result<()> {
    let readme = Page::read("README.md")?;
    let first = readme.blocks().into_iter().next().context("no block")?;
    let second = first.text.lines().nth(1).context("no second command")?;
    ensure!(second.starts_with("cargo xtask test "), "{second}");
    is_in(second, ".ci/run")
}
