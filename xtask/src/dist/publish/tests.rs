use std::os::unix::fs::symlink;

use super::*;
use crate::{
    record::Origin,
    toolchain::{Compiler, Linker, Route, Toolchain},
};

fn toolchain() -> Toolchain {
    let compiler = Compiler {
        rustc: "/home/someone/rustc".into(),
        cargo: "/home/someone/cargo".into(),
        sysroot: "/home/someone".into(),
        version: "rustc 1.96.0".to_owned(),
        host: "x86_64-unknown-linux-gnu".to_owned(),
        llvm: Some(22),
    };
    let linker = Linker { path: "/home/someone/lld".into(), version: "LLD 22.1.8".to_owned() };
    Toolchain { route: Route::Distribution, compiler, linker, targets: Vec::new() }
}

/// Makes `dist` hold these files.
fn write(dist: &Path, files: &[(&str, &[u8])]) -> Result<()> {
    let outputs: Vec<Output> = files
        .iter()
        .map(|&(path, bytes)| Output { path: path.to_owned(), bytes: bytes.to_vec(), mode: 0o755 })
        .collect();
    let toolchain = toolchain();
    let origin = Origin { toolchain: &toolchain, source: None, date: 0 };
    publish(dist, &outputs, &crate::dist::Content::of(origin, Vec::new())?.record)
}

/// All files below `folder`, relative to it.
fn files(folder: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            found.insert(format!("{name}/"));
            found.extend(files(&entry.path())?.into_iter().map(|file| format!("{name}/{file}")));
        } else {
            found.insert(name);
        }
    }
    Ok(found)
}

#[test]
fn dist_holds_what_was_built_and_its_records() -> Result<()> {
    let folder = tempfile::tempdir()?;
    write(folder.path(), &[("linux/arm/v7/hello", b"abc")])?;
    let expected = ["SHA256SUMS", "build.json", "linux/", "linux/arm/", "linux/arm/v7/"];
    let expected = expected.into_iter().chain(["linux/arm/v7/hello"]).map(str::to_owned);
    assert_eq!(files(folder.path())?, expected.collect());
    Ok(())
}

#[test]
fn what_an_earlier_run_left_is_removed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let elsewhere = tempfile::NamedTempFile::new()?;
    write(
        folder.path(),
        &[("linux/amd64/hello", b"abc"), ("linux/amd64/pause", b"abc"), ("linux/386/hello", b"x")],
    )?;
    fs::write(folder.path().join("linux/amd64/.new-1234"), "half of a file")?;
    symlink(elsewhere.path(), folder.path().join("link"))?;
    write(folder.path(), &[("linux/amd64/pause", b"abcd")])?;
    let expected = ["SHA256SUMS", "build.json", "linux/", "linux/amd64/", "linux/amd64/pause"];
    assert_eq!(files(folder.path())?, expected.map(str::to_owned).into());
    assert_eq!(fs::read(folder.path().join("linux/amd64/pause"))?, b"abcd");
    assert!(elsewhere.path().exists());
    Ok(())
}

#[test]
fn files_can_be_executed_by_anyone() -> Result<()> {
    let folder = tempfile::tempdir()?;
    write(folder.path(), &[("linux/amd64/hello", b"abc")])?;
    let mode = |name| fs::metadata(folder.path().join(name)).map(|meta| meta.permissions().mode());
    assert_eq!(mode("linux/amd64/hello")? & 0o7777, 0o755);
    assert_eq!(mode(SUMS)? & 0o7777, 0o644);
    Ok(())
}

#[test]
fn the_records_name_no_path_of_the_machine() -> Result<()> {
    let folder = tempfile::tempdir()?;
    write(folder.path(), &[("linux/amd64/hello", b"abc")])?;
    let text = fs::read_to_string(folder.path().join(RECORD))?;
    assert!(!text.contains("/home"), "{text}");
    assert!(text.contains("\"compiler\": \"rustc 1.96.0\""), "{text}");
    Ok(())
}

#[test]
fn nothing_vouches_for_files_that_could_not_be_written() -> Result<()> {
    let folder = tempfile::tempdir()?;
    write(folder.path(), &[("linux/amd64/hello", b"abc")])?;
    // A file stands where a folder is needed.
    fs::write(folder.path().join("linux/386"), "in the way")?;
    let prevented = folder.path().join("linux/386/hello");
    assert!(replace(&prevented, b"new", 0o755).is_err());
    // `publish` clears the way itself.
    write(folder.path(), &[("linux/amd64/hello", b"new"), ("linux/386/hello", b"new")])?;
    assert_eq!(fs::read(prevented)?, b"new");
    Ok(())
}
