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
        llvm: "22".to_owned(),
    };
    let linker = Linker { path: "/home/someone/lld".into(), version: "LLD 22.1.8".to_owned() };
    Toolchain { route: Route::Distribution, compiler, linker }
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
fn what_an_earlier_run_made_is_removed_and_nothing_else() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let elsewhere = tempfile::tempdir()?;
    write(
        folder.path(),
        &[("linux/amd64/hello", b"abc"), ("linux/amd64/pause", b"abc"), ("linux/386/hello", b"x")],
    )?;
    fs::create_dir(folder.path().join(".new-1234"))?;
    fs::write(folder.path().join(".new-1234/half"), "of a file")?;
    fs::write(folder.path().join("linux/notes"), "somebody's")?;
    symlink(elsewhere.path(), folder.path().join("link"))?;
    write(folder.path(), &[("linux/amd64/pause", b"abcd")])?;
    let expected =
        ["SHA256SUMS", "build.json", "link", "linux/", "linux/amd64/", "linux/amd64/pause", "linux/notes"];
    assert_eq!(files(folder.path())?, expected.map(str::to_owned).into());
    assert_eq!(fs::read(folder.path().join("linux/amd64/pause"))?, b"abcd");
    assert!(elsewhere.path().exists());
    Ok(())
}

#[test]
fn a_list_that_leads_elsewhere_is_not_followed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (dist, other) = (folder.path().join("dist"), folder.path().join("other"));
    fs::create_dir(&dist)?;
    fs::write(&other, "somebody's")?;
    fs::write(dist.join(SUMS), format!("0  ../other\n0  {}\n", other.display()))?;
    write(&dist, &[("linux/amd64/hello", b"abc")])?;
    assert!(other.exists());
    Ok(())
}

#[test]
fn what_is_no_folder_is_known_before_anything_is_built() -> Result<()> {
    let file = tempfile::NamedTempFile::new()?;
    let message = prepare(file.path()).map_err(|error| error.to_string());
    assert!(message.is_err_and(|text| text.contains("has to be a folder")));
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
fn nothing_vouches_for_files_that_could_not_be_put_in_place() -> Result<()> {
    let folder = tempfile::tempdir()?;
    write(folder.path(), &[("linux/amd64/hello", b"abc")])?;
    // Somebody's file stands where a folder is needed.
    fs::write(folder.path().join("linux/386"), "in the way")?;
    assert!(write(folder.path(), &[("linux/386/hello", b"new")]).is_err());
    assert_eq!(files(folder.path())?, ["linux/", "linux/386"].map(str::to_owned).into());
    Ok(())
}

#[test]
fn nothing_is_touched_until_all_is_written() -> Result<()> {
    let folder = tempfile::tempdir()?;
    write(folder.path(), &[("linux/amd64/hello", b"abc")])?;
    let before = files(folder.path())?;
    // A name that no file system takes stands for a disk that is full.
    let name = "n".repeat(256);
    assert!(write(folder.path(), &[("linux/386/hello", b"new"), (&name, b"new")]).is_err());
    assert_eq!(files(folder.path())?, before);
    Ok(())
}
