//! Writing `dist/` so that an interrupted run leaves no half-written file.

use std::{
    collections::BTreeSet,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Component, Path},
};

use anyhow::{Context, Result};

use crate::record::{Output, RECORD, SUMS, checksums};

/// Beginning of the name of the directory that has new files until all are complete.
const STAGE: &str = ".new-";

/// Makes `dist` and tries to write there, before anything is built.
///
/// # Errors
/// It is no directory and can't be made, or is not writable.
pub(crate) fn prepare(dist: &Path) -> Result<()> {
    let context = || format!("{} has to be a writable directory", dist.display());
    fs::create_dir_all(dist).with_context(context)?;
    tempfile::tempfile_in(dist).with_context(context)?;
    Ok(())
}

/// Replaces the files of the last run in `dist` with `outputs`, their checksums and `record`. Other files there stay. All
/// new files are complete, on the same disk, before an old one is touched. Checksums and record are removed first and
/// written last, so that they never describe other files than those that are there.
pub(crate) fn publish(dist: &Path, outputs: &[Output], record: &[u8]) -> Result<()> {
    prepare(dist)?;
    forget_interrupted(dist)?;
    let stage = tempfile::Builder::new().prefix(STAGE).tempdir_in(dist)?;
    let text = |path: &str, bytes: &[u8]| Output { path: path.to_owned(), bytes: bytes.into(), mode: 0o644 };
    let records = [text(RECORD, record), text(SUMS, checksums(outputs).as_bytes())];
    for output in outputs.iter().chain(&records) {
        write(&stage.path().join(&output.path), output)?;
    }
    let before = listed(dist);
    for name in [SUMS, RECORD] {
        remove(dist, name)?;
    }
    let now: BTreeSet<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
    for path in before.iter().filter(|path| !now.contains(path.as_str())) {
        remove(dist, path)?;
    }
    for output in outputs.iter().chain(&records) {
        put(&stage.path().join(&output.path), &dist.join(&output.path))?;
    }
    Ok(())
}

/// Returns the paths in the checksums of `dist`, without those that lead out of it.
fn listed(dist: &Path) -> Vec<String> {
    let sums = fs::read_to_string(dist.join(SUMS)).unwrap_or_default();
    let paths = sums.lines().filter_map(|line| line.split_once("  ")).map(|(_, path)| path);
    let within = |path: &&str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    paths.filter(within).map(str::to_owned).collect()
}

/// Removes the new files of an interrupted run.
fn forget_interrupted(dist: &Path) -> Result<()> {
    for entry in fs::read_dir(dist).with_context(|| format!("can't read {}", dist.display()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(STAGE) && entry.file_type()?.is_dir() {
            let path = entry.path();
            fs::remove_dir_all(&path).with_context(|| format!("can't remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// Removes a file, and the directories that are empty then.
fn remove(dist: &Path, path: &str) -> Result<()> {
    let file = dist.join(path);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("can't remove {}", file.display()))?;
        }
        _ => {}
    }
    let directories = file.ancestors().skip(1).take_while(|directory| *directory != dist);
    // It fails at the first that is not empty.
    directories.map(fs::remove_dir).take_while(Result::is_ok).for_each(drop);
    Ok(())
}

fn write(file: &Path, output: &Output) -> Result<()> {
    let write = || -> Result<()> {
        fs::create_dir_all(file.parent().context("it is in no directory")?)?;
        fs::write(file, &output.bytes)?;
        Ok(fs::set_permissions(file, Permissions::from_mode(output.mode))?)
    };
    write().with_context(|| format!("can't write {}", output.path))
}

/// Renames a file to its place, so that another process sees the old one or the new one.
fn put(new: &Path, file: &Path) -> Result<()> {
    let put = || -> Result<()> {
        fs::create_dir_all(file.parent().context("it is in no directory")?)?;
        Ok(fs::rename(new, file)?)
    };
    put().with_context(|| format!("can't put {} in place", file.display()))
}

#[cfg(test)]
mod tests;
