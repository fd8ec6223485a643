//! `-g`, a group in the value of `-u`, and the supplementary groups.

use anyhow::Result;
use mote_tests::{Suite, Target};

use super::Etc;
use super::spec::{OF_ALICE, PASSWD, etc};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, the_gid_is_a_supplementary_group)
        .test(all, a_group_in_the_spec_replaces_all_groups)
        .test(all, an_empty_user_before_a_group_keeps_uid_and_home)
        .test(all, g_replaces_all_groups_of_u)
        .test(all, g_alone_keeps_uid_and_home)
        .test(all, inherited_groups_are_dropped)
        .test(all, specs_of_the_tests_of_gosu_give_the_same_ids)
        .test(all, errors_of_the_tests_of_gosu_are_errors)
}

/// Without it the child would pass a check that denies the group something (CVE-2022-36109).
fn the_gid_is_a_supplementary_group(target: Target) -> Result<()> {
    etc().setpriv("--regid 7 --clear-groups").gives(
        target,
        &[
            ("-u nohome", "1002:1002 1002 "),
            ("-u alice:60", "1000:60 60 /home/alice"),
            ("-u 5:60", "5:60 60 /"),
            ("-g 60", "0:60 60 /started/with"),
        ],
    )?;
    // A group may list the user whose primary group it is.
    let group = "alice:x:1001:alice\nstaff:x:50:alice\n";
    Etc::new(PASSWD, group).gives(target, &[("-u alice", "1000:1001 50,1001 /home/alice")])
}

fn a_group_in_the_spec_replaces_all_groups(target: Target) -> Result<()> {
    etc().gives(
        target,
        &[
            ("-u alice:staff", "1000:50 50 /home/alice"),
            ("-u alice:60", "1000:60 60 /home/alice"),
            ("-u 1000:staff", "1000:50 50 /home/alice"),
            ("-u 1000:60", "1000:60 60 /home/alice"),
            ("-u 0:0", "0:0 0 /root"),
            ("-u root:1001", "0:1001 1001 /root"),
            // An empty group is none.
            ("-u alice:", OF_ALICE),
        ],
    )
}

fn an_empty_user_before_a_group_keeps_uid_and_home(target: Target) -> Result<()> {
    etc().gives(
        target,
        &[
            ("-u :staff", "0:50 50 /started/with"),
            ("-u :50", "0:50 50 /started/with"),
            ("--user=:0", "0:0 0 /started/with"),
            ("-u :staff -g 60", "0:60 60 /started/with"),
        ],
    )
}

fn g_replaces_all_groups_of_u(target: Target) -> Result<()> {
    let options = [
        "-u alice -g staff",
        "-g staff -u alice",
        "-u alice:wheel -g 50",
        "-g 50 -u alice:wheel",
        "--group=staff --user=alice:60",
        "-g staff -u alice:nosuchgroup",
    ];
    etc().gives(target, &options.map(|options| (options, "1000:50 50 /home/alice")))
}

fn g_alone_keeps_uid_and_home(target: Target) -> Result<()> {
    let options = ["-g staff", "-g 50", "-gstaff", "--group staff"];
    etc().gives(target, &options.map(|options| (options, "0:50 50 /started/with")))
}

fn inherited_groups_are_dropped(target: Target) -> Result<()> {
    etc().setpriv("--regid 7 --groups 5,6,7,4294967294").gives(
        target,
        &[
            ("-u 5", "5:7 7 /"),
            ("-u nohome", "1002:1002 1002 "),
            ("-u 0:8", "0:8 8 /root"),
            ("-g 8", "0:8 8 /started/with"),
        ],
    )
}

/// As in Debian, with `nobody` in every group, and `games` in `users` as in Alpine. pid1 is started with every group.
fn debian() -> Etc {
    let passwd = "root:x:0:0:root:/root:/bin/bash\n\
        daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n\
        games:x:5:60:games:/usr/games:/usr/sbin/nologin\n\
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";
    let group = "root:x:0:nobody\n\
        daemon:x:1:nobody\n\
        games:x:60:nobody\n\
        users:x:100:nobody,games\n\
        nogroup:x:65534:nobody\n";
    Etc::new(passwd, group).setpriv("--regid 65534 --groups 0,1,60,100,65534")
}

fn specs_of_the_tests_of_gosu_give_the_same_ids(target: Target) -> Result<()> {
    debian().gives(
        target,
        &[
            ("-u 0", "0:0 0 /root"),
            ("-u 0:0", "0:0 0 /root"),
            ("-u root", "0:0 0 /root"),
            ("-u 0:root", "0:0 0 /root"),
            ("-u root:0", "0:0 0 /root"),
            ("-u root:root", "0:0 0 /root"),
            ("-u 1000", "1000:65534 65534 /"),
            ("-u 0:1000", "0:1000 1000 /root"),
            ("-u 1000:1000", "1000:1000 1000 /"),
            ("-u root:1000", "0:1000 1000 /root"),
            ("-u 1000:root", "1000:0 0 /"),
            ("-u 1000:daemon", "1000:1 1 /"),
            ("-u games", "5:60 60,100 /usr/games"),
            ("-u games:daemon", "5:1 1 /usr/games"),
            ("-u 0:", "0:0 0 /root"),
            ("-u :0", "0:0 0 /started/with"),
        ],
    )
}

fn errors_of_the_tests_of_gosu_are_errors(target: Target) -> Result<()> {
    debian().refuses(
        target,
        &[
            ("-u bogus", "bogus: unknown user"),
            ("-u 0day", "0day: unknown user"),
            ("-u 0:bogus", "bogus: unknown group"),
            ("-u 0:0day", "0day: unknown group"),
        ],
    )
}
