//! `-u` and `-g`: who COMMAND runs as. Each test has an `/etc` of its own.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Case, Cpu, Suite, require};

use crate::etc::{four, is, open_to_all, refuses, with_files};
use crate::scene::{Scene, complains, exits, fact, facts, itself, pid1, with, words};

const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\n\
    alice:x:1000:1001:Alice,,,:/home/alice:/bin/sh\n\
    bob:x:4294967294:4294967294::/home/bob:/bin/sh\n\
    77:x:88:99::/home/digits:/bin/sh\n\
    nohome:x:1002:1002:::\n";

const GROUP: &str = "root:x:0:\n\
    alice:x:1001:\n\
    wheel:x:10:bob,alice\n\
    staff:x:50:alice\n\
    other:x:60:bob\n\
    similar:x:70:alicex,xalice,alic,Alice\n\
    77:x:99:\n\
    single:x:80:alice,\n";

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::a_user_by_name_brings_its_groups_and_home", &all, by_name)
        .each("pid1::a_user_by_number_brings_no_group", &all, by_number)
        .each("pid1::a_user_by_number_needs_no_file", &all, without_files)
        .each("pid1::a_number_drops_supplementary_groups", &Case::native(), drops_groups)
        .each("pid1::a_user_can_name_its_group", &all, with_group)
        .each("pid1::g_wins_over_what_u_brings", &all, group_wins)
        .each("pid1::g_changes_the_group_alone", &all, group_alone)
        .each("pid1::all_digits_are_a_number_even_if_they_are_a_name", &all, digits)
        .each("pid1::ids_go_up_to_4294967294", &all, highest)
        .each("pid1::4294967295_is_no_id_wherever_it_stands", &all, minus_one)
        .each("pid1::e_wins_over_home", &all, home)
        .each("pid1::the_last_user_wins", &all, last_wins)
        .each("pid1::the_workdir_is_one_that_pid1_may_enter_or_an_error", &all, workdir)
        .each("pid1::groups_then_group_then_user", &Case::native(), order)
        .each("pid1::pid1_itself_stays_who_it_is", &Case::native(), stays)
}

/// What COMMAND says of itself.
fn report(case: Case, options: &str) -> Result<Vec<String>> {
    let scene = Scene::new()?;
    let start = with_files(&scene, case, PASSWD, GROUP)?;
    fs::write(scene.path("log"), "")?;
    open_to_all(&scene)?;
    exits(&scene.play(start, options, "report")?.run()?, 0).with_context(|| options.to_owned())?;
    Ok(scene.lines())
}

fn home_of(lines: &[String]) -> Vec<&str> {
    facts(lines, "env").filter(|env| env.starts_with("HOME=")).collect()
}

fn by_name(case: Case) -> Result<()> {
    let lines = report(case, "-u alice")?;
    is(&lines, 1000, 1001, &[10, 50, 80])?;
    same(home_of(&lines), vec!["HOME=/home/alice"])?;
    let lines = report(case, "--user=root")?;
    is(&lines, 0, 0, &[])?;
    same(home_of(&lines), vec!["HOME=/root"])
}

fn by_number(case: Case) -> Result<()> {
    for number in ["1000", "001000"] {
        let lines = report(case, &format!("-u {number}"))?;
        is(&lines, 1000, 0, &[])?;
        ensure!(home_of(&lines) != ["HOME=/home/alice"], "a number brought HOME");
    }
    is(&report(case, "-u 0")?, 0, 0, &[])
}

fn without_files(case: Case) -> Result<()> {
    require::root()?;
    let scene = Scene::new()?;
    fs::create_dir(scene.path("etc"))?;
    for options in ["-u 5", "-u 5:6", "-u 5 -g 6"] {
        open_to_all(&scene)?;
        let start = pid1(case).bind(&scene.path("etc"), "/etc");
        exits(&scene.play(start, options, "report")?.run()?, 0)?;
        is(&scene.lines(), 5, if options == "-u 5" { 0 } else { 6 }, &[])?;
    }
    Ok(())
}

/// The outer pid1 gives the groups of a user to the inner one, which is still root.
fn drops_groups(case: Case) -> Result<()> {
    let group = format!("{GROUP}extra:x:5:root\nmore:x:7:root\n");
    for (options, user) in [("-u 1000", 1000), ("-u 0", 0), ("-u 1000:0", 1000)] {
        let scene = Scene::new()?;
        let start = with_files(&scene, case, PASSWD, &group)?;
        open_to_all(&scene)?;
        let start = with(words(start, "-u root -e X=1 --"), itself(case)?);
        exits(&scene.play(start, options, "report")?.run()?, 0)?;
        is(&scene.lines(), user, 0, &[])?;
    }
    Ok(())
}

fn with_group(case: Case) -> Result<()> {
    for (user, id, group) in [
        ("alice:staff", 1000, 50),
        ("alice:60", 1000, 60),
        ("1000:staff", 1000, 50),
        ("1000:60", 1000, 60),
        ("0:0", 0, 0),
    ] {
        let lines = report(case, &format!("-u {user}"))?;
        same((fact(&lines, "Uid")?, fact(&lines, "Gid")?), (&*four(id), &*four(group)))?;
    }
    same(home_of(&report(case, "-u alice:staff")?), vec!["HOME=/home/alice"])
}

fn group_wins(case: Case) -> Result<()> {
    for options in [
        "-u alice -g staff",
        "-g staff -u alice",
        "-u alice:wheel -g 50",
        "-g 50 -u alice:wheel",
        "--group=staff --user=alice:60",
    ] {
        let lines = report(case, options)?;
        same((fact(&lines, "Uid")?, fact(&lines, "Gid")?), (&*four(1000), &*four(50)))
            .with_context(|| options.to_owned())?;
    }
    Ok(())
}

fn group_alone(case: Case) -> Result<()> {
    for option in ["-g staff", "-g 50", "-gstaff", "--group staff"] {
        let lines = report(case, option)?;
        same((fact(&lines, "Uid")?, fact(&lines, "Gid")?), (&*four(0), &*four(50)))?;
    }
    Ok(())
}

fn digits(case: Case) -> Result<()> {
    is(&report(case, "-u 77")?, 77, 0, &[])?;
    is(&report(case, "-u 5:77")?, 5, 77, &[])?;
    is(&report(case, "-u 5 -g 77")?, 5, 77, &[])
}

fn highest(case: Case) -> Result<()> {
    is(&report(case, "-u 4294967294:4294967294")?, u32::MAX - 1, u32::MAX - 1, &[])?;
    is(&report(case, "-u bob")?, u32::MAX - 1, u32::MAX - 1, &[10, 60])?;
    is(&report(case, "-u 2147483648:2147483647")?, 1 << 31, (1 << 31) - 1, &[])
}

/// Elsewhere it means "leave it as it is", which is root.
fn minus_one(case: Case) -> Result<()> {
    for id in ["4294967295", "4294967296", "99999999999999999999", "-1", "", "x", "1 "] {
        for passwd in [format!("eve:x:{id}:1::/:/bin/sh\n"), format!("eve:x:1:{id}::/:/bin/sh\n")] {
            refuses(case, &passwd, GROUP, "-u eve", "eve")?;
        }
        refuses(case, PASSWD, format!("bad:x:{id}:\n"), "-u 5 -g bad", "bad")?;
        refuses(case, PASSWD, format!("bad:x:{id}:\n"), "-u 5:bad", "bad")?;
        // What it is a member of: the group is not to be had, and never is another one instead.
        let scene = Scene::new()?;
        let start = with_files(&scene, case, PASSWD, format!("bad:x:{id}:alice\n"))?;
        open_to_all(&scene)?;
        scene.play(start, "-u alice", "report")?.run()?;
        if !scene.lines().is_empty() {
            is(&scene.lines(), 1000, 1001, &[])?;
        }
    }
    Ok(())
}

fn home(case: Case) -> Result<()> {
    for options in ["-u alice -e HOME=/else", "-e HOME=/else -u alice"] {
        same(home_of(&report(case, options)?), vec!["HOME=/else"])?;
    }
    same(home_of(&report(case, "-e HOME= -u alice")?), vec!["HOME="])
}

fn last_wins(case: Case) -> Result<()> {
    let lines = report(case, "-u bob:other -u alice")?;
    is(&lines, 1000, 1001, &[10, 50, 80])?;
    same(home_of(&lines), vec!["HOME=/home/alice"])?;
    same(fact(&report(case, "-g staff -u 5 -g wheel")?, "Gid")?, &*four(10))
}

/// It never runs elsewhere than it was told.
fn workdir(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let start = with_files(&scene, case, PASSWD, GROUP)?;
    open_to_all(&scene)?;
    scene.file("closed/file", "", 0o600)?;
    let closed = scene.path("closed");
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    let outcome = scene.play(start, &scene.resolve("-u alice -w @closed"), "report")?.run()?;
    match scene.lines().as_slice() {
        [] => complains(&outcome, 125, &["closed", "EACCES"]),
        lines => same(fact(lines, "cwd")?, &closed.canonicalize()?.display().to_string()),
    }
}

fn order(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let start = with_files(&scene, case, PASSWD, GROUP)?.trace(&scene.path("calls")).strace("-f");
    let start = with(words(start, "-u alice --"), ["sh", "-c", "exit 7"]);
    exits(&start.run()?, 7)?;
    let calls = fs::read_to_string(scene.path("calls"))?;
    let names = ["setgroups", "setresgid", "setgid", "setresuid", "setuid"];
    let called: Vec<&str> = calls
        .lines()
        .filter_map(|line| line.split_once('(')?.0.split_whitespace().last())
        .map(|call| call.trim_end_matches("32"))
        .filter(|call| names.contains(call))
        .map(|call| call.trim_start_matches("set").trim_start_matches("res"))
        .collect();
    same(called, vec!["groups", "gid", "uid"])
}

fn stays(case: Case) -> Result<()> {
    debug_assert_eq!(case.cpu, Cpu::Native);
    let scene = Scene::new()?;
    let start = with_files(&scene, case, PASSWD, GROUP)?;
    open_to_all(&scene)?;
    let running = scene.start(start, "-u alice", "say=ready sleep")?;
    let status = fs::read_to_string(format!("/proc/{}/status", running.pid()))?;
    ensure!(status.lines().any(|line| line == "Uid:\t0\t0\t0\t0"), "{status}");
    Ok(())
}
