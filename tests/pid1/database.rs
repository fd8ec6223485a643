//! `/etc/passwd` and `/etc/group` in every condition. When in doubt, COMMAND doesn't run.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Case, Suite, require};

use crate::etc::{is, open_to_all, refuses, with_files};
use crate::scene::{Scene, complains, exits, facts, pid1, with, words};

const ALICE: &str = "alice:x:1000:1001:Alice:/home/alice:/bin/sh\n";
const STAFF: &str = "staff:x:50:alice\n";

/// `CAP_DAC_OVERRIDE` and `CAP_DAC_READ_SEARCH` of `linux/capability.h`: what lets root read everything.
const READ_EVERYTHING: [u8; 2] = [1, 2];

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::more_than_64_groups_are_no_problem", &all, |case| many_groups(case, 200))
        .each("pid1::1000_groups_are_all_there_or_command_never_runs", &all, many_or_none)
        .each("pid1::no_group_is_lost_in_a_file_of_the_shortest_entries", &all, shortest_entries)
        .each("pid1::lines_may_be_100_kb_long", &all, long_lines)
        .each("pid1::comments_and_blank_lines_are_passed_over", &all, comments)
        .each("pid1::the_last_line_may_lack_its_end", &all, no_final_newline)
        .each("pid1::a_line_that_lacks_fields_is_not_guessed_at", &all, short_lines)
        .each("pid1::a_name_is_compared_whole", &all, whole_names)
        .each("pid1::a_home_is_passed_on_whole_or_command_never_runs", &all, long_home)
        .each("pid1::the_first_of_two_lines_counts", &all, first_counts)
        .each("pid1::garbage_is_passed_over_and_a_file_with_zeros_refused", &all, garbage)
        .each("pid1::a_missing_file_is_an_error", &all, missing)
        .each("pid1::an_unreadable_file_is_an_error", &all, unreadable)
        .each("pid1::a_folder_in_place_of_a_file_is_an_error", &all, folder)
        .each("pid1::an_empty_file_knows_nobody", &all, empty)
        .each("pid1::files_of_64_mb_are_read_to_the_end", &all, huge)
}

/// `-u alice` with these files makes this of COMMAND.
fn becomes(
    case: Case,
    passwd: impl AsRef<[u8]>,
    group: impl AsRef<[u8]>,
    options: &str,
    (user, id, groups): (u32, u32, &[u32]),
) -> Result<()> {
    let scene = Scene::new()?;
    let start = with_files(&scene, case, passwd, group)?;
    open_to_all(&scene)?;
    exits(&scene.play(start, options, "report")?.run()?, 0)?;
    is(&scene.lines(), user, id, groups)
}

/// As many groups that alice is in, among as many that she isn't in.
fn groups_of_alice(count: u32) -> (String, Vec<u32>) {
    let mut file = String::new();
    for number in 0..count {
        let _ =
            writeln!(file, "g{number}:x:{}:bob,alice\nh{number}:x:{}:bob", 20_000 + number, 40_000 + number);
    }
    (file, (20_000..20_000 + count).collect())
}

fn many_groups(case: Case, count: u32) -> Result<()> {
    let (file, groups) = groups_of_alice(count);
    becomes(case, ALICE, file, "-u alice", (1000, 1001, &groups))
}

/// A group's name may be empty, and the last line may lack its newline.
fn shortest_entries(case: Case) -> Result<()> {
    let groups: Vec<u32> = (1..=9).collect();
    let file: Vec<String> = groups.iter().map(|gid| format!("::{gid}:b")).collect();
    becomes(case, "b:x:1000:1001::/:", file.join("\n"), "-u b", (1000, 1001, &groups))
}

/// A COMMAND with some of its groups would be a surprise: groups can also deny.
fn many_or_none(case: Case) -> Result<()> {
    let (file, groups) = groups_of_alice(1000);
    let scene = Scene::new()?;
    let start = with_files(&scene, case, ALICE, file)?;
    open_to_all(&scene)?;
    let outcome = scene.play(start, "-u alice", "report")?.run()?;
    if scene.lines().is_empty() {
        return complains(&outcome, 125, &[]);
    }
    is(&scene.lines(), 1000, 1001, &groups)
}

fn long_lines(case: Case) -> Result<()> {
    let long = "x".repeat(100_000);
    let members = format!("{long},{}", "bob,".repeat(25_000));
    let passwd =
        format!("{long}:x:1:1::/:/\nbob:x:2:2:{long}:/:/\nalice:x:1000:1001:{long}:/home/alice:{long}\n");
    let group = format!("one:{long}:20:{members}\n{long}:x:30:bob\ntwo:x:40:{members}alice\n{STAFF}");
    becomes(case, passwd, group, "-u alice", (1000, 1001, &[40, 50]))
}

fn comments(case: Case) -> Result<()> {
    let passwd = format!("# alice:x:1:1::/:/\n\n#alice:x:2:2::/:/\n   \n\n{ALICE}\n#\n");
    let group = format!("\n# staff:x:1:alice\n#staff:x:2:alice\n\n{STAFF}\n\n#");
    becomes(case, passwd, group, "-u alice", (1000, 1001, &[50]))?;
    // Not even if they are asked for.
    refuses(case, "#alice:x:0:0::/:/\n", STAFF, "-u #alice", "#alice")?;
    refuses(case, ALICE, "#staff:x:0:\n", "-u 5 -g #staff", "#staff")
}

fn no_final_newline(case: Case) -> Result<()> {
    becomes(case, ALICE.trim_end(), STAFF.trim_end(), "-u alice", (1000, 1001, &[50]))?;
    becomes(case, ALICE, "wheel:x:10:bob,alice", "-u alice", (1000, 1001, &[10]))?;
    becomes(case, ALICE, "wheel:x:10:", "-u 5 -g wheel", (5, 10, &[]))?;
    // A group that was cut off before its members, as old files are.
    becomes(case, ALICE, "wheel:x:10", "-u alice", (1000, 1001, &[]))
}

fn short_lines(case: Case) -> Result<()> {
    for passwd in [
        "alice\n",
        "alice:\n",
        "alice:x\n",
        "alice:x:\n",
        "alice:x:1000\n",
        "alice:x:1000:\n",
        "alice:x::1\n",
    ] {
        refuses(case, passwd, STAFF, "-u alice", "alice").with_context(|| passwd.to_owned())?;
    }
    for group in ["staff\n", "staff:\n", "staff:x\n", "staff:x:\n", "staff::\n"] {
        refuses(case, ALICE, group, "-u 5 -g staff", "staff").with_context(|| group.to_owned())?;
    }
    // The next line is not its continuation.
    refuses(case, "alice:x\n1000:1001:1002::/:/\n", STAFF, "-u alice", "alice")
}

fn whole_names(case: Case) -> Result<()> {
    let passwd = format!("alic:x:1:1::/:/\nalicex:x:2:2::/:/\nxalice:x:3:3::/:/\nALICE:x:4:4::/:/\n{ALICE}");
    let group = "a:x:1:alic,alicex\nb:x:2:xalice\nc:x:3:alice x\nalice:x:4:bob\nd:x:5:alicex,alice,bob\n";
    becomes(case, &passwd, group, "-u alice", (1000, 1001, &[5]))?;
    refuses(case, passwd, group, "-u ali", "ali")?;
    refuses(case, "a:x:0:0:alice:/:/\n", group, "-u alice", "alice")?;
    // A zero ends a word on the command line, and must end none in a file.
    for passwd in ["alice\0:x:0:0::/:/\n", "alice\0x:x:0:0::/:/\n", "\0alice:x:0:0::/:/\n"] {
        refuses(case, passwd, group, "-u alice", "/etc/passwd")?;
    }
    refuses(case, ALICE, "wheel:x:10:alice\0,bob\n", "-u alice", "/etc/group")
}

fn long_home(case: Case) -> Result<()> {
    for length in [400, 500, 600, 1000, 4000] {
        let home = format!("/{}", "h".repeat(length));
        let scene = Scene::new()?;
        let start = with_files(&scene, case, format!("alice:x:1000:1001::{home}:/bin/sh\n"), STAFF)?;
        open_to_all(&scene)?;
        let outcome = scene.play(start, "-u alice", "report")?.run()?;
        let lines = scene.lines();
        if lines.is_empty() {
            complains(&outcome, 125, &[])?;
        } else {
            let found: Vec<&str> = facts(&lines, "env").filter(|env| env.starts_with("HOME=")).collect();
            same(found, vec![format!("HOME={home}").as_str()])?;
        }
    }
    Ok(())
}

fn first_counts(case: Case) -> Result<()> {
    let passwd = format!("{ALICE}alice:x:0:0::/:/\n");
    let group = "staff:x:50:alice\nstaff:x:51:\n";
    becomes(case, passwd, group, "-u alice -g staff", (1000, 50, &[50]))
}

/// Bytes beyond ASCII are as good as any. A zero would end what comes before it, so it makes the file no text.
fn garbage(case: Case) -> Result<()> {
    let noise = |least: u8| -> Vec<u8> {
        let bytes = (0_u32..200_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8);
        bytes.map(|byte| byte.max(least)).collect()
    };
    let around = |line: &str, noise: &[u8]| [noise, b"\n", line.as_bytes(), noise].concat();
    let (text, binary) = (noise(1), noise(0));
    becomes(case, around(ALICE, &text), around(STAFF, &text), "-u alice", (1000, 1001, &[50]))?;
    refuses(case, &text, &text, "-u alice", "alice")?;
    refuses(case, &text, &text, "-u 5 -g staff", "staff")?;
    refuses(case, around(ALICE, &binary), STAFF, "-u alice", "/etc/passwd: EINVAL")?;
    refuses(case, ALICE, around(STAFF, &binary), "-u alice", "/etc/group: EINVAL")?;
    refuses(case, ALICE, around(STAFF, &binary), "-u 5 -g staff", "/etc/group: EINVAL")
}

fn missing(case: Case) -> Result<()> {
    require::root()?;
    let scene = Scene::new()?;
    fs::create_dir(scene.path("etc"))?;
    let fails = |options: &str, file: &str| {
        let start = words(pid1(case).bind(&scene.path("etc"), "/etc"), options);
        let outcome = with(start, ["touch".as_ref(), scene.path("ran").as_os_str()]).run()?;
        complains(&outcome, 125, &[file, "ENOENT"]).with_context(|| options.to_owned())
    };
    fails("-u alice", "/etc/passwd")?;
    fails("-u 5:staff", "/etc/group")?;
    fails("-g staff", "/etc/group")?;
    // Without it, nobody knows what groups alice is in.
    scene.file("etc/passwd", ALICE, 0o644)?;
    fails("-u alice", "/etc/group")
}

fn unreadable(case: Case) -> Result<()> {
    for (options, file) in [("-u alice", "passwd"), ("-u 5 -g staff", "group"), ("-u alice", "group")] {
        let scene = Scene::new()?;
        let start = with_files(&scene, case, ALICE, STAFF)?;
        fs::set_permissions(
            scene.path("etc").join(file),
            std::os::unix::fs::PermissionsExt::from_mode(0o000),
        )?;
        let start = READ_EVERYTHING.iter().fold(start, |start, number| start.drop_capability(*number));
        let outcome = with(words(start, options), ["sh", "-c", "exit 7"]).run()?;
        complains(&outcome, 125, &[&format!("/etc/{file}"), "EACCES"])?;
    }
    Ok(())
}

/// It can be opened, and not read.
fn folder(case: Case) -> Result<()> {
    for (options, file) in [("-u alice", "passwd"), ("-u 5 -g staff", "group"), ("-u alice", "group")] {
        let scene = Scene::new()?;
        let start = with_files(&scene, case, ALICE, STAFF)?;
        let path = scene.path("etc").join(file);
        fs::remove_file(&path)?;
        fs::create_dir(path)?;
        let outcome = with(words(start, options), ["sh", "-c", "exit 7"]).run()?;
        complains(&outcome, 125, &[&format!("/etc/{file}"), "EISDIR"])?;
    }
    Ok(())
}

fn empty(case: Case) -> Result<()> {
    for content in ["", "\n", "\n\n\n", ":", "::::::", "\u{1}"] {
        refuses(case, content, STAFF, "-u alice", "alice")?;
        refuses(case, ALICE, content, "-u 5 -g staff", "staff")?;
        becomes(case, ALICE, content, "-u alice", (1000, 1001, &[]))?;
    }
    Ok(())
}

/// Half of it is one line.
fn huge(case: Case) -> Result<()> {
    let mut filler = vec![b'x'; 32 << 20];
    filler.push(b'\n');
    let line = b"nobody-in-particular:x:1:1:nobody:nobody\n";
    filler.extend(line.iter().cycle().take(32 << 20).copied());
    filler.push(b'\n');
    let (passwd, group) = ([&filler, ALICE.as_bytes()].concat(), [&filler, STAFF.as_bytes()].concat());
    drop(filler);
    becomes(case, &passwd, &group, "-u alice", (1000, 1001, &[50]))?;
    refuses(case, passwd, group, "-u bob", "bob")
}
