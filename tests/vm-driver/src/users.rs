//! The user and groups of pid1's child, with the machine's `/etc/passwd` and `/etc/group`.

use core::ffi::CStr;

use crate::{
    call,
    inits::DRIVER,
    process::exits,
    report::{self, Check, case, ensure, same},
    start::Environment,
};

/// A user's options; user, group and supplementary groups then, and the variable HOME.
const WHO: [(&str, &[&CStr], [&CStr; 4]); 9] = [
    ("name", &[c"-u", c"app"], [c"1000", c"1001", c"29,44", c"HOME=/home/app"]),
    ("name-and-group", &[c"-u", c"app:audio"], [c"1000", c"29", c"", c"HOME=/home/app"]),
    ("name-and-number", &[c"-u", c"app:50"], [c"1000", c"50", c"", c"HOME=/home/app"]),
    ("number", &[c"-u", c"1000"], [c"1000", c"1001", c"29,44", c"HOME=/home/app"]),
    ("number-without-entry", &[c"-u", c"1234"], [c"1234", c"0", c"", c"HOME=/"]),
    ("numbers", &[c"-u", c"1000:50"], [c"1000", c"50", c"", c"HOME=/home/app"]),
    ("large-numbers", &[c"-u", c"4294967294:4294967294"], [c"4294967294", c"4294967294", c"", c"HOME=/"]),
    ("group", &[c"-g", c"audio"], [c"0", c"29", c"", c""]),
    ("home", &[c"-u", c"app", c"-e", c"HOME=/x"], [c"1000", c"1001", c"29,44", c"HOME=/x"]),
];

/// Options that are refused.
const WRONG: [(&str, [&CStr; 2]); 3] = [
    ("unknown-user", [c"-u", c"nobody"]),
    ("unknown-group", [c"-g", c"nobody"]),
    ("too-large", [c"-u", c"4294967295"]),
];

/// Tries everything.
pub(crate) fn all() {
    for (name, options, [user, group, groups, home]) in WHO {
        let command = [DRIVER, c"identity", user, group, groups, home];
        let mut words = [c"/pid1"; 12];
        let (line, _) = words.split_at_mut(1 + options.len() + command.len());
        line[1..=options.len()].copy_from_slice(options);
        line[1 + options.len()..].copy_from_slice(&command);
        case(format_args!("pid1/users/{name}"), exits(line, 0));
    }
    for (name, [option, value]) in WRONG {
        case(
            format_args!("pid1/users/{name}"),
            exits(&[c"/pid1", option, value, DRIVER, c"exit", c"0"], 125),
        );
    }
}

/// A child that reports its user and groups.
pub(crate) fn identity(expected: [&CStr; 4], environment: Environment) -> i32 {
    match is(expected, environment) {
        Ok(()) => 0,
        Err(reason) => {
            report::line(format_args!("# {reason}"));
            1
        }
    }
}

fn is([user, group, groups, home]: [&CStr; 4], environment: Environment) -> Check {
    let [users, own_groups] = call::identity();
    let group = number(group.to_bytes());
    same("user", users, [number(user.to_bytes()); 3])?;
    same("group", own_groups, [group; 3])?;
    let mut room = [0; 32];
    let found = call::groups(&mut room);
    found.sort_unstable();
    // The group itself may be among them.
    let mut found = found.iter().copied().filter(|id| *id != group);
    for expected in groups.to_bytes().split(|byte| *byte == b',').filter(|digits| !digits.is_empty()) {
        same("supplementary group", found.next(), Some(number(expected)))?;
    }
    same("supplementary group", found.next(), None)?;
    ensure!(home.is_empty() || environment.has(home), "{home:?} is not set");
    Ok(())
}

/// The number in these digits.
pub(crate) fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit & 15))
}
