//! Entries of `/etc/passwd` and `/etc/group`: pid1 reads them as glibc does, or refuses.

use anyhow::{Context, Result};
use mote_tests::{Suite, Target};

use super::{ALICE, ALONE, Etc, IN_STAFF, STAFF};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, comments_and_blank_lines_are_skipped)
        .test(all, blanks_before_a_name_are_skipped)
        .test(all, blanks_before_a_member_are_skipped)
        .test(all, a_name_that_begins_with_plus_or_minus_never_matches)
        .test(all, the_last_line_may_lack_its_newline)
        .test(all, a_carriage_return_is_part_of_the_last_field)
        .test(all, a_line_that_lacks_fields_is_an_error)
        .test(all, names_are_compared_as_a_whole)
        .test(all, the_first_of_two_entries_counts)
}

fn comments_and_blank_lines_are_skipped(target: Target) -> Result<()> {
    let passwd = format!("# alice:x:1:1::/:/\n\n#alice:x:2:2::/:/\n   \n\n{ALICE}\n#\n");
    let group = format!("\n# staff:x:1:alice\n#staff:x:2:alice\n\n{STAFF}\n\n#");
    Etc::new(passwd, group).gives(target, &[("-u alice", IN_STAFF)])?;
    Etc::new(ALICE, " \t# staff:x:1:alice\n").gives(target, &[("-u alice", ALONE)])?;
    Etc::new("#alice:x:0:0::/:/\n", STAFF).refuses(target, &[("-u #alice", "#alice: unknown user")])?;
    Etc::new(ALICE, "#staff:x:0:\n").refuses(target, &[("-u 5 -g #staff", "#staff: unknown group")])
}

fn blanks_before_a_name_are_skipped(target: Target) -> Result<()> {
    for blank in [" ", "\t", "  \t ", "\r", "\u{b}\u{c}"] {
        Etc::new(format!("{blank}{ALICE}"), format!("{blank}{STAFF}"))
            .gives(target, &[("-u alice -g staff", "1000:50 50 /home/alice"), ("-u 1000", IN_STAFF)])
            .with_context(|| format!("{blank:?}"))?;
    }
    Ok(())
}

/// `staff:x:50:bob, alice` is common in files that are written by hand.
fn blanks_before_a_member_are_skipped(target: Target) -> Result<()> {
    let with = ["bob, alice", "bob,\talice", " alice", "  alice,bob", "bob, \t\r alice,carol", "alice,"];
    let without = ["bob,alice ", "al ice", "alice\t,bob", "a,lice", ", ,", " "];
    let rows = with.map(|members| (members, IN_STAFF)).into_iter();
    for (members, credentials) in rows.chain(without.map(|members| (members, ALONE))) {
        Etc::new(ALICE, format!("staff:x:50:{members}\n"))
            .gives(target, &[("-u alice", credentials)])
            .with_context(|| members.to_owned())?;
    }
    Ok(())
}

/// Such names stand for a directory service (nsswitch.conf(5)), and `+::0:0` must make no user root.
fn a_name_that_begins_with_plus_or_minus_never_matches(target: Target) -> Result<()> {
    for name in ["+alice", "-alice", "+", "-", "+@staff", " +alice"] {
        let user = (format!("-u {name}"), format!("{}: unknown user", name.trim()));
        let group = (format!("-g {name}"), format!("{}: unknown group", name.trim()));
        Etc::new(format!("{name}:x:0:0::/:/\n"), STAFF)
            .refuses(target, &[(&user.0, &user.1), ("-u alice", "alice: unknown user")])?;
        let etc = Etc::new(ALICE, format!("{name}:x:7:alice\n"));
        etc.gives(target, &[("-u alice", ALONE)])?;
        etc.refuses(target, &[(&group.0, &group.1)])?;
    }
    // The ID of such an entry does not match either.
    Etc::new("+alice:x:5:6::/:/\n", STAFF).gives(target, &[("-u 5", "5:0 0 /")])
}

fn the_last_line_may_lack_its_newline(target: Target) -> Result<()> {
    Etc::new(ALICE.trim_end(), STAFF.trim_end()).gives(target, &[("-u alice", IN_STAFF)])?;
    Etc::new(ALICE, "staff:x:50:bob,alice").gives(target, &[("-u alice", IN_STAFF)])?;
    Etc::new(ALICE, "wheel:x:10:").gives(target, &[("-u 5 -g wheel", "5:10 10 /")])?;
    // The field of the members is missing.
    Etc::new(ALICE, "wheel:x:10").gives(target, &[("-u alice", ALONE)])
}

fn a_carriage_return_is_part_of_the_last_field(target: Target) -> Result<()> {
    let passwd = "root:x:0:0::/root:/bin/sh\r\nalice:x:1000:1001::/home/alice:/bin/sh\r\n\r\n";
    let group = "staff:x:50:alice,bob\r\nother:x:60:bob\r\n";
    Etc::new(passwd, group).gives(target, &[("-u alice", IN_STAFF)])?;
    Etc::new(passwd, "staff:x:50:bob,alice\r\n").gives(target, &[("-u alice", ALONE)])?;
    Etc::new(passwd, "staff:x:50\r\n").refuses(target, &[("-g staff", "staff: unknown group")])?;
    Etc::new("alice:x:1000:1001\r\n", STAFF).refuses(target, &[BAD_ID])
}

/// The error of an entry of alice without a valid ID.
const BAD_ID: (&str, &str) = ("-u alice", "alice: bad ID in /etc/passwd or /etc/group");

fn a_line_that_lacks_fields_is_an_error(target: Target) -> Result<()> {
    for entry in ["alice", "alice:", "alice:x", "alice:x:", "alice:x:1000", "alice:x:1000:", "alice:x::1"] {
        let etc = Etc::new(format!("{entry}\n"), STAFF);
        etc.refuses(target, &[BAD_ID]).with_context(|| entry.to_owned())?;
    }
    for entry in ["staff", "staff:", "staff:x", "staff:x:", "staff::"] {
        Etc::new(ALICE, format!("{entry}\n"))
            .refuses(target, &[("-u 5 -g staff", "staff: unknown group")])
            .with_context(|| entry.to_owned())?;
    }
    // The next line is not its continuation.
    Etc::new("alice:x\n1000:1001:1002::/:/\n", STAFF).refuses(target, &[BAD_ID])
}

fn names_are_compared_as_a_whole(target: Target) -> Result<()> {
    let passwd = format!("alic:x:1:1::/:/\nalicex:x:2:2::/:/\nxalice:x:3:3::/:/\nALICE:x:4:4::/:/\n{ALICE}");
    let group = "a:x:1:alic,alicex\nb:x:2:xalice\nc:x:3:alice x\nalice:x:4:bob\nd:x:50:alicex,alice,bob\n";
    let etc = Etc::new(passwd, group);
    etc.gives(target, &[("-u alice", IN_STAFF)])?;
    etc.refuses(target, &[("-u ali", "ali: unknown user")])?;
    Etc::new("a:x:0:0:alice:/:/\n", group).refuses(target, &[("-u alice", "alice: unknown user")])
}

fn the_first_of_two_entries_counts(target: Target) -> Result<()> {
    let passwd = format!("{ALICE}alice:x:0:0::/:/\n");
    let group = "staff:x:50:alice\nstaff:x:51:\n";
    Etc::new(passwd, group).gives(target, &[("-u alice -g staff", "1000:50 50 /home/alice")])
}
