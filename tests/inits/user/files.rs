//! `/etc/passwd` and `/etc/group` as files: of any size, unreadable, binary or missing.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use anyhow::{Context, Result};
use mote_tests::{Launcher, Suite, Target};

use super::{ALICE, ALONE, Etc, IN_STAFF, STAFF};
use crate::failure::refuses;
use crate::fixture::{TestDir, with};

/// `CAP_DAC_OVERRIDE` and `CAP_DAC_READ_SEARCH` of `linux/capability.h`, with which root reads everything.
const READ_EVERYTHING: [u8; 2] = [1, 2];

/// `NGROUPS_MAX` of `linux/limits.h`.
const NGROUPS_MAX: u32 = 65536;

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, a_user_has_all_its_groups_up_to_ngroups_max)
        .test(all, more_groups_than_ngroups_max_are_an_error)
        .test(all, the_shortest_entries_are_read)
        .test(all, lines_of_100_kb_are_read)
        .test(all, a_home_of_any_length_is_passed_on)
        .test(all, a_file_with_a_nul_is_refused)
        .test(all, garbage_is_skipped)
        .test(all, a_missing_file_is_an_empty_one)
        .test(all, an_empty_file_has_no_entry)
        .test(all, an_unreadable_file_is_an_error)
        .test(all, a_directory_in_place_of_a_file_is_an_error)
        .test(all, files_of_64_mb_are_read_to_the_end)
}

/// Returns `count` groups of alice from the ID 20000 on, among as many without her.
fn groups_of_alice(count: u32) -> String {
    (0..count).fold(String::new(), |mut file, n| {
        let _ = writeln!(file, "g{n}:x:{}:bob,alice\nh{n}:x:{}:bob", 20_000 + n, 1_000_000 + n);
        file
    })
}

fn a_user_has_all_its_groups_up_to_ngroups_max(target: Target) -> Result<()> {
    for count in [200, NGROUPS_MAX - 1] {
        let groups: String = (20_000..20_000 + count).map(|gid| format!(",{gid}")).collect();
        let expected = format!("1000:1001 1001{groups} /home/alice");
        Etc::new(ALICE, groups_of_alice(count)).gives(target, &[("-u alice", &expected)])?;
    }
    Ok(())
}

/// Groups can also deny, so the child never runs with some of them.
fn more_groups_than_ngroups_max_are_an_error(target: Target) -> Result<()> {
    let etc = Etc::new(ALICE, groups_of_alice(NGROUPS_MAX));
    etc.refuses(target, &[("-u alice", "alice: too many groups")])
}

/// The name of a group may be empty, and the last line may lack its newline.
fn the_shortest_entries_are_read(target: Target) -> Result<()> {
    let group = (1..=9).map(|gid| format!("::{gid}:b")).collect::<Vec<_>>().join("\n");
    Etc::new("b:x:1000:1001::/:", group).gives(target, &[("-u b", "1000:1001 1,2,3,4,5,6,7,8,9,1001 /")])
}

fn lines_of_100_kb_are_read(target: Target) -> Result<()> {
    let long = "x".repeat(100_000);
    let members = format!("{long},{}", "bob,".repeat(25_000));
    let passwd =
        format!("{long}:x:1:1::/:/\nbob:x:2:2:{long}:/:/\nalice:x:1000:1001:{long}:/home/alice:{long}\n");
    let group = format!("one:{long}:20:{members}\n{long}:x:30:bob\ntwo:x:40:{members}alice\n{STAFF}");
    Etc::new(passwd, group).gives(target, &[("-u alice", "1000:1001 40,50,1001 /home/alice")])
}

fn a_home_of_any_length_is_passed_on(target: Target) -> Result<()> {
    for length in [400, 500, 600, 1000, 4000, 100_000] {
        let home = format!("/{}", "h".repeat(length));
        Etc::new(format!("alice:x:1000:1001::{home}:/bin/sh\n"), STAFF)
            .gives(target, &[("-u alice", &format!("1000:1001 50,1001 {home}"))])?;
    }
    Ok(())
}

/// The error of a file in which alice is looked up.
const BINARY_PASSWD: (&str, &str) = ("-u alice", "/etc/passwd: EINVAL");
const BINARY_GROUP: [(&str, &str); 2] =
    [("-u alice", "/etc/group: EINVAL"), ("-u 5 -g staff", "/etc/group: EINVAL")];

/// A NUL ends an argument, and must end no name in a file.
fn a_file_with_a_nul_is_refused(target: Target) -> Result<()> {
    for passwd in ["alice\0:x:0:0::/:/\n", "alice\0x:x:0:0::/:/\n", "\0alice:x:0:0::/:/\n", "\0"] {
        Etc::new(passwd, STAFF).refuses(target, &[BINARY_PASSWD])?;
    }
    Etc::new(ALICE, "wheel:x:10:alice\0,bob\n").refuses(target, &BINARY_GROUP)?;
    let binary = noise(0);
    Etc::new(around(ALICE, &binary), STAFF).refuses(target, &[BINARY_PASSWD])?;
    Etc::new(ALICE, around(STAFF, &binary)).refuses(target, &BINARY_GROUP)
}

/// Bytes beyond ASCII may stand in a name.
fn garbage_is_skipped(target: Target) -> Result<()> {
    let noise = noise(1);
    Etc::new(around(ALICE, &noise), around(STAFF, &noise)).gives(target, &[("-u alice", IN_STAFF)])?;
    Etc::new(&noise, &noise).refuses(target, &UNKNOWN)
}

/// The errors of an alice and a staff without an entry.
const UNKNOWN: [(&str, &str); 2] =
    [("-u alice", "alice: unknown user"), ("-u 5 -g staff", "staff: unknown group")];

/// Returns 200 kB of bytes, none of which is smaller than `least`.
fn noise(least: u8) -> Vec<u8> {
    (0_u32..200_000).map(|n| ((n.wrapping_mul(2_654_435_761) >> 13) as u8).max(least)).collect()
}

fn around(line: &str, noise: &[u8]) -> Vec<u8> {
    [noise, b"\n", line.as_bytes(), noise].concat()
}

fn a_missing_file_is_an_empty_one(target: Target) -> Result<()> {
    Etc::default().refuses(target, &UNKNOWN)?;
    Etc::default().refuses(target, &[("-u 5:staff", "staff: unknown group")])?;
    let only_passwd = Etc { group: None, ..Etc::new(ALICE, "") };
    only_passwd.gives(target, &[("-u alice", ALONE)])
}

fn an_empty_file_has_no_entry(target: Target) -> Result<()> {
    for content in ["", "\n", "\n\n\n", ":", "::::::", "\u{1}"] {
        Etc::new(content, content).refuses(target, &UNKNOWN).with_context(|| format!("{content:?}"))?;
        Etc::new(ALICE, content).gives(target, &[("-u alice", ALONE)])?;
    }
    Ok(())
}

/// Replaces a file by something that `change` makes of it, and checks the error that it causes for each way to read it.
fn refuses_file(target: Target, error: &str, change: fn(&std::path::Path) -> Result<()>) -> Result<()> {
    for (options, file) in [("-u alice", "passwd"), ("-u 5 -g staff", "group"), ("-u alice", "group")] {
        let dir = TestDir::new()?;
        let launcher = Etc::new(ALICE, STAFF).start(&dir, target)?;
        change(&dir.join("etc").join(file))?;
        let launcher = READ_EVERYTHING.into_iter().fold(launcher, Launcher::drop_capability);
        refuses(with(launcher, options.split(' ')), &["--"; 0], &format!("/etc/{file}: {error}"))?;
    }
    Ok(())
}

fn an_unreadable_file_is_an_error(target: Target) -> Result<()> {
    refuses_file(target, "EACCES", |path| Ok(fs::set_permissions(path, PermissionsExt::from_mode(0o000))?))
}

/// A directory can be opened, but not read.
fn a_directory_in_place_of_a_file_is_an_error(target: Target) -> Result<()> {
    refuses_file(target, "EISDIR", |path| {
        fs::remove_file(path)?;
        Ok(fs::create_dir(path)?)
    })
}

/// Half of each file is one line.
fn files_of_64_mb_are_read_to_the_end(target: Target) -> Result<()> {
    let mut filler = vec![b'x'; 32 << 20];
    filler.push(b'\n');
    filler.extend(b"unrelated-users-name:x:1:1:unrelated:user\n".iter().cycle().take(32 << 20));
    filler.push(b'\n');
    let etc = Etc::new([&filler, ALICE.as_bytes()].concat(), [&filler, STAFF.as_bytes()].concat());
    drop(filler);
    etc.gives(target, &[("-u alice", IN_STAFF)])?;
    etc.refuses(target, &[("-u bob", "bob: unknown user")])
}
