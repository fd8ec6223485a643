//! Writing `dist/` so that it is never found half written.

use std::{
    collections::BTreeSet,
    fs::{self, Permissions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::record::{Output, RECORD, SUMS, checksums};

/// Makes `dist` hold exactly `outputs`, their checksums and `record`. The last two are removed first and
/// written last, so that they never describe files that aren't there.
pub(crate) fn publish(dist: &Path, outputs: &[Output], record: &[u8]) -> Result<()> {
    fs::create_dir_all(dist).with_context(|| format!("can't make {}", dist.display()))?;
    for name in [SUMS, RECORD] {
        remove(&dist.join(name))?;
    }
    let keep = outputs.iter().map(|output| dist.join(&output.path)).collect();
    clear(dist, &keep)?;
    for output in outputs {
        replace(&dist.join(&output.path), &output.bytes, output.mode)?;
    }
    replace(&dist.join(RECORD), record, 0o644)?;
    replace(&dist.join(SUMS), checksums(outputs).as_bytes(), 0o644)
}

/// Removes everything below `folder` but the files in `keep` and the folders that they lie in.
fn clear(folder: &Path, keep: &BTreeSet<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("can't read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        if !entry.file_type()?.is_dir() {
            if !keep.contains(&path) {
                remove(&path)?;
            }
        } else if keep.iter().any(|file| file.starts_with(&path) && *file != path) {
            clear(&path, keep)?;
        } else {
            fs::remove_dir_all(&path).with_context(|| format!("can't remove {}", path.display()))?;
        }
    }
    Ok(())
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        result => result.with_context(|| format!("can't remove {}", file.display())),
    }
}

/// Puts a file in place as a whole: whoever looks sees the old one or the new one.
fn replace(file: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let write = || -> Result<()> {
        let folder = file.parent().context("it has no folder")?;
        fs::create_dir_all(folder)?;
        let mut new = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
        new.write_all(bytes)?;
        new.as_file().set_permissions(Permissions::from_mode(mode))?;
        new.persist(file)?;
        Ok(())
    };
    write().with_context(|| format!("can't write {}", file.display()))
}

#[cfg(test)]
mod tests;
