//! `-u`: the IDs and the HOME of COMMAND. Each test has an `/etc` of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Case, Start, Suite, require};

use crate::etc::{homes, is, open_to_all, refuses, with_credentials, with_files};
use crate::failure::fails;
use crate::scene::{Scene, exits, pid1, with};

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
    let all = Case::all();
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
pub(crate) fn report(case: Case, options: &str) -> Result<Vec<String>> {
    report_from(case, PASSWD, GROUP, options)
}

/// Returns the report of COMMAND with these files.
pub(crate) fn report_from(case: Case, passwd: &str, group: &str, options: &str) -> Result<Vec<String>> {
    let scene = Scene::new()?;
    report_of(&scene, with_files(&scene, case, passwd, group)?, options)
}

fn report_of(scene: &Scene, start: Start, options: &str) -> Result<Vec<String>> {
    open_to_all(scene)?;
    exits(&scene.play(start, options, "report")?.run()?, 0).with_context(|| options.to_owned())?;
    Ok(scene.lines())
}

/// Returns the report of COMMAND, started by root with group 7 and these supplementary groups.
pub(crate) fn report_with(case: Case, groups: &str, options: &str) -> Result<Vec<String>> {
    let scene = Scene::new()?;
    with_files(&scene, case, PASSWD, GROUP)?;
    let start = with_credentials(case, &format!("--regid 7 {groups}"))?;
    report_of(&scene, start.bind(&scene.path("etc"), "/etc").env("HOME", "/started/with"), options)
}

fn by_name(case: Case) -> Result<()> {
    let lines = report(case, "-u alice")?;
    is(&lines, 1000, 1001, &[10, 50, 80])?;
    same(homes(&lines), vec!["/home/alice"])?;
    let lines = report_with(case, "--groups 5,7", "--user=root")?;
    is(&lines, 0, 0, &[])?;
    same(homes(&lines), vec!["/root"])
}

fn by_number(case: Case) -> Result<()> {
    for number in ["1000", "001000"] {
        // Of the first entry, and not of the group that lists the number as a name.
        let lines = report(case, &format!("-u {number}"))?;
        is(&lines, 1000, 1001, &[10, 50, 80])?;
        same(homes(&lines), vec!["/home/alice"])?;
    }
    let lines = report_with(case, "--groups 5,7", "-u 0")?;
    is(&lines, 0, 0, &[])?;
    same(homes(&lines), vec!["/root"])
}

fn without_entry(case: Case) -> Result<()> {
    for options in ["-u 5", "-u 5:", "--user=005"] {
        let lines = report_with(case, "--groups 5,6", options)?;
        is(&lines, 5, 7, &[])?;
        same(homes(&lines), vec!["/"])?;
    }
    let lines = report_with(case, "--groups 5,6", "-u 5:60")?;
    is(&lines, 5, 60, &[])?;
    same(homes(&lines), vec!["/"])
}

fn without_files(case: Case) -> Result<()> {
    require::root()?;
    let scene = Scene::new()?;
    fs::create_dir(scene.path("etc"))?;
    for (options, user, group) in
        [("-u 5", 5, 0), ("-u 5:6", 5, 6), ("-u 5 -g 6", 5, 6), ("-u :6", 0, 6), ("-g 6", 0, 6)]
    {
        let lines = report_of(&scene, pid1(case).bind(&scene.path("etc"), "/etc"), options)?;
        is(&lines, user, group, &[]).with_context(|| options.to_owned())?;
    }
    Ok(())
}

fn digits(case: Case) -> Result<()> {
    let lines = report(case, "-u 77")?;
    is(&lines, 88, 99, &[])?;
    same(homes(&lines), vec!["/home/digits"])?;
    is(&report(case, "-u 5:77")?, 5, 99, &[])?;
    is(&report(case, "-u 5 -g 77")?, 5, 99, &[])?;
    // It is compared as a name, so another way to write the number is another name.
    is(&report(case, "-u 077:077")?, 77, 77, &[])
}

fn highest(case: Case) -> Result<()> {
    let max = u32::MAX - 1;
    is(&report(case, "-u 4294967294:4294967294")?, max, max, &[])?;
    is(&report(case, "-u bob")?, max, max, &[10, 60])?;
    is(&report(case, "-u 4294967294")?, max, max, &[10, 60])?;
    is(&report(case, "-u 2147483648:2147483647")?, 1 << 31, (1 << 31) - 1, &[])
}

/// To the kernel it means no change, and COMMAND would be root.
fn minus_one(case: Case) -> Result<()> {
    for id in ["4294967295", "4294967296", "99999999999999999999", "-1", "", "x", "1 ", " 1", "0x1", "1\r"] {
        for passwd in [format!("eve:x:{id}:1::/:/bin/sh\n"), format!("eve:x:1:{id}::/:/bin/sh\n")] {
            refuses(case, &passwd, GROUP, "-u eve", "eve: bad ID in /etc/passwd or /etc/group")?;
        }
        let group = format!("bad:x:{id}:alice\n");
        refuses(case, PASSWD, &group, "-u 5 -g bad", "bad: unknown group")?;
        refuses(case, PASSWD, &group, "-u 5:bad", "bad: unknown group")?;
        refuses(case, PASSWD, &group, "-u alice", "alice: bad ID in /etc/passwd or /etc/group")?;
        refuses(case, PASSWD, &group, "-u 1000", "1000: bad ID in /etc/passwd or /etc/group")?;
    }
    // The group of an entry that a number leads to.
    let passwd = "eve:x:5:4294967295::/:\n";
    refuses(case, passwd, GROUP, "-u 5", "5: bad ID in /etc/passwd or /etc/group")
}

fn home(case: Case) -> Result<()> {
    for options in ["-u alice -e HOME=/else", "-e HOME=/else -u alice", "-e HOME=/else -u 5"] {
        same(homes(&report(case, options)?), vec!["/else"])?;
    }
    same(homes(&report(case, "-e HOME= -u alice")?), vec![""])?;
    same(homes(&report(case, "-e HOMEX=/else -u alice")?), vec!["/home/alice"])
}

fn no_home(case: Case) -> Result<()> {
    same(homes(&report(case, "-u nohome")?), vec![""])?;
    same(homes(&report_from(case, "alice:x:1000:1001", GROUP, "-u alice")?), vec![""])
}

fn last_wins(case: Case) -> Result<()> {
    let lines = report(case, "-u bob:other -u alice")?;
    is(&lines, 1000, 1001, &[10, 50, 80])?;
    same(homes(&lines), vec!["/home/alice"])?;
    is(&report(case, "-g staff -u 5 -g wheel")?, 5, 10, &[])
}

fn unknown(case: Case) -> Result<()> {
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
        refuses(case, PASSWD, GROUP, options, message).with_context(|| options.to_owned())?;
    }
    Ok(())
}

fn workdir(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let start = with_files(&scene, case, PASSWD, GROUP)?;
    scene.file("closed/file", "", 0o600)?;
    let closed = scene.path("closed");
    fs::set_permissions(&closed, PermissionsExt::from_mode(0o700))?;
    let start = with(start, ["-u", "alice", "-w"]).argument(&closed);
    let outcome = with(start, ["touch".as_ref(), scene.path("ran").as_os_str()]).run()?;
    fails(&outcome, 125, &format!("{}: EACCES", closed.display()))?;
    ensure!(!scene.path("ran").exists(), "COMMAND ran");
    Ok(())
}
