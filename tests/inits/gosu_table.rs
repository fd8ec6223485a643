//! The specs that gosu is tested with, and what becomes of them, for pid1.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Suite, Target};

use crate::etc::{has, homes, open_to_all, refuses, with_credentials, with_files};
use crate::fixture::{TestDir, exits};

/// As in Debian, with `nobody` in every group, and `games` in `users` as in Alpine.
const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
    daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n\
    games:x:5:60:games:/usr/games:/usr/sbin/nologin\n\
    nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";
const GROUP: &str = "root:x:0:nobody\n\
    daemon:x:1:nobody\n\
    games:x:60:nobody\n\
    users:x:100:nobody,games\n\
    nogroup:x:65534:nobody\n";

/// A spec and the credentials of COMMAND: the uid, the gid, the supplementary groups, and HOME.
type Row = (&'static str, u32, u32, &'static [u32], &'static str);

/// pid1 is started with group 65534, every group as a supplementary one, and HOME `/nowhere`.
const ROWS: [Row; 16] = [
    ("0", 0, 0, &[0], "/root"),
    ("0:0", 0, 0, &[0], "/root"),
    ("root", 0, 0, &[0], "/root"),
    ("0:root", 0, 0, &[0], "/root"),
    ("root:0", 0, 0, &[0], "/root"),
    ("root:root", 0, 0, &[0], "/root"),
    ("1000", 1000, 65534, &[65534], "/"),
    ("0:1000", 0, 1000, &[1000], "/root"),
    ("1000:1000", 1000, 1000, &[1000], "/"),
    ("root:1000", 0, 1000, &[1000], "/root"),
    ("1000:root", 1000, 0, &[0], "/"),
    ("1000:daemon", 1000, 1, &[1], "/"),
    ("games", 5, 60, &[60, 100], "/usr/games"),
    ("games:daemon", 5, 1, &[1], "/usr/games"),
    ("0:", 0, 0, &[0], "/root"),
    // The user stays, and so does HOME.
    (":0", 0, 0, &[0], "/nowhere"),
];

const ERRORS: [(&str, &str); 4] = [
    ("bogus", "bogus: unknown user"),
    ("0day", "0day: unknown user"),
    ("0:bogus", "bogus: unknown group"),
    ("0:0day", "0day: unknown group"),
];

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite.each("pid1::the_specs_of_gosu_s_tests_have_the_same_ids", &all, rows).each(
        "pid1::the_errors_of_gosu_s_tests_are_errors",
        &all,
        errors,
    )
}

fn rows(target: Target) -> Result<()> {
    let mut failures = Vec::new();
    for row in &ROWS {
        if let Err(error) = try_row(target, row) {
            failures.push(format!("{row:?}: {error:#}"));
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

fn try_row(target: Target, (spec, user, group, groups, home): &Row) -> Result<()> {
    let dir = TestDir::new()?;
    with_files(&dir, target, PASSWD, GROUP)?;
    open_to_all(&dir)?;
    let start = with_credentials(target, "--regid 65534 --groups 0,1,60,100,65534")?;
    let start = start.bind(&dir.join("etc"), "/etc").env("HOME", "/nowhere");
    exits(&dir.play(start, &format!("-u {spec}"), "report")?.run()?, 0)?;
    has(&dir.lines(), *user, *group, groups)?;
    same(homes(&dir.lines()), vec![*home])
}

fn errors(target: Target) -> Result<()> {
    for (spec, message) in ERRORS {
        refuses(target, PASSWD, GROUP, &format!("-u {spec}"), message).with_context(|| spec.to_owned())?;
    }
    Ok(())
}
