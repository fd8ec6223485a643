//! `cargo xtask verify`: rebuilds published files from this tree and compares their checksums.
//!
//! A checksum alone shows that a download is the published file. A rebuild shows that the published file comes from the
//! source.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    compile::Workshop,
    dist::{self, Content},
    exit::CannotStart,
    platform::PLATFORMS,
    program::PROGRAMS,
    record::{Origin, RECORD, SUMS, sha256},
    release,
    source::{self, Source},
    toolchain::{self, Toolchain},
    workspace,
};

/// Checksums by name.
type Sums = BTreeMap<String, String>;

/// The part of `build.json` that a rebuild needs.
#[derive(Debug, Deserialize)]
struct Recorded {
    source: Option<Source>,
    compiler: String,
    linker: String,
    date: u64,
    files: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    platform: String,
    program: String,
}

/// Rebuilds the files that `list` names, a `SHA256SUMS` or its directory, and prints a line for each. Returns true if
/// this source gives all of them.
///
/// # Errors
/// [`CannotStart`] if `list` or the `build.json` beside it can't be read, or if this source, compiler or linker is not
/// the recorded one; a failed build.
pub fn run(list: &Path) -> Result<bool> {
    let list = if list.is_dir() { list.join(SUMS) } else { list.to_owned() };
    let directory = list.parent().unwrap_or(Path::new(""));
    let record = directory.join(RECORD);
    let mut published = parse(&list)?;
    let recorded = parse_record(&record)?;
    published.insert(RECORD.to_owned(), sum(RECORD, &fs::read(record)?)?);
    let rebuilt = rebuild(&recorded, published.keys().any(|name| name.ends_with(".deb")))?;
    let mut differing = 0;
    for (name, listed) in &published {
        let file = directory.join(name);
        let here =
            if file.exists() { Some(sum(name, &fs::read(&file).context(name.clone())?)?) } else { None };
        match judge(listed, rebuilt.get(name), here.as_ref()) {
            Ok(()) => println!("equal    {name}"),
            Err(reason) => {
                differing += 1;
                println!("differs  {name}: {reason:#}");
            }
        }
    }
    println!("{} equal, {differing} differing", published.len() - differing);
    Ok(differing == 0)
}

fn read(file: &Path) -> Result<String> {
    let read = fs::read_to_string(file);
    read.map_err(|error| CannotStart(format!("can't read {}: {error}", file.display())).into())
}

/// Parses lines as `sha256sum` writes them.
fn parse(list: &Path) -> Result<Sums> {
    let entry = |line: &str| {
        let (sum, name) = line.split_once("  ").filter(|(sum, _)| sum.len() == 64)?;
        Some((name.to_owned(), sum.to_owned()))
    };
    let sums: Option<Sums> = read(list)?.lines().map(entry).collect();
    let wrong = || format!("{} is no list of SHA-256 checksums: download it again", list.display());
    Ok(sums.filter(|sums| !sums.is_empty()).ok_or_else(|| CannotStart(wrong()))?)
}

fn parse_record(file: &Path) -> Result<Recorded> {
    let parsed = serde_json::from_str(&read(file)?);
    parsed.map_err(|error| CannotStart(format!("{} is no record of a build: {error}", file.display())).into())
}

/// Returns the checksum of a file; that of `build.json` without the origin of the compiler, which changes no other file.
fn sum(name: &str, bytes: &[u8]) -> Result<String> {
    if name != RECORD {
        return Ok(sha256(bytes));
    }
    let mut record: Value = serde_json::from_slice(bytes)?;
    record.as_object_mut().context("build.json is no object")?.remove("route");
    Ok(sha256(record.to_string().as_bytes()))
}

/// Compares the checksum of a published file with those of the rebuilt file and of the downloaded file, if there is one.
fn judge(published: &String, rebuilt: Option<&String>, here: Option<&String>) -> Result<()> {
    let rebuilt = rebuilt.context("this source gives no file of this name")?;
    ensure!(rebuilt == published, "this source gives {rebuilt}, and {SUMS} lists {published}");
    ensure!(here.is_none_or(|here| here == published), "the file is not the listed one: download it again");
    Ok(())
}

/// Builds the recorded files in a temporary directory, and `all` files of a release with them. Returns their checksums
/// under their names in `dist/` and in a release.
fn rebuild(recorded: &Recorded, all: bool) -> Result<Sums> {
    let is_platform = |name: &str| recorded.files.iter().any(|file| file.platform == name);
    let is_program = |name: &str| recorded.files.iter().any(|file| file.program == name);
    let platforms: Vec<_> = PLATFORMS.iter().filter(|platform| is_platform(platform.docker)).collect();
    let programs: Vec<_> = PROGRAMS.iter().filter(|program| is_program(program.name)).collect();
    let root = workspace::root();
    let own = Source::of(&root);
    let date = if own.is_some() { source::date(&root)? } else { recorded.date };
    // A tree without a repository has the recorded commit, or its files differ.
    let source = own.or_else(|| recorded.source.clone());
    same_source(recorded, source.as_ref())?;
    let toolchain = toolchain::resolve_recorded(Some((&recorded.compiler, &recorded.linker)))?;
    same_toolchain(recorded, &toolchain)?;

    let scratch = tempfile::Builder::new().prefix("mote-verify-").tempdir()?;
    let commit = source.as_ref().map(|source| source.commit.clone());
    let workshop = Workshop { toolchain: &toolchain, target_dir: scratch.path().to_owned(), commit };
    let files = dist::build(&workshop, &platforms, &programs)?;
    let content = Content::of(Origin { toolchain: &toolchain, source: source.as_ref(), date }, files)?;
    let further = if all { release::outputs(&content)? } else { Vec::new() };
    let mut sums = Sums::from([(RECORD.to_owned(), sum(RECORD, &content.record)?)]);
    for output in content.outputs.iter().chain(&further) {
        let names = [release::name(&output.path), output.path.clone()];
        sums.extend(names.map(|name| (name, sha256(&output.bytes))));
    }
    Ok(sums)
}

fn same_source(recorded: &Recorded, own: Option<&Source>) -> Result<()> {
    match (&recorded.source, own) {
        (Some(theirs), Some(own)) if theirs.commit != own.commit => bail!(CannotStart(format!(
            "the files are from commit {}, and this is {}; run: git checkout {}",
            theirs.commit, own.commit, theirs.commit
        ))),
        (Some(theirs), Some(own)) if own.modified && !theirs.modified => {
            bail!(CannotStart(
                "this tree differs from its commit; run: git stash --include-untracked".to_owned()
            ))
        }
        _ => Ok(()),
    }
}

/// Other bytes from another compiler or linker would prove nothing.
fn same_toolchain(recorded: &Recorded, toolchain: &Toolchain) -> Result<()> {
    let theirs = [&recorded.compiler, &recorded.linker];
    let ours = [&toolchain.compiler.version, &toolchain.linker.version];
    if theirs == ours {
        return Ok(());
    }
    let number = recorded.compiler.split(' ').nth(1).unwrap_or("VERSION");
    let remedy = if recorded.compiler.contains("built from a source tarball") {
        format!("install a distribution's Rust {number} with its rust-src")
    } else {
        format!("run: rustup toolchain install {number} && cargo +{number} xtask verify FILE")
    };
    let [[their_compiler, their_linker], [compiler, linker]] = [theirs, ours];
    bail!(CannotStart(format!(
        "the files were built with {their_compiler} and {their_linker}, and here are {compiler} and {linker}; {remedy}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(commit: &str, modified: bool) -> Recorded {
        let source = Some(Source { commit: commit.to_owned(), modified });
        let [compiler, linker] = ["rustc 1.96.0 (abc)", "LLD 22"].map(str::to_owned);
        Recorded { source, compiler, linker, date: 0, files: Vec::new() }
    }

    #[test]
    fn another_commit_or_a_modified_tree_is_refused_with_the_remedy() {
        let refusal = |theirs: &Recorded, own| {
            let result = same_source(theirs, Some(&own));
            result.map_or_else(|error| error.to_string(), |()| String::new())
        };
        let own = |modified| Source { commit: "b".to_owned(), modified };
        assert_eq!(refusal(&recorded("b", false), own(false)), "");
        assert_eq!(refusal(&recorded("b", true), own(true)), "");
        assert!(refusal(&recorded("a", false), own(false)).ends_with("; run: git checkout a"));
        assert!(refusal(&recorded("b", false), own(true)).contains("git stash"));
    }
}
