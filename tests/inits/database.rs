//! `/etc/passwd` and `/etc/group` as files: of any size, unreadable, binary or missing.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Suite, Target, require};

use crate::etc::{homes, is, open_to_all, refuses, with_files};
use crate::failure::fails;
use crate::fixture::{TestDir, exits, pid1, with, words};

const ALICE: &str = "alice:x:1000:1001:Alice:/home/alice:/bin/sh\n";
const STAFF: &str = "staff:x:50:alice\n";

/// `CAP_DAC_OVERRIDE` and `CAP_DAC_READ_SEARCH` of `linux/capability.h`, with which root reads everything.
const READ_EVERYTHING: [u8; 2] = [1, 2];

/// `NGROUPS_MAX` of `linux/limits.h`.
const NGROUPS_MAX: u32 = 65536;

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::more_than_64_groups_are_no_problem", &all, |target| many_groups(target, 200))
        .each("pid1::as_many_groups_as_a_process_may_have_are_all_there", &all, |target| {
            many_groups(target, NGROUPS_MAX - 1)
        })
        .each("pid1::more_groups_than_a_process_may_have_are_an_error", &all, too_many_groups)
        .each("pid1::no_group_is_lost_in_a_file_of_the_shortest_entries", &all, shortest_entries)
        .each("pid1::lines_may_be_100_kb_long", &all, long_lines)
        .each("pid1::a_home_of_any_length_is_passed_on", &all, long_home)
        .each("pid1::garbage_is_passed_over_and_a_file_with_zeros_refused", &all, garbage)
        .each("pid1::a_zero_ends_no_name", &all, zeros)
        .each("pid1::a_missing_file_is_an_empty_one", &all, missing)
        .each("pid1::an_unreadable_file_is_an_error", &all, unreadable)
        .each("pid1::a_directory_in_place_of_a_file_is_an_error", &all, directory)
        .each("pid1::an_empty_file_has_no_entry", &all, empty)
        .each("pid1::files_of_64_mb_are_read_to_the_end", &all, huge)
}

/// Expects these IDs, and these supplementary groups besides the group, with these files.
pub(crate) fn becomes(
    target: Target,
    passwd: impl AsRef<[u8]>,
    group: impl AsRef<[u8]>,
    options: &str,
    (user, id, groups): (u32, u32, &[u32]),
) -> Result<()> {
    let dir = TestDir::new()?;
    let start = with_files(&dir, target, passwd, group)?;
    open_to_all(&dir)?;
    exits(&dir.play(start, options, "report")?.run()?, 0)?;
    is(&dir.lines(), user, id, groups)
}

/// Returns so many groups with alice among as many without her, and the IDs of the former.
fn groups_of_alice(count: u32) -> (String, Vec<u32>) {
    let mut file = String::new();
    for number in 0..count {
        let _ = writeln!(
            file,
            "g{number}:x:{}:bob,alice\nh{number}:x:{}:bob",
            FIRST + number,
            1_000_000 + number
        );
    }
    (file, (FIRST..FIRST + count).collect())
}

/// The ID of the first group of alice.
const FIRST: u32 = 20_000;

fn many_groups(target: Target, count: u32) -> Result<()> {
    let (file, groups) = groups_of_alice(count);
    becomes(target, ALICE, file, "-u alice", (1000, 1001, &groups))
}

/// Groups can also deny, so COMMAND never runs with some of them.
fn too_many_groups(target: Target) -> Result<()> {
    let (file, _) = groups_of_alice(NGROUPS_MAX);
    refuses(target, ALICE, file, "-u alice", "alice: too many groups")
}

/// A group's name may be empty, and the last line may lack its newline.
fn shortest_entries(target: Target) -> Result<()> {
    let groups: Vec<u32> = (1..=9).collect();
    let file: Vec<String> = groups.iter().map(|gid| format!("::{gid}:b")).collect();
    becomes(target, "b:x:1000:1001::/:", file.join("\n"), "-u b", (1000, 1001, &groups))
}

fn long_lines(target: Target) -> Result<()> {
    let long = "x".repeat(100_000);
    let members = format!("{long},{}", "bob,".repeat(25_000));
    let passwd =
        format!("{long}:x:1:1::/:/\nbob:x:2:2:{long}:/:/\nalice:x:1000:1001:{long}:/home/alice:{long}\n");
    let group = format!("one:{long}:20:{members}\n{long}:x:30:bob\ntwo:x:40:{members}alice\n{STAFF}");
    becomes(target, passwd, group, "-u alice", (1000, 1001, &[40, 50]))
}

fn long_home(target: Target) -> Result<()> {
    for length in [400, 500, 600, 1000, 4000, 100_000] {
        let home = format!("/{}", "h".repeat(length));
        let dir = TestDir::new()?;
        let start = with_files(&dir, target, format!("alice:x:1000:1001::{home}:/bin/sh\n"), STAFF)?;
        open_to_all(&dir)?;
        exits(&dir.play(start, "-u alice", "report")?.run()?, 0)?;
        same(homes(&dir.lines()), vec![home.as_str()])?;
    }
    Ok(())
}

/// A zero ends an argument, and must end nothing in a file.
fn zeros(target: Target) -> Result<()> {
    for passwd in ["alice\0:x:0:0::/:/\n", "alice\0x:x:0:0::/:/\n", "\0alice:x:0:0::/:/\n", "\0"] {
        refuses(target, passwd, STAFF, "-u alice", "/etc/passwd: EINVAL")?;
    }
    refuses(target, ALICE, "wheel:x:10:alice\0,bob\n", "-u alice", "/etc/group: EINVAL")
}

fn missing(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    fs::create_dir(dir.join("etc"))?;
    let fails_with = |options: &str, message: &str| {
        let start = words(pid1(target).bind(&dir.join("etc"), "/etc"), options);
        let outcome = with(start, ["touch".as_ref(), dir.join("ran").as_os_str()]).run()?;
        fails(&outcome, 125, message).with_context(|| options.to_owned())
    };
    fails_with("-u alice", "alice: unknown user")?;
    fails_with("-u 5:staff", "staff: unknown group")?;
    fails_with("-g staff", "staff: unknown group")?;
    dir.file("etc/passwd", ALICE, 0o644)?;
    open_to_all(&dir)?;
    let start = pid1(target).bind(&dir.join("etc"), "/etc");
    exits(&dir.play(start, "-u alice", "report")?.run()?, 0)?;
    is(&dir.lines(), 1000, 1001, &[])
}

/// Bytes beyond ASCII may stand in a name. A file with a zero is no text.
fn garbage(target: Target) -> Result<()> {
    let noise = |least: u8| -> Vec<u8> {
        let bytes = (0_u32..200_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8);
        bytes.map(|byte| byte.max(least)).collect()
    };
    let around = |line: &str, noise: &[u8]| [noise, b"\n", line.as_bytes(), noise].concat();
    let (text, binary) = (noise(1), noise(0));
    becomes(target, around(ALICE, &text), around(STAFF, &text), "-u alice", (1000, 1001, &[50]))?;
    refuses(target, &text, &text, "-u alice", "alice: unknown user")?;
    refuses(target, &text, &text, "-u 5 -g staff", "staff: unknown group")?;
    refuses(target, around(ALICE, &binary), STAFF, "-u alice", "/etc/passwd: EINVAL")?;
    refuses(target, ALICE, around(STAFF, &binary), "-u alice", "/etc/group: EINVAL")?;
    refuses(target, ALICE, around(STAFF, &binary), "-u 5 -g staff", "/etc/group: EINVAL")
}

fn unreadable(target: Target) -> Result<()> {
    for (options, file) in [("-u alice", "passwd"), ("-u 5 -g staff", "group"), ("-u alice", "group")] {
        let dir = TestDir::new()?;
        let start = with_files(&dir, target, ALICE, STAFF)?;
        fs::set_permissions(dir.join("etc").join(file), std::os::unix::fs::PermissionsExt::from_mode(0o000))?;
        let start = READ_EVERYTHING.iter().fold(start, |start, number| start.drop_capability(*number));
        let outcome = with(words(start, options), ["sh", "-c", "exit 7"]).run()?;
        fails(&outcome, 125, &format!("/etc/{file}: EACCES"))?;
    }
    Ok(())
}

/// A directory can be opened, but not read.
fn directory(target: Target) -> Result<()> {
    for (options, file) in [("-u alice", "passwd"), ("-u 5 -g staff", "group"), ("-u alice", "group")] {
        let dir = TestDir::new()?;
        let start = with_files(&dir, target, ALICE, STAFF)?;
        let path = dir.join("etc").join(file);
        fs::remove_file(&path)?;
        fs::create_dir(path)?;
        let outcome = with(words(start, options), ["sh", "-c", "exit 7"]).run()?;
        fails(&outcome, 125, &format!("/etc/{file}: EISDIR"))?;
    }
    Ok(())
}

fn empty(target: Target) -> Result<()> {
    for content in ["", "\n", "\n\n\n", ":", "::::::", "\u{1}"] {
        refuses(target, content, STAFF, "-u alice", "alice: unknown user")?;
        refuses(target, ALICE, content, "-u 5 -g staff", "staff: unknown group")?;
        becomes(target, ALICE, content, "-u alice", (1000, 1001, &[]))?;
    }
    Ok(())
}

/// Half of each file is one line.
fn huge(target: Target) -> Result<()> {
    let mut filler = vec![b'x'; 32 << 20];
    filler.push(b'\n');
    let line = b"nobody-in-particular:x:1:1:nobody:nobody\n";
    filler.extend(line.iter().cycle().take(32 << 20).copied());
    filler.push(b'\n');
    let (passwd, group) = ([&filler, ALICE.as_bytes()].concat(), [&filler, STAFF.as_bytes()].concat());
    drop(filler);
    becomes(target, &passwd, &group, "-u alice", (1000, 1001, &[50]))?;
    refuses(target, passwd, group, "-u bob", "bob: unknown user")
}
