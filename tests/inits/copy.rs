//! `-c`: pid1 writes its own file.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Cpu, Launcher, Outcome, Suite, Target, dist, require, until};

use crate::command_line::version;
use crate::failure::run_fails;
use crate::fixture::{TestDir, exits, itself, pid1, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pid1::c_writes_the_program_itself_and_runs_nothing", &all, writes_itself)
        .each("pid1::the_copy_has_mode_0755_whatever_the_umask", &all, mode)
        .each("pid1::c_replaces_a_file_atomically", &all, replaces)
        .each("pid1::c_replaces_a_program_that_runs", &native, replaces_running)
        .each("pid1::c_replaces_a_read_only_file", &all, replaces_read_only)
        .each("pid1::c_replaces_a_symbolic_link_and_not_its_target", &all, replaces_link)
        .each("pid1::two_copies_at_once_are_both_whole", &all, at_once)
        .each("pid1::a_copy_that_can_not_be_written_is_125_and_named", &all, fails)
        .each("pid1::a_full_file_system_leaves_the_old_file_and_no_other", &all, full)
        .each("pid1::a_read_only_file_system_leaves_the_old_file_and_no_other", &all, read_only)
}

/// Expects that FILE in a directory of its own is the program, and that nothing else is there.
fn is_program(target: Target, file: &Path) -> Result<()> {
    ensure!(fs::read(file)? == fs::read(dist::file(target.platform, "pid1")?)?, "another content");
    same(fs::metadata(file)?.permissions().mode() & 0o7777, 0o755)?;
    ensure!(fs::symlink_metadata(file)?.is_file(), "no file");
    is_alone(file)
}

/// Expects no temporary file beside FILE.
fn is_alone(file: &Path) -> Result<()> {
    let directory = file.parent().context("no directory")?;
    let names: Vec<_> = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    same(names, vec![file.to_owned()])
}

/// Returns a directory of its own for FILE.
fn file_in(dir: &TestDir) -> Result<std::path::PathBuf> {
    fs::create_dir(dir.join("volume"))?;
    Ok(dir.join("volume/pid1"))
}

fn writes_itself(target: Target) -> Result<()> {
    for option in ["-c", "--copy-to"] {
        let dir = TestDir::new()?;
        let file = file_in(&dir)?;
        let ran = dir.join("ran");
        let launcher = pid1(target).argument(option).argument(&file).argument("touch").argument(&ran);
        exits(&launcher.run()?, 0)?;
        is_program(target, &file)?;
        ensure!(!ran.exists(), "COMMAND ran");
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

fn mode(target: Target) -> Result<()> {
    for umask in ["000", "022", "077", "0777"] {
        let dir = TestDir::new()?;
        let file = file_in(&dir)?;
        let host = Target::host().context("no native platform")?;
        let script = format!("umask {umask}; exec \"$@\"");
        let launcher = with(Launcher::of_file(host, "/bin/sh"), ["-c", &script, "sh"]);
        exits(&with(launcher, itself(target)?).argument("-c").argument(&file).run()?, 0)?;
        is_program(target, &file).with_context(|| umask.to_owned())?;
    }
    Ok(())
}

/// Whenever FILE is read, it is there, and it is the old one or the new one.
fn replaces(target: Target) -> Result<()> {
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
    let host = Target::host().context("no native platform")?;
    let launcher = with(Launcher::of_file(host, "/bin/sh").without_env("PID1_OPTS"), ["-c", &script, "sh"]);
    let running = with(launcher, itself(target)?).argument("-c").argument(&file).spawn()?;
    let read = until("the last copy", || {
        for _ in 0..1000 {
            let content = fs::read(&file).context("FILE is missing")?;
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
fn replaces_running(target: Target) -> Result<()> {
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

fn replaces_read_only(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let file = file_in(&dir)?;
    fs::set_permissions(dir.join("volume"), fs::Permissions::from_mode(0o777))?;
    dir.file("volume/pid1", "old", 0o444)?;
    // Not as root, who may write to it.
    exits(&pid1(target).uid(1000).argument("-c").argument(&file).run()?, 0)?;
    is_program(target, &file)
}

fn replaces_link(target: Target) -> Result<()> {
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

/// As init containers of two pods on the same volume. None is waited for before the next one starts.
fn at_once(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let file = file_in(&dir)?;
    let script = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do \"$@\" || echo failed & done; wait";
    let host = Target::host().context("no native platform")?;
    for _ in 0..5 {
        let launcher =
            with(Launcher::of_file(host, "/bin/sh").without_env("PID1_OPTS"), ["-c", script, "sh"]);
        exits(&with(launcher, itself(target)?).argument("-c").argument(&file).run()?, 0)?;
        is_program(target, &file)?;
    }
    Ok(())
}

fn fails(target: Target) -> Result<()> {
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

/// Runs pid1 in a mount namespace whose `volume` has these options, and expects this error.
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
fn full(target: Target) -> Result<()> {
    let page = 4096;
    let size = fs::metadata(dist::file(target.platform, "pid1")?)?.len().div_ceil(page) * page;
    fails_in_volume(target, &format!("size={size}"), "true", "ENOSPC")?;
    // Not even a byte.
    fails_in_volume(target, &format!("size={page}"), "true", "ENOSPC")?;
    // No inode.
    fails_in_volume(target, "nr_inodes=2", "true", "ENOSPC")
}

fn read_only(target: Target) -> Result<()> {
    fails_in_volume(target, "size=1m", "mount -o remount,ro \"$1\"", "EROFS")
}
