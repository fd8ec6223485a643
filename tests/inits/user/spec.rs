//! The values of `-u` and `-g`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use anyhow::Result;
use mote_tests::{Suite, Target};

use super::Etc;
use crate::failure::refuses;
use crate::fixture::TestDir;

pub(super) const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\n\
    alice:x:1000:1001:Alice,,,:/home/alice:/bin/sh\n\
    bob:x:4294967294:4294967294::/home/bob:/bin/sh\n\
    77:x:88:99::/home/digits:/bin/sh\n\
    second:x:1000:5::/home/second:/bin/sh\n\
    nohome:x:1002:1002:::\n";

const GROUP: &str = "root:x:0:\n\
    alice:x:1001:\n\
    wheel:x:10:bob,alice\n\
    staff:x:50:alice\n\
    other:x:60:bob,1000,second\n\
    similar:x:70:alicex,xalice,alic,Alice\n\
    77:x:99:\n\
    single:x:80:alice,\n";

/// The credentials of alice.
pub(super) const OF_ALICE: &str = "1000:1001 10,50,80,1001 /home/alice";

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, a_name_gives_the_ids_the_groups_and_home)
        .test(all, an_id_with_an_entry_is_the_same_as_its_name)
        .test(all, an_id_without_an_entry_keeps_the_gid_and_sets_home_to_the_root_directory)
        .test(all, ids_need_no_files)
        .test(all, a_name_of_digits_precedes_an_id)
        .test(all, ids_go_up_to_4294967294)
        .test(all, an_invalid_id_in_an_entry_is_an_error)
        .test(all, home_of_e_precedes_the_one_of_the_entry)
        .test(all, an_entry_without_a_home_sets_an_empty_one)
        .test(all, the_last_user_and_the_last_group_win)
        .test(all, an_unknown_user_or_group_is_named)
        .test(all, the_workdir_is_entered_as_the_user)
}

/// Returns a start of pid1 by root with group 7.
pub(super) fn etc() -> Etc {
    Etc::new(PASSWD, GROUP).setpriv("--regid 7 --groups 5,6")
}

fn a_name_gives_the_ids_the_groups_and_home(target: Target) -> Result<()> {
    etc().gives(target, &[("-u alice", OF_ALICE), ("--user=root", "0:0 0 /root")])
}

/// The first entry counts, and not a member of a group that looks like the ID.
fn an_id_with_an_entry_is_the_same_as_its_name(target: Target) -> Result<()> {
    etc().gives(target, &[("-u 1000", OF_ALICE), ("-u 001000", OF_ALICE), ("-u 0", "0:0 0 /root")])
}

fn an_id_without_an_entry_keeps_the_gid_and_sets_home_to_the_root_directory(target: Target) -> Result<()> {
    etc().gives(
        target,
        &[("-u 5", "5:7 7 /"), ("-u 5:", "5:7 7 /"), ("--user=005", "5:7 7 /"), ("-u 5:60", "5:60 60 /")],
    )
}

fn ids_need_no_files(target: Target) -> Result<()> {
    let rows = [
        ("-u 5", "5:7 7 /"),
        ("-u 5:6", "5:6 6 /"),
        ("-u 5 -g 6", "5:6 6 /"),
        ("-u :6", "0:6 6 /started/with"),
        ("-g 6", "0:6 6 /started/with"),
    ];
    Etc::default().setpriv("--regid 7 --groups 5,6").gives(target, &rows)
}

/// Another way to write the number is another name.
fn a_name_of_digits_precedes_an_id(target: Target) -> Result<()> {
    etc().gives(
        target,
        &[
            ("-u 77", "88:99 99 /home/digits"),
            ("-u 5:77", "5:99 99 /"),
            ("-u 5 -g 77", "5:99 99 /"),
            ("-u 077:077", "77:77 77 /"),
        ],
    )
}

fn ids_go_up_to_4294967294(target: Target) -> Result<()> {
    let bob = "4294967294:4294967294 10,60,4294967294 /home/bob";
    etc().gives(
        target,
        &[
            ("-u 4294967294:4294967294", "4294967294:4294967294 4294967294 /home/bob"),
            ("-u bob", bob),
            ("-u 4294967294", bob),
            ("-u 2147483648:2147483647", "2147483648:2147483647 2147483647 /"),
        ],
    )
}

/// To the kernel 4294967295 means no change, and the child would be root.
fn an_invalid_id_in_an_entry_is_an_error(target: Target) -> Result<()> {
    let eve = [("-u eve", "eve: bad ID in /etc/passwd or /etc/group")];
    for id in ["4294967295", "4294967296", "99999999999999999999", "-1", "", "x", "1 ", " 1", "0x1", "1\r"] {
        for ids in [format!("{id}:1"), format!("1:{id}")] {
            Etc::new(format!("eve:x:{ids}::/:/bin/sh\n"), GROUP).refuses(target, &eve)?;
        }
        let rows = [
            ("-u 5 -g bad", "bad: unknown group"),
            ("-u 5:bad", "bad: unknown group"),
            ("-u alice", "alice: bad ID in /etc/passwd or /etc/group"),
            ("-u 1000", "1000: bad ID in /etc/passwd or /etc/group"),
        ];
        Etc::new(PASSWD, format!("bad:x:{id}:alice\n")).refuses(target, &rows)?;
    }
    let by_id = [("-u 5", "5: bad ID in /etc/passwd or /etc/group")];
    Etc::new("eve:x:5:4294967295::/:\n", GROUP).refuses(target, &by_id)
}

fn home_of_e_precedes_the_one_of_the_entry(target: Target) -> Result<()> {
    etc().gives(
        target,
        &[
            ("-u alice -e HOME=/else", "1000:1001 10,50,80,1001 /else"),
            ("-e HOME=/else -u alice", "1000:1001 10,50,80,1001 /else"),
            ("-e HOME=/else -u 5", "5:7 7 /else"),
            ("-e HOME= -u alice", "1000:1001 10,50,80,1001 "),
            ("-e HOMEX=/else -u alice", OF_ALICE),
        ],
    )
}

fn an_entry_without_a_home_sets_an_empty_one(target: Target) -> Result<()> {
    etc().gives(target, &[("-u nohome", "1002:1002 1002 ")])?;
    Etc::new("alice:x:1000:1001", "").gives(target, &[("-u alice", "1000:1001 1001 ")])
}

fn the_last_user_and_the_last_group_win(target: Target) -> Result<()> {
    etc().gives(target, &[("-u bob:other -u alice", OF_ALICE), ("-g staff -u 5 -g wheel", "5:10 10 /")])
}

fn an_unknown_user_or_group_is_named(target: Target) -> Result<()> {
    etc().refuses(
        target,
        &[
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
        ],
    )
}

fn the_workdir_is_entered_as_the_user(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let closed = dir.join("closed");
    fs::create_dir(&closed)?;
    fs::set_permissions(&closed, PermissionsExt::from_mode(0o700))?;
    let closed = closed.display().to_string();
    refuses(etc().start(&dir, target)?, &["-u", "alice", "-w", &closed], &format!("{closed}: EACCES"))
}
