use super::*;

const RECORDED: &str =
    r#"{"compiler": "rustc 1.0", "linker": "LLD 1", "date": 1, "files": [], "route": "rustup"}"#;

/// A folder with these files, and a list of the checksums of those that are named.
fn folder(files: &[&str], listed: &[&str]) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().context("no folder")?)?;
        fs::write(path, if *file == RECORD { RECORDED } else { file })?;
    }
    let lines = listed.iter().map(|file| format!("{}  {file}\n", sha256(file.as_bytes())));
    fs::write(folder.path().join(SUMS), lines.collect::<String>())?;
    Ok(folder)
}

/// Platforms and programs that have to be built for a set, as one line.
fn selection(set: &Published) -> String {
    let (platforms, programs) = set.selection();
    let platforms: Vec<&str> = platforms.iter().map(|platform| platform.arch).collect();
    let programs: Vec<&str> = programs.iter().map(|program| program.name).collect();
    format!("{} on {}", programs.join(" "), platforms.join(" "))
}

#[test]
fn a_list_stands_for_all_that_it_names_and_the_record() -> Result<()> {
    let folder = folder(&["linux/arm64/hello", RECORD], &["linux/arm64/hello", "images/hello.oci.tar"])?;
    for given in [folder.path().to_owned(), folder.path().join(SUMS)] {
        let (sets, unreadable) = read(&[given]);
        assert_eq!(unreadable, []);
        let [set] = &sets[..] else { panic!("{sets:?}") };
        let claims: Vec<_> = set
            .claims
            .iter()
            .map(|claim| (claim.name.as_str(), claim.here.is_some(), claim.published.is_some()))
            .collect();
        let expected =
            [("images/hello.oci.tar", false, true), ("linux/arm64/hello", true, true), (RECORD, true, false)];
        assert_eq!(claims, expected);
        // Nothing else was published: the image for all platforms is one for this.
        assert_eq!(selection(set), "hello on arm64");
    }
    Ok(())
}

#[test]
fn a_file_finds_the_list_that_names_it() -> Result<()> {
    let folder = folder(&["linux/arm/v7/hello", RECORD], &["linux/arm/v7/hello", "linux/386/pause"])?;
    let (sets, unreadable) = read(&[folder.path().join("linux/arm/v7/hello")]);
    assert_eq!(unreadable, []);
    let [set] = &sets[..] else { panic!("{sets:?}") };
    assert!(set.recorded.is_some());
    assert!(set.claims[0].published.is_some() && set.claims[0].published == set.claims[0].here);
    assert_eq!(selection(set), "hello on armv7");
    Ok(())
}

#[test]
fn a_foreign_list_is_no_list() -> Result<()> {
    let folder = folder(&["hello-linux-386"], &["debian.iso"])?;
    let (sets, _) = read(&[folder.path().join("hello-linux-386")]);
    let [set] = &sets[..] else { panic!("{sets:?}") };
    assert!(set.recorded.is_none() && set.claims[0].published.is_none());
    assert_eq!(set.claims[0].product, "linux/386/hello");
    Ok(())
}

#[test]
fn an_image_alone_needs_every_platform() -> Result<()> {
    let folder = folder(&["pause.oci.tar"], &[])?;
    let (sets, _) = read(&[folder.path().join("pause.oci.tar")]);
    let selections: Vec<_> = sets.iter().map(selection).collect();
    assert_eq!(selections, ["pause on amd64 386 arm64 armv7 riscv64"]);
    Ok(())
}

#[test]
fn what_can_not_be_read_is_named_with_the_reason() -> Result<()> {
    let folder = folder(&["README.md"], &[])?;
    let names = ["absent", "README.md", SUMS].map(|name| folder.path().join(name));
    let (sets, unreadable) = read(&names);
    assert!(sets.is_empty());
    let reasons = ["it can't be read", "no file of this source has such a name", "it lists nothing"];
    for ((name, found), (file, reason)) in unreadable.iter().zip(names.iter().zip(reasons)) {
        assert_eq!(*name, file.display().to_string());
        assert!(found.starts_with(reason), "{found}");
    }
    assert_eq!(unreadable.len(), 3);
    fs::write(folder.path().join(SUMS), "abc  linux/386/hello\n")?;
    let (_, unreadable) = read(&[folder.path().join(SUMS)]);
    assert!(unreadable[0].1.starts_with("line 1 is no checksum"), "{unreadable:?}");
    Ok(())
}

#[test]
fn where_a_compiler_came_from_does_not_count() -> Result<()> {
    let other = RECORDED.replace("rustup", "installed");
    assert_eq!(sum_of(RECORD, RECORDED.as_bytes())?, sum_of(RECORD, other.as_bytes())?);
    let other = RECORDED.replace("LLD 1", "LLD 2");
    assert_ne!(sum_of(RECORD, RECORDED.as_bytes())?, sum_of(RECORD, other.as_bytes())?);
    assert!(sum_of(RECORD, b"[]").is_err());
    Ok(())
}
