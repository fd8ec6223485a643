//! Entries of `/etc/passwd` and `/etc/group`, which agree with glibc's reading of them, or are an error.

use anyhow::{Context, Result};
use mote_tests::{Suite, Target};

use crate::database::becomes;
use crate::etc::refuses;

const ALICE: &str = "alice:x:1000:1001:Alice:/home/alice:/bin/sh\n";
const STAFF: &str = "staff:x:50:alice\n";

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::comments_and_blank_lines_are_passed_over", &all, comments)
        .each("pid1::blanks_before_a_name_are_skipped", &all, blanks_before_names)
        .each("pid1::blanks_before_a_member_are_skipped", &all, blanks_before_members)
        .each("pid1::names_that_begin_with_plus_or_minus_never_match", &all, directory_services)
        .each("pid1::the_last_line_may_lack_its_newline", &all, no_final_newline)
        .each("pid1::a_carriage_return_is_part_of_the_last_field", &all, carriage_returns)
        .each("pid1::a_line_that_lacks_fields_is_an_error", &all, short_lines)
        .each("pid1::a_name_is_compared_whole", &all, whole_names)
        .each("pid1::the_first_of_two_lines_counts", &all, first_counts)
}

fn comments(target: Target) -> Result<()> {
    let passwd = format!("# alice:x:1:1::/:/\n\n#alice:x:2:2::/:/\n   \n\n{ALICE}\n#\n");
    let group = format!("\n# staff:x:1:alice\n#staff:x:2:alice\n\n{STAFF}\n\n#");
    becomes(target, passwd, group, "-u alice", (1000, 1001, &[50]))?;
    // Blanks precede a comment, too.
    becomes(target, ALICE, " \t# staff:x:1:alice\n", "-u alice", (1000, 1001, &[]))?;
    refuses(target, "#alice:x:0:0::/:/\n", STAFF, "-u #alice", "#alice: unknown user")?;
    refuses(target, ALICE, "#staff:x:0:\n", "-u 5 -g #staff", "#staff: unknown group")
}

fn blanks_before_names(target: Target) -> Result<()> {
    for blank in [" ", "\t", "  \t ", "\r", "\u{b}\u{c}"] {
        let (passwd, group) = (format!("{blank}{ALICE}"), format!("{blank}{STAFF}"));
        becomes(target, &passwd, &group, "-u alice -g staff", (1000, 50, &[]))?;
        becomes(target, passwd, group, "-u 1000", (1000, 1001, &[50]))
            .with_context(|| format!("{blank:?}"))?;
    }
    Ok(())
}

/// `staff:x:50:bob, alice` is common in files that are written by hand.
fn blanks_before_members(target: Target) -> Result<()> {
    for members in ["bob, alice", "bob,\talice", " alice", "  alice,bob", "bob, \t\r alice,carol", "alice,"] {
        let group = format!("staff:x:50:{members}\n");
        becomes(target, ALICE, &group, "-u alice", (1000, 1001, &[50]))
            .with_context(|| members.to_owned())?;
    }
    for members in ["bob,alice ", "al ice", "alice\t,bob", "a,lice", ", ,", " "] {
        let group = format!("staff:x:50:{members}\n");
        becomes(target, ALICE, &group, "-u alice", (1000, 1001, &[])).with_context(|| members.to_owned())?;
    }
    Ok(())
}

/// They stand for a directory service (nsswitch.conf(5)), and `+::0:0` must make nobody root.
fn directory_services(target: Target) -> Result<()> {
    for name in ["+alice", "-alice", "+", "-", "+@staff", " +alice"] {
        let passwd = format!("{name}:x:0:0::/:/\n");
        let trimmed = name.trim();
        refuses(target, &passwd, STAFF, &format!("-u {trimmed}"), &format!("{trimmed}: unknown user"))?;
        refuses(target, &passwd, STAFF, "-u alice", "alice: unknown user")?;
        let group = format!("{name}:x:7:alice\n");
        becomes(target, ALICE, &group, "-u alice", (1000, 1001, &[]))?;
        refuses(target, ALICE, group, &format!("-g {trimmed}"), &format!("{trimmed}: unknown group"))?;
    }
    // Not by their number either.
    becomes(target, "+alice:x:5:6::/:/\n", STAFF, "-u 5", (5, 0, &[]))
}

fn no_final_newline(target: Target) -> Result<()> {
    becomes(target, ALICE.trim_end(), STAFF.trim_end(), "-u alice", (1000, 1001, &[50]))?;
    becomes(target, ALICE, "wheel:x:10:bob,alice", "-u alice", (1000, 1001, &[10]))?;
    becomes(target, ALICE, "wheel:x:10:", "-u 5 -g wheel", (5, 10, &[]))?;
    // Without the field of the members.
    becomes(target, ALICE, "wheel:x:10", "-u alice", (1000, 1001, &[]))
}

fn carriage_returns(target: Target) -> Result<()> {
    let passwd = "root:x:0:0::/root:/bin/sh\r\nalice:x:1000:1001::/home/alice:/bin/sh\r\n\r\n";
    becomes(target, passwd, "staff:x:50:alice,bob\r\nother:x:60:bob\r\n", "-u alice", (1000, 1001, &[50]))?;
    becomes(target, passwd, "staff:x:50:bob,alice\r\n", "-u alice", (1000, 1001, &[]))?;
    refuses(target, passwd, "staff:x:50\r\n", "-g staff", "staff: unknown group")?;
    let message = "alice: bad ID in /etc/passwd or /etc/group";
    refuses(target, "alice:x:1000:1001\r\n", STAFF, "-u alice", message)
}

fn short_lines(target: Target) -> Result<()> {
    for passwd in [
        "alice\n",
        "alice:\n",
        "alice:x\n",
        "alice:x:\n",
        "alice:x:1000\n",
        "alice:x:1000:\n",
        "alice:x::1\n",
    ] {
        refuses(target, passwd, STAFF, "-u alice", "alice: bad ID in /etc/passwd or /etc/group")
            .with_context(|| passwd.to_owned())?;
    }
    for group in ["staff\n", "staff:\n", "staff:x\n", "staff:x:\n", "staff::\n"] {
        refuses(target, ALICE, group, "-u 5 -g staff", "staff: unknown group")
            .with_context(|| group.to_owned())?;
    }
    // The next line is not its continuation.
    let passwd = "alice:x\n1000:1001:1002::/:/\n";
    refuses(target, passwd, STAFF, "-u alice", "alice: bad ID in /etc/passwd or /etc/group")
}

fn whole_names(target: Target) -> Result<()> {
    let passwd = format!("alic:x:1:1::/:/\nalicex:x:2:2::/:/\nxalice:x:3:3::/:/\nALICE:x:4:4::/:/\n{ALICE}");
    let group = "a:x:1:alic,alicex\nb:x:2:xalice\nc:x:3:alice x\nalice:x:4:bob\nd:x:5:alicex,alice,bob\n";
    becomes(target, &passwd, group, "-u alice", (1000, 1001, &[5]))?;
    refuses(target, passwd, group, "-u ali", "ali: unknown user")?;
    refuses(target, "a:x:0:0:alice:/:/\n", group, "-u alice", "alice: unknown user")
}

fn first_counts(target: Target) -> Result<()> {
    let passwd = format!("{ALICE}alice:x:0:0::/:/\n");
    let group = "staff:x:50:alice\nstaff:x:51:\n";
    becomes(target, passwd, group, "-u alice -g staff", (1000, 50, &[50]))
}
