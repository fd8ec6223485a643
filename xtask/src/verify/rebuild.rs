//! Making the files anew.

use std::{collections::HashMap, path::Path};

use anyhow::Result;

use super::published::{Published, Recorded, sum_of};
use crate::{
    compile::Workshop,
    dist::{self, Content},
    platform::Platform,
    program::Program,
    record::{Origin, RECORD},
    release,
    source::{self, Source},
    toolchain::{self, Toolchain},
    workspace,
};

/// What this source gives.
pub(super) struct Rebuilt {
    sums: HashMap<String, String>,
    /// Source, compiler and linker, in words.
    pub(super) made_with: String,
    /// In what that differs from what is recorded.
    pub(super) obstacles: Vec<String>,
}

impl Rebuilt {
    /// The checksum of a file, under its name in `dist/` or in a release.
    pub(super) fn sum(&self, name: &str) -> Option<&str> {
        self.sums.get(name).map(String::as_str)
    }
}

/// Builds `programs` for `platforms` in the folder `scratch`, as `set` was built if that can be known.
pub(super) fn rebuild(
    set: &Published,
    platforms: &[&'static Platform],
    programs: &[&'static Program],
    scratch: &Path,
) -> Result<Rebuilt> {
    let recorded = set.recorded.as_ref();
    let versions = recorded.map(|recorded| (recorded.compiler.as_str(), recorded.linker.as_str()));
    let toolchain = toolchain::resolve_recorded(platforms, versions)?;
    let root = workspace::root();
    // Where the source is no repository, only the record knows the commit.
    let own = Source::of(&root);
    let source = own.clone().or_else(|| recorded?.source.clone());
    let date = match recorded {
        Some(recorded) if own.is_none() => recorded.date,
        _ => source::date(&root)?,
    };
    let commit = source::commit(&root).or_else(|| Some(source.as_ref()?.commit.clone()));
    let workshop = Workshop { toolchain: &toolchain, folder: scratch.to_owned(), commit };
    let files = dist::build(&workshop, platforms, programs)?;
    let content = Content::of(Origin { toolchain: &toolchain, source: source.as_ref(), date }, files)?;
    let mut sums = HashMap::from([(RECORD.to_owned(), sum_of(RECORD, &content.record)?)]);
    let further = if set.is_release() { release::further(&content)? } else { Vec::new() };
    for output in content.outputs.iter().chain(&further) {
        let sum = sum_of(&output.path, &output.bytes)?;
        sums.insert(release::name(&output.path), sum.clone());
        sums.insert(output.path.clone(), sum);
    }
    let obstacles = recorded.map_or_else(Vec::new, |recorded| obstacles(recorded, &toolchain, own.as_ref()));
    Ok(Rebuilt { sums, made_with: made_with(&toolchain, source.as_ref()), obstacles })
}

fn made_with(toolchain: &Toolchain, source: Option<&Source>) -> String {
    let source = match source {
        None => "sources of no known commit".to_owned(),
        Some(Source { commit, modified: false }) => format!("commit {commit}"),
        Some(Source { commit, modified: true }) => format!("commit {commit} with changes"),
    };
    format!("{source} with {} and {}", toolchain.compiler.version, toolchain.linker.version)
}

/// What keeps this source and toolchain from giving the bytes that were recorded, each with what would help.
fn obstacles(recorded: &Recorded, toolchain: &Toolchain, own: Option<&Source>) -> Vec<String> {
    let mut found = Vec::new();
    if let (Some(theirs), Some(own)) = (&recorded.source, own) {
        if theirs.commit != own.commit {
            let (theirs, own) = (&theirs.commit, &own.commit);
            found.push(format!("they are of commit {theirs} and this is {own}; run: git checkout {theirs}"));
        }
        if theirs.modified && !own.modified {
            found.push("they were built from a tree that differed from its commit".to_owned());
        }
        if own.modified && !theirs.modified {
            found.push("this tree differs from its commit; run: git stash --include-untracked".to_owned());
        }
    }
    let (theirs, ours) = (&recorded.compiler, &toolchain.compiler.version);
    if theirs != ours {
        found.push(format!("they were compiled by {theirs} and here is {ours}; {}", remedy(theirs)));
    }
    let (theirs, ours) = (&recorded.linker, &toolchain.linker.version);
    if theirs != ours {
        found.push(format!("they were linked by {theirs} and here is {ours}, which comes with the compiler"));
    }
    found
}

/// How to come by a compiler of this version.
fn remedy(version: &str) -> String {
    let number = version.split(' ').nth(1).unwrap_or("VERSION");
    if version.contains("built from a source tarball") {
        format!(
            "it is a distribution's Rust {number}, to be had with its rust-src from where that is packaged"
        )
    } else {
        format!("run: rustup toolchain install {number} && cargo +{number} xtask verify FILE...")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::{Compiler, Linker, Route};

    fn toolchain(compiler: &str, linker: &str) -> Toolchain {
        let compiler = Compiler {
            rustc: "rustc".into(),
            cargo: "cargo".into(),
            sysroot: "/usr".into(),
            version: compiler.to_owned(),
            host: "x86_64-unknown-linux-gnu".to_owned(),
            llvm: None,
        };
        let linker = Linker { path: "ld.lld".into(), version: linker.to_owned() };
        Toolchain { route: Route::Installed, compiler, linker, targets: Vec::new() }
    }

    fn source(commit: &str, modified: bool) -> Source {
        Source { commit: commit.to_owned(), modified }
    }

    #[test]
    fn another_toolchain_is_told_with_its_remedy() {
        let recorded = |compiler: &str, linker: &str| Recorded {
            source: None,
            compiler: compiler.to_owned(),
            linker: linker.to_owned(),
            date: 0,
        };
        let ours = toolchain("rustc 1.96.0 (abc)", "LLD 22");
        assert_eq!(obstacles(&recorded("rustc 1.96.0 (abc)", "LLD 22"), &ours, None), [""; 0]);
        let told = obstacles(&recorded("rustc 1.97.1 (def)", "LLD 23"), &ours, None).join("; ");
        for part in [
            "by rustc 1.97.1 (def) and here is rustc 1.96.0 (abc)",
            "cargo +1.97.1 xtask verify",
            "by LLD 23",
        ] {
            assert!(told.contains(part), "{told}");
        }
        let told = obstacles(&recorded("rustc 1.96.0 (built from a source tarball)", "LLD 22"), &ours, None);
        assert!(told[0].contains("a distribution's Rust 1.96.0"), "{told:?}");
    }

    #[test]
    fn another_source_is_told_with_its_remedy() {
        let ours = toolchain("rustc", "LLD");
        let told = |theirs: Source, own: Source| {
            let recorded = Recorded {
                source: Some(theirs),
                compiler: "rustc".to_owned(),
                linker: "LLD".to_owned(),
                date: 0,
            };
            obstacles(&recorded, &ours, Some(&own)).join("; ")
        };
        assert_eq!(told(source("a", false), source("a", false)), "");
        assert_eq!(told(source("a", true), source("a", true)), "");
        assert!(told(source("a", false), source("b", false)).contains("git checkout a"));
        assert!(told(source("a", false), source("a", true)).contains("git stash"));
        assert!(told(source("a", true), source("a", false)).contains("differed from its commit"));
    }
}
