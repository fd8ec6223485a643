//! The inputs that are kept: files in the source tree, one each. Those that were made are named by a hash; those with
//! other names stay: what somebody wrote, and what broke a rule once.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use xtask::workspace;

/// What the names of files begin with that were kept because they broke a rule.
const BROKE: &str = "broke-";

/// How many digits of a hash there are in a name.
const DIGITS: usize = 8;

fn directory(target: &str) -> PathBuf {
    workspace::root().join("tests/fuzz/corpus").join(target)
}

/// The inputs of a target, and the names of their files, in the order of these.
pub(crate) fn load(target: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let directory = directory(target);
    let entries = fs::read_dir(&directory).with_context(|| directory.display().to_string())?;
    let mut inputs = Vec::new();
    for entry in entries {
        let entry = entry?;
        inputs.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?));
    }
    inputs.sort();
    Ok(inputs)
}

/// Keeps an input that broke a rule, and returns its file.
pub(crate) fn keep(target: &str, input: &[u8]) -> Result<PathBuf> {
    write(target, BROKE, input)
}

/// Whether a file of this name was made, and may be replaced.
pub(crate) fn is_made(name: &str) -> bool {
    name.len() == DIGITS && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Puts these inputs into the place of those that were made.
pub(crate) fn replace(target: &str, inputs: &[Vec<u8>]) -> Result<()> {
    for (name, _) in load(target)?.iter().filter(|(name, _)| is_made(name)) {
        fs::remove_file(directory(target).join(name))?;
    }
    inputs.iter().try_for_each(|input| write(target, "", input).map(drop))
}

/// Writes a file that is named by what is in it.
fn write(target: &str, prefix: &str, input: &[u8]) -> Result<PathBuf> {
    fs::create_dir_all(directory(target))?;
    let hash = Sha256::digest(input).iter().take(DIGITS / 2).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let file = directory(target).join(format!("{prefix}{hash}"));
    fs::write(&file, input)?;
    Ok(file)
}
