//! `-u`: the IDs and the HOME of COMMAND. Each test has an `/etc` of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Suite, Target, require};

use crate::etc::{homes, is, open_to_all, refuses, with_credentials, with_files};
use crate::failure::fails;
use crate::fixture::{TestDir, exits, pid1, with};

pub(crate) const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\n\
    alice:x:1000:1001:Alice,,,:/home/alice:/bin/sh\n\
    bob:x:4294967294:4294967294::/home/bob:/bin/sh\n\
    77:x:88:99::/home/digits:/bin/sh\n\
    second:x:1000:5::/home/second:/bin/sh\n\
    nohome:x:1002:1002:::\n";

pub(crate) const GROUP: &str = "root:x:0:\n\
    alice:x:1001:\n\
    wheel:x:10:bob,alice\n\
    staff:x:50:alice\n\
    other:x:60:bob,1000,second\n\
    similar:x:70:alicex,xalice,alic,Alice\n\
    77:x:99:\n\
    single:x:80:alice,\n";

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::a_user_by_name_brings_its_groups_and_home", &all, by_name)
        .each("pid1::a_number_with_an_entry_brings_its_groups_and_home", &all, by_number)
        .each("pid1::a_number_without_an_entry_changes_the_uid_and_home", &all, without_entry)
        .each("pid1::a_user_by_number_needs_no_file", &all, without_files)
        .each("pid1::a_name_of_digits_precedes_the_number", &all, digits)
        .each("pid1::ids_go_up_to_4294967294", &all, highest)
        .each("pid1::4294967295_is_no_id_wherever_it_stands", &all, minus_one)
        .each("pid1::e_wins_over_home", &all, home)
        .each("pid1::a_user_without_a_home_has_an_empty_one", &all, no_home)
        .each("pid1::the_last_user_wins", &all, last_wins)
        .each("pid1::an_unknown_user_or_group_is_named", &all, unknown)
        .each("pid1::the_workdir_is_entered_as_the_user", &all, workdir)
}

/// Returns the report of COMMAND.
pub(crate) fn report(target: Target, options: &str) -> Result<Vec<String>> {
    report_from(target, PASSWD, GROUP, options)
}

/// Returns the report of COMMAND with these files.
pub(crate) fn report_from(target: Target, passwd: &str, group: &str, options: &str) -> Result<Vec<String>> {
    let dir = TestDir::new()?;
    report_of(&dir, with_files(&dir, target, passwd, group)?, options)
}

fn report_of(dir: &TestDir, launcher: Launcher, options: &str) -> Result<Vec<String>> {
    open_to_all(dir)?;
    exits(&dir.play(launcher, options, "report")?.run()?, 0).with_context(|| options.to_owned())?;
    Ok(dir.lines())
}

/// Returns the report of COMMAND, started by root with group 7 and these supplementary groups.
pub(crate) fn report_with(target: Target, groups: &str, options: &str) -> Result<Vec<String>> {
    let dir = TestDir::new()?;
    with_files(&dir, target, PASSWD, GROUP)?;
    let launcher = with_credentials(target, &format!("--regid 7 {groups}"))?;
    report_of(&dir, launcher.bind(&dir.join("etc"), "/etc").env("HOME", "/started/with"), options)
}

fn by_name(target: Target) -> Result<()> {
    let lines = report(target, "-u alice")?;
    is(&lines, 1000, 1001, &[10, 50, 80])?;
    same(homes(&lines), vec!["/home/alice"])?;
    let lines = report_with(target, "--groups 5,7", "--user=root")?;
    is(&lines, 0, 0, &[])?;
    same(homes(&lines), vec!["/root"])
}

fn by_number(target: Target) -> Result<()> {
    for number in ["1000", "001000"] {
        // Of the first entry, and not of the group that lists the number as a name.
        let lines = report(target, &format!("-u {number}"))?;
        is(&lines, 1000, 1001, &[10, 50, 80])?;
        same(homes(&lines), vec!["/home/alice"])?;
    }
    let lines = report_with(target, "--groups 5,7", "-u 0")?;
    is(&lines, 0, 0, &[])?;
    same(homes(&lines), vec!["/root"])
}

fn without_entry(target: Target) -> Result<()> {
    for options in ["-u 5", "-u 5:", "--user=005"] {
        let lines = report_with(target, "--groups 5,6", options)?;
        is(&lines, 5, 7, &[])?;
        same(homes(&lines), vec!["/"])?;
    }
    let lines = report_with(target, "--groups 5,6", "-u 5:60")?;
    is(&lines, 5, 60, &[])?;
    same(homes(&lines), vec!["/"])
}

fn without_files(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    fs::create_dir(dir.join("etc"))?;
    for (options, user, group) in
        [("-u 5", 5, 0), ("-u 5:6", 5, 6), ("-u 5 -g 6", 5, 6), ("-u :6", 0, 6), ("-g 6", 0, 6)]
    {
        let lines = report_of(&dir, pid1(target).bind(&dir.join("etc"), "/etc"), options)?;
        is(&lines, user, group, &[]).with_context(|| options.to_owned())?;
    }
    Ok(())
}

fn digits(target: Target) -> Result<()> {
    let lines = report(target, "-u 77")?;
    is(&lines, 88, 99, &[])?;
    same(homes(&lines), vec!["/home/digits"])?;
    is(&report(target, "-u 5:77")?, 5, 99, &[])?;
    is(&report(target, "-u 5 -g 77")?, 5, 99, &[])?;
    // It is compared as a name, so another way to write the number is another name.
    is(&report(target, "-u 077:077")?, 77, 77, &[])
}

fn highest(target: Target) -> Result<()> {
    let max = u32::MAX - 1;
    is(&report(target, "-u 4294967294:4294967294")?, max, max, &[])?;
    is(&report(target, "-u bob")?, max, max, &[10, 60])?;
    is(&report(target, "-u 4294967294")?, max, max, &[10, 60])?;
    is(&report(target, "-u 2147483648:2147483647")?, 1 << 31, (1 << 31) - 1, &[])
}

/// To the kernel it means no change, and COMMAND would be root.
fn minus_one(target: Target) -> Result<()> {
    for id in ["4294967295", "4294967296", "99999999999999999999", "-1", "", "x", "1 ", " 1", "0x1", "1\r"] {
        for passwd in [format!("eve:x:{id}:1::/:/bin/sh\n"), format!("eve:x:1:{id}::/:/bin/sh\n")] {
            refuses(target, &passwd, GROUP, "-u eve", "eve: bad ID in /etc/passwd or /etc/group")?;
        }
        let group = format!("bad:x:{id}:alice\n");
        refuses(target, PASSWD, &group, "-u 5 -g bad", "bad: unknown group")?;
        refuses(target, PASSWD, &group, "-u 5:bad", "bad: unknown group")?;
        refuses(target, PASSWD, &group, "-u alice", "alice: bad ID in /etc/passwd or /etc/group")?;
        refuses(target, PASSWD, &group, "-u 1000", "1000: bad ID in /etc/passwd or /etc/group")?;
    }
    // The group of an entry that a number leads to.
    let passwd = "eve:x:5:4294967295::/:\n";
    refuses(target, passwd, GROUP, "-u 5", "5: bad ID in /etc/passwd or /etc/group")
}

fn home(target: Target) -> Result<()> {
    for options in ["-u alice -e HOME=/else", "-e HOME=/else -u alice", "-e HOME=/else -u 5"] {
        same(homes(&report(target, options)?), vec!["/else"])?;
    }
    same(homes(&report(target, "-e HOME= -u alice")?), vec![""])?;
    same(homes(&report(target, "-e HOMEX=/else -u alice")?), vec!["/home/alice"])
}

fn no_home(target: Target) -> Result<()> {
    same(homes(&report(target, "-u nohome")?), vec![""])?;
    same(homes(&report_from(target, "alice:x:1000:1001", GROUP, "-u alice")?), vec![""])
}

fn last_wins(target: Target) -> Result<()> {
    let lines = report(target, "-u bob:other -u alice")?;
    is(&lines, 1000, 1001, &[10, 50, 80])?;
    same(homes(&lines), vec!["/home/alice"])?;
    is(&report(target, "-g staff -u 5 -g wheel")?, 5, 10, &[])
}

fn unknown(target: Target) -> Result<()> {
    for (options, message) in [
        ("-u carol", "carol: unknown user"),
        ("-u carol:staff", "carol: unknown user"),
        ("-u carol:nosuchgroup", "carol: unknown user"),
        ("-u :", ":: unknown user"),
        ("-u Alice", "Alice: unknown user"),
        ("-u 4294967295", "4294967295: unknown user"),
        ("-u -1", "-1: unknown user"),
        ("-u 0day", "0day: unknown user"),
        ("-u alice:nosuchgroup", "nosuchgroup: unknown group"),
        ("-u alice:staff:", "staff:: unknown group"),
        ("-u 5:4294967295", "4294967295: unknown group"),
        ("-u :nosuchgroup", "nosuchgroup: unknown group"),
        ("-g nosuchgroup", "nosuchgroup: unknown group"),
        ("-u alice -g 0day", "0day: unknown group"),
    ] {
        refuses(target, PASSWD, GROUP, options, message).with_context(|| options.to_owned())?;
    }
    Ok(())
}

fn workdir(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = with_files(&dir, target, PASSWD, GROUP)?;
    dir.file("closed/file", "", 0o600)?;
    let closed = dir.join("closed");
    fs::set_permissions(&closed, PermissionsExt::from_mode(0o700))?;
    let launcher = with(launcher, ["-u", "alice", "-w"]).argument(&closed);
    let outcome = with(launcher, ["touch".as_ref(), dir.join("ran").as_os_str()]).run()?;
    fails(&outcome, 125, &format!("{}: EACCES", closed.display()))?;
    ensure!(!dir.join("ran").exists(), "COMMAND ran");
    Ok(())
}
