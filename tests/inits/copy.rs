//! `-c`: pid1 writes its own file.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Cpu, Launcher, Outcome, Suite, Target, dist, require, until};

use crate::command_line::version;
use crate::failure::run_fails;
use crate::fixture::{TestDir, exits, itself, pid1, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (&Target::all(), &Target::native());
    suite
        .test(all, c_writes_the_program_and_runs_no_child)
        .test(all, the_copy_has_mode_0755_with_any_umask)
        .test(all, c_replaces_a_file_atomically)
        .test(native, c_replaces_a_program_that_runs)
        .test(all, c_replaces_a_read_only_file)
        .test(all, c_replaces_a_symbolic_link_and_not_its_target)
        .test(all, simultaneous_copies_are_all_complete)
        .test(all, a_copy_that_cannot_be_written_is_an_error)
        .test(all, a_full_file_system_keeps_the_old_file)
        .test(all, a_read_only_file_system_keeps_the_old_file)
}

/// Checks that a file is the program, and the only one in its directory.
fn is_program(target: Target, file: &Path) -> Result<()> {
    ensure!(fs::read(file)? == fs::read(dist::file(target.platform, "pid1")?)?, "another content");
    same(fs::metadata(file)?.permissions().mode() & 0o7777, 0o755)?;
    ensure!(fs::symlink_metadata(file)?.is_file(), "no file");
    is_alone(file)
}

/// Checks that no temporary file is beside it.
fn is_alone(file: &Path) -> Result<()> {
    let directory = file.parent().context("no directory")?;
    let names: Vec<_> = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    same(names, vec![file.to_owned()])
}

/// Creates a directory, and returns the path of a file in it.
fn file_in(dir: &TestDir) -> Result<PathBuf> {
    fs::create_dir(dir.join("volume"))?;
    Ok(dir.join("volume/pid1"))
}

/// Returns a start of a shell whose script gets `pid1 -c FILE` as its arguments.
fn in_shell(target: Target, script: &str, file: &Path) -> Result<Launcher> {
    let host = Target::host().context("no native platform")?;
    let launcher = with(Launcher::of_file(host, "/bin/sh").without_env("PID1_OPTS"), ["-c", script, "sh"]);
    Ok(with(launcher, itself(target)?).argument("-c").argument(file))
}

fn c_writes_the_program_and_runs_no_child(target: Target) -> Result<()> {
    for option in ["-c", "--copy-to"] {
        let dir = TestDir::new()?;
        let file = file_in(&dir)?;
        let ran = dir.join("ran");
        let launcher = pid1(target).argument(option).argument(&file).argument("touch").argument(&ran);
        exits(&launcher.run()?, 0)?;
        is_program(target, &file)?;
        ensure!(!ran.exists(), "the child ran");
        // The copy works.
        let copy = Launcher::of_file(target, &file).as_pid_1().argument("--version");
        copy.run()?.is(&Outcome::exited(&version()?, 0))?;
    }
    // A relative name, in the working directory.
    let dir = TestDir::new()?;
    let file = file_in(&dir)?;
    exits(&pid1(target).cwd(&dir.join("volume")).argument("--copy-to=pid1").run()?, 0)?;
    is_program(target, &file)?;
    let dir = TestDir::new()?;
    let file = file_in(&dir)?;
    exits(&pid1(target).env("PID1_OPTS", format!("-c {}", file.display())).run()?, 0)?;
    is_program(target, &file)
}

fn the_copy_has_mode_0755_with_any_umask(target: Target) -> Result<()> {
    for umask in ["000", "022", "077", "0777"] {
        let dir = TestDir::new()?;
        let file = file_in(&dir)?;
        exits(&in_shell(target, &format!("umask {umask}; \"$@\""), &file)?.run()?, 0)?;
        is_program(target, &file).with_context(|| umask.to_owned())?;
    }
    Ok(())
}

/// At any time the file exists, and is the old or the new one.
fn c_replaces_a_file_atomically(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let file = file_in(&dir)?;
    let program = fs::read(dist::file(target.platform, "pid1")?)?;
    fs::write(&file, "old")?;
    let mut old = File::open(&file)?;
    let rounds = if target.cpu == Cpu::Native { 300 } else { 30 };
    let script = format!(
        "i=0; while [ $i -lt {rounds} ]; do \"$@\" || exit; i=$((i + 1)); done; touch {}",
        dir.join("done").display()
    );
    let running = in_shell(target, &script, &file)?.spawn()?;
    let read = until("the last copy", || {
        for _ in 0..1000 {
            let content = fs::read(&file).context("the file is missing")?;
            ensure!(content == b"old" || content == program, "half of the program: {} bytes", content.len());
        }
        Ok(dir.join("done").exists().then_some(()))
    });
    exits(&running.wait()?, 0)?;
    read?;
    is_program(target, &file)?;
    // A process that has the old file open keeps it.
    let mut content = String::new();
    old.read_to_string(&mut content)?;
    same(content, "old".to_owned())
}

/// It can't be written to (ETXTBSY), but replaced.
fn c_replaces_a_program_that_runs(target: Target) -> Result<()> {
    debug_assert_eq!(target.cpu, Cpu::Native);
    let dir = TestDir::new()?;
    let file = file_in(&dir)?;
    for _ in 0..2 {
        exits(&pid1(target).argument("-c").argument(&file).run()?, 0)?;
        is_program(target, &file)?;
    }
    let launcher = Launcher::of_file(target, &file).as_pid_1();
    let running = dir.start(launcher, "", &dir.resolve("say=ready await=@go exit=7"))?;
    let before = fs::metadata(&file)?.ino();
    exits(&pid1(target).argument("-c").argument(&file).run()?, 0)?;
    is_program(target, &file)?;
    ensure!(fs::metadata(&file)?.ino() != before, "the same file");
    // It can replace itself, too.
    exits(&Launcher::of_file(target, &file).as_pid_1().argument("-c").argument(&file).run()?, 0)?;
    is_program(target, &file)?;
    fs::write(dir.join("go"), "")?;
    exits(&running.wait()?, 7)
}

fn c_replaces_a_read_only_file(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let file = file_in(&dir)?;
    fs::set_permissions(dir.join("volume"), fs::Permissions::from_mode(0o777))?;
    dir.file("volume/pid1", "old", 0o444)?;
    // Root could write to it.
    exits(&pid1(target).uid(1000).argument("-c").argument(&file).run()?, 0)?;
    is_program(target, &file)
}

fn c_replaces_a_symbolic_link_and_not_its_target(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let linked = dir.file("linked", "old", 0o644)?;
    for linked in [linked.as_path(), Path::new("/nonexistent")] {
        let dir = TestDir::new()?;
        let file = file_in(&dir)?;
        symlink(linked, &file)?;
        exits(&pid1(target).argument("-c").argument(&file).run()?, 0)?;
        is_program(target, &file)?;
    }
    same(fs::read_to_string(linked)?, "old".to_owned())
}

/// As init containers of several pods on the same volume.
fn simultaneous_copies_are_all_complete(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let file = file_in(&dir)?;
    let script = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do \"$@\" || echo failed & done; wait";
    for _ in 0..5 {
        exits(&in_shell(target, script, &file)?.run()?, 0)?;
        is_program(target, &file)?;
    }
    Ok(())
}

fn a_copy_that_cannot_be_written_is_an_error(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let file = |name: &str| dir.join(name).display().to_string();
    let missing = file("missing/pid1");
    run_fails(with(pid1(target), ["-c", &missing]), 125, &format!("{missing}: ENOENT"))?;
    run_fails(with(pid1(target).cwd(dir.path()), ["-c", ""]), 125, "-c: bad value; see pid1 --help")?;
    let below = file("file/pid1");
    dir.file("file", "old", 0o644)?;
    run_fails(with(pid1(target), ["-c", &below]), 125, &format!("{below}: ENOTDIR"))?;
    let directory = file("directory");
    dir.file("directory/pid1", "old", 0o644)?;
    run_fails(with(pid1(target), ["-c", &directory]), 125, &format!("{directory}: EISDIR"))?;
    // Another user's directory.
    let closed = file("directory/pid1");
    run_fails(with(pid1(target).uid(1000), ["-c", &closed]), 125, &format!("{closed}: EACCES"))?;
    same(fs::read_to_string(&closed)?, "old".to_owned())?;
    is_alone(Path::new(&closed))?;
    let mut names: Vec<_> =
        fs::read_dir(dir.path())?.map(|entry| Ok(entry?.file_name())).collect::<Result<_>>()?;
    names.sort();
    same(names, vec!["directory".into(), "file".into()])
}

/// Runs pid1 in a mount namespace whose `volume` has these options, and checks the error.
fn fails_in_volume(target: Target, options: &str, then: &str, error: &str) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let file = file_in(&dir)?;
    let script = format!(
        "set -e; mount -t tmpfs -o {options} tmpfs \"$1\"; printf old >\"$1/pid1\"; {then}; \
         file=$1/pid1; shift; set +e; \"$@\"; echo \"status $?\"; ls -A \"${{file%/*}}\"; cat \"$file\""
    );
    let host = Target::host().context("no native platform")?;
    let unshare = Launcher::of_file(host, require::tool("unshare", "util-linux")?);
    let launcher = with(words(unshare.without_env("PID1_OPTS"), "-m -- sh -c"), [&script, "sh"]);
    let launcher = with(launcher.argument(dir.join("volume")), itself(target)?);
    let outcome = launcher.argument("-c").argument(&file).run()?;
    let stderr = format!("pid1: {}: {error}\n", file.display()).into_bytes();
    same(outcome, Outcome { stderr, ..Outcome::exited("status 125\npid1\nold", 0) })
}

/// The old file takes one page, and two more are not enough for the new one.
fn a_full_file_system_keeps_the_old_file(target: Target) -> Result<()> {
    let page = 4096;
    let size = fs::metadata(dist::file(target.platform, "pid1")?)?.len().div_ceil(page) * page;
    fails_in_volume(target, &format!("size={size}"), "true", "ENOSPC")?;
    // No page is free.
    fails_in_volume(target, &format!("size={page}"), "true", "ENOSPC")?;
    // No inode is free.
    fails_in_volume(target, "nr_inodes=2", "true", "ENOSPC")
}

fn a_read_only_file_system_keeps_the_old_file(target: Target) -> Result<()> {
    fails_in_volume(target, "size=1m", "mount -o remount,ro \"$1\"", "EROFS")
}
