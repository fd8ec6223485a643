//! `-g`, a group behind the user, and the supplementary groups.

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Suite, Target};

use crate::etc::{has, homes, is};
use crate::users::{PASSWD, report, report_from, report_with};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::the_primary_group_is_a_supplementary_group", &all, primary_group)
        .each("pid1::a_group_in_the_spec_replaces_all_groups", &all, with_group)
        .each("pid1::an_empty_user_before_a_group_is_the_present_one", &all, empty_user)
        .each("pid1::g_wins_over_what_u_brings", &all, group_wins)
        .each("pid1::g_changes_the_groups_alone", &all, group_alone)
        .each("pid1::inherited_groups_are_dropped", &all, drops_groups)
}

/// Without it COMMAND would pass a check that denies the group something (CVE-2022-36109).
fn primary_group(target: Target) -> Result<()> {
    for (options, group) in [("-u nohome", 1002), ("-u alice:60", 60), ("-u 5:60", 60), ("-g 60", 60)] {
        let lines = report_with(target, "--clear-groups", options)?;
        let user = match options {
            "-u nohome" => 1002,
            "-u alice:60" => 1000,
            "-u 5:60" => 5,
            _ => 0,
        };
        has(&lines, user, group, &[group]).with_context(|| options.to_owned())?;
    }
    // Once, even if the group lists the user.
    let group = "alice:x:1001:alice\nstaff:x:50:alice\n";
    has(&report_from(target, PASSWD, group, "-u alice")?, 1000, 1001, &[50, 1001])
}

fn with_group(target: Target) -> Result<()> {
    for (user, id, group, home) in [
        ("alice:staff", 1000, 50, "/home/alice"),
        ("alice:60", 1000, 60, "/home/alice"),
        ("1000:staff", 1000, 50, "/home/alice"),
        ("1000:60", 1000, 60, "/home/alice"),
        ("0:0", 0, 0, "/root"),
        ("root:1001", 0, 1001, "/root"),
    ] {
        let lines = report_with(target, "--groups 5,6", &format!("-u {user}"))?;
        is(&lines, id, group, &[]).with_context(|| user.to_owned())?;
        same(homes(&lines), vec![home])?;
    }
    // An empty group is none.
    is(&report(target, "-u alice:")?, 1000, 1001, &[10, 50, 80])
}

fn empty_user(target: Target) -> Result<()> {
    for (options, group) in [("-u :staff", 50), ("-u :50", 50), ("--user=:0", 0), ("-u :staff -g 60", 60)] {
        let lines = report_with(target, "--groups 5,6", options)?;
        is(&lines, 0, group, &[])?;
        same(homes(&lines), vec!["/started/with"]).with_context(|| options.to_owned())?;
    }
    Ok(())
}

fn group_wins(target: Target) -> Result<()> {
    for options in [
        "-u alice -g staff",
        "-g staff -u alice",
        "-u alice:wheel -g 50",
        "-g 50 -u alice:wheel",
        "--group=staff --user=alice:60",
        "-g staff -u alice:nosuchgroup",
    ] {
        let lines = report(target, options)?;
        is(&lines, 1000, 50, &[]).with_context(|| options.to_owned())?;
        same(homes(&lines), vec!["/home/alice"])?;
    }
    Ok(())
}

fn group_alone(target: Target) -> Result<()> {
    for option in ["-g staff", "-g 50", "-gstaff", "--group staff"] {
        let lines = report_with(target, "--groups 5,6", option)?;
        is(&lines, 0, 50, &[])?;
        same(homes(&lines), vec!["/started/with"])?;
    }
    Ok(())
}

fn drops_groups(target: Target) -> Result<()> {
    for (options, user, group) in
        [("-u 5", 5, 7), ("-u nohome", 1002, 1002), ("-u 0:8", 0, 8), ("-g 8", 0, 8)]
    {
        is(&report_with(target, "--groups 5,6,7,4294967294", options)?, user, group, &[])
            .with_context(|| options.to_owned())?;
    }
    Ok(())
}
