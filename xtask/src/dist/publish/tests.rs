use std::os::unix::fs::symlink;

use super::*;

/// Makes `dist` hold these files.
fn write(dist: &Path, files: &[(&str, &[u8])]) -> Result<()> {
    let output =
        |&(path, bytes): &(&str, &[u8])| Output { path: path.to_owned(), bytes: bytes.to_vec(), mode: 0o755 };
    publish(dist, &files.iter().map(output).collect::<Vec<_>>(), b"{}")
}

/// Returns all files below `directory`, relative to it.
fn files(directory: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(directory)? {
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
fn files_of_the_last_run_are_removed_and_no_others() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let elsewhere = tempfile::tempdir()?;
    write(
        directory.path(),
        &[("linux/amd64/hello", b"abc"), ("linux/amd64/pause", b"abc"), ("linux/386/hello", b"x")],
    )?;
    fs::create_dir(directory.path().join(".new-1234"))?;
    fs::write(directory.path().join(".new-1234/half"), "of a file")?;
    fs::write(directory.path().join("linux/notes"), "other")?;
    symlink(elsewhere.path(), directory.path().join("link"))?;
    write(directory.path(), &[("linux/amd64/pause", b"abcd")])?;
    let expected =
        ["SHA256SUMS", "build.json", "link", "linux/", "linux/amd64/", "linux/amd64/pause", "linux/notes"];
    assert_eq!(files(directory.path())?, expected.map(str::to_owned).into());
    assert_eq!(fs::read(directory.path().join("linux/amd64/pause"))?, b"abcd");
    assert!(elsewhere.path().exists());
    Ok(())
}

#[test]
fn checksums_of_files_elsewhere_are_ignored() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let (dist, other) = (directory.path().join("dist"), directory.path().join("other"));
    fs::create_dir(&dist)?;
    fs::write(&other, "other")?;
    fs::write(dist.join(SUMS), format!("0  ../other\n0  {}\n", other.display()))?;
    write(&dist, &[("linux/amd64/hello", b"abc")])?;
    assert!(other.exists());
    Ok(())
}

#[test]
fn no_checksums_are_left_if_a_file_can_not_be_replaced() -> Result<()> {
    let directory = tempfile::tempdir()?;
    write(directory.path(), &[("linux/amd64/hello", b"abc")])?;
    // A file is in the place of a directory.
    fs::write(directory.path().join("linux/386"), "in the way")?;
    assert!(write(directory.path(), &[("linux/386/hello", b"new")]).is_err());
    assert_eq!(files(directory.path())?, ["linux/", "linux/386"].map(str::to_owned).into());
    Ok(())
}

#[test]
fn files_stay_if_a_new_one_can_not_be_written() -> Result<()> {
    let directory = tempfile::tempdir()?;
    write(directory.path(), &[("linux/amd64/hello", b"abc")])?;
    let before = files(directory.path())?;
    // A name that no file system accepts fails like a full disk.
    let name = "n".repeat(256);
    assert!(write(directory.path(), &[("linux/386/hello", b"new"), (&name, b"new")]).is_err());
    assert_eq!(files(directory.path())?, before);
    Ok(())
}
