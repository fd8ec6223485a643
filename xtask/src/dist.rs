//! `cargo xtask dist`: every file, sealed, into `dist/`.

use std::{
    collections::BTreeSet,
    fs::{self, File, Permissions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    compile::{self, Unit},
    platform::{PLATFORMS, Platform},
    program::{PROGRAMS, Program},
    record::{Built, Record, checksums},
    seal::seal,
    size::{self, Measured},
    toolchain::{self, Choice, Toolchain},
    workspace,
};

const SUMS: &str = "SHA256SUMS";
const RECORD: &str = "build.json";

/// Builds `programs` for `platforms`, either empty meaning all, writes `dist/` and prints the sizes.
///
/// # Errors
/// No toolchain, a failed build, a file over its ceiling.
pub fn run(platforms: &[&'static Platform], programs: &[&'static Program], choice: Choice) -> Result<()> {
    size::report(&make(platforms, programs, choice)?)
}

/// As [`run`], but returns the sizes and does not judge them.
///
/// # Errors
/// No toolchain, or a failed build.
pub fn make(
    platforms: &[&'static Platform],
    programs: &[&'static Program],
    choice: Choice,
) -> Result<Vec<Measured>> {
    let platforms: Vec<_> = PLATFORMS.iter().filter(|p| asked(platforms, p)).collect();
    let programs: Vec<_> = PROGRAMS.iter().filter(|p| asked(programs, p)).collect();
    let _lock = lock()?;
    let toolchain = toolchain::resolve(&platforms, choice)?;
    // Nothing in `dist/` is touched before the last build has succeeded.
    let files = build(&toolchain, &platforms, &programs)?;
    publish(&workspace::dist(), &toolchain, &files)?;
    Ok(files.iter().map(Built::measured).collect())
}

fn asked<T: PartialEq>(names: &[&T], candidate: &T) -> bool {
    names.is_empty() || names.contains(&candidate)
}

/// Keeps a second run out until this one is done. The kernel drops the lock with the process.
fn lock() -> Result<File> {
    let folder = workspace::scratch();
    fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    let lock = File::create(folder.join("lock"))?;
    lock.lock().context("can't wait for another run of `dist`")?;
    Ok(lock)
}

fn build(
    toolchain: &Toolchain,
    platforms: &[&'static Platform],
    programs: &[&'static Program],
) -> Result<Vec<Built>> {
    let total = platforms.len() * programs.len();
    // All of a platform's programs in a row: the first builds `core`, the others find it.
    let pairs = platforms.iter().flat_map(|p| programs.iter().map(move |program| (*p, *program)));
    let built = pairs.enumerate().map(|(at, (platform, program))| {
        eprintln!("[{}/{total}] {} {}", at + 1, platform.docker, program.name);
        let name = program.name;
        let unit = Unit { package: name, bin: name, platform, rustc_args: program.rustc_args };
        let linked = compile::build(toolchain, &unit)?;
        let context = || format!("{name} for {}", platform.docker);
        let bytes = fs::read(linked).with_context(context)?;
        Ok(Built { program, platform, bytes: seal(bytes).with_context(context)? })
    });
    let mut built = built.collect::<Result<Vec<_>>>()?;
    // The order of the tables, which does not depend on the order of building.
    built.sort_by_key(|file| PROGRAMS.iter().position(|program| program == file.program));
    Ok(built)
}

/// Makes `dist` hold exactly `files`, their checksums and their record. The last two are removed
/// first and written last, so that they never describe files that aren't there.
fn publish(dist: &Path, toolchain: &Toolchain, files: &[Built]) -> Result<()> {
    fs::create_dir_all(dist).with_context(|| format!("can't make {}", dist.display()))?;
    for name in [SUMS, RECORD] {
        remove(&dist.join(name))?;
    }
    let keep = files.iter().map(|file| dist.join(file.program.path(file.platform))).collect();
    clear(dist, &keep)?;
    for file in files {
        replace(&dist.join(file.program.path(file.platform)), &file.bytes, 0o755)?;
    }
    let mut record = serde_json::to_string_pretty(&Record::of(toolchain, files))?;
    record.push('\n');
    replace(&dist.join(RECORD), record.as_bytes(), 0o644)?;
    replace(&dist.join(SUMS), checksums(files).as_bytes(), 0o644)
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

impl Built {
    fn measured(&self) -> Measured {
        let Self { program, platform, ref bytes } = *self;
        Measured { program, platform, bytes: bytes.len() as u64 }
    }
}

#[cfg(test)]
mod tests;
