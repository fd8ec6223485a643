//! `cargo xtask release`: what a release's page holds, from a clean tree.
//!
//! Its files lie side by side under names that tell the platform, so that a Dockerfile's `ADD` takes them from wherever
//! they are put. Like those of `dist/` they are a pure function of the commit, the compiler and the linker.

mod deb;
mod notes;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{
    dist::{self, Content},
    exit::CannotStart,
    parts::{self, Parts},
    platform::PLATFORMS,
    program::PROGRAMS,
    record::{Output, RECORD},
    size,
    source::Source,
    workspace,
};

/// The section of the changelog.
pub const NOTES: &str = "RELEASE-NOTES.md";

/// The licences of everything that the files are made of.
pub const LICENCES: &str = "LICENSES.txt";

/// How an address ends that can't be one, as long as nobody has given theirs.
const NOBODY: &str = ".invalid>";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a file of `dist/` is called in a release, which has no folders: `pid1-linux-armv7`, `pause.oci.tar`.
#[must_use]
pub fn name(path: &str) -> String {
    let mut pairs =
        PROGRAMS.iter().flat_map(|program| PLATFORMS.iter().map(move |platform| (program, platform)));
    if let Some((program, platform)) = pairs.find(|(program, platform)| program.path(platform) == path) {
        return format!("{}-linux-{}", program.name, platform.arch);
    }
    path.strip_prefix("images/").unwrap_or(path).replace('/', "-")
}

/// Makes the release of this version.
///
/// # Errors
/// [`CannotStart`] if the tree is not a commit, or the changelog has no section for the version or a wrong date; no
/// toolchain, a failed build, a file over its ceiling.
pub fn run() -> Result<()> {
    let root = workspace::root();
    match Source::read(&root) {
        Err(error) => cannot(&format!("Git does not read this repository: {error:#}"))?,
        Ok(None) => cannot("this is no Git repository: a release is made in a clone of one")?,
        Ok(Some(source)) if source.modified => {
            cannot("the tree differs from its commit: see `git status`, and commit or stash what it lists")?;
        }
        Ok(Some(_)) => {}
    }
    notes::section()?;
    deb::changelog(0)?;
    if deb::maintainer().ends_with(NOBODY) {
        eprintln!(
            "warning: the packages name nobody to write to: put a name and an address into `authors` of Cargo.toml"
        );
    }
    let content = dist::everything()?;
    size::report(&content.measured)?;
    let named = content.outputs.iter();
    let named = named.map(|output| Output {
        path: name(&output.path),
        bytes: output.bytes.clone(),
        mode: output.mode,
    });
    let outputs: Vec<Output> = named.chain(further(&content)?).collect();
    let folder = root.join(format!("target/release-{VERSION}"));
    // This folder is nobody else's: what is in it is the release.
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("can't remove {}", folder.display()))?;
    }
    dist::publish(&folder, &outputs, &content.record)?;
    println!("{} files, their checksums and {RECORD} are in {}", outputs.len(), folder.display());
    Ok(())
}

fn cannot(reason: &str) -> Result<()> {
    bail!(CannotStart(reason.to_owned()))
}

/// Whether only a release has a file of this name.
#[must_use]
pub fn is_further(name: &str) -> bool {
    [NOTES, LICENCES].contains(&name) || name.ends_with(".deb")
}

/// What a release has beyond `dist/`, made of the files for every platform.
///
/// # Errors
/// The changelog has no section for the version; a licence or a manual page can't be read.
pub fn further(content: &Content) -> Result<Vec<Output>> {
    let notices = Parts::read()?.notices()?;
    let (notes, licences) = (notes::section()?, parts::licences(&notices)?);
    let text = |path: &str, text: &str| Output { path: path.to_owned(), bytes: text.into(), mode: 0o644 };
    let mut outputs = vec![text(NOTES, &notes), text(LICENCES, &licences)];
    outputs.extend(deb::packages(content, &notices)?);
    Ok(outputs)
}
