//! Users and groups: from words on a command line, by way of `/etc/passwd` and `/etc/group`, to numbers.
//!
//! Whatever is not as expected ends the process, and COMMAND does not run: it must not run as somebody else.

use mote_rt::{
    buffer::Numbers,
    string::{OwnStr, StackStr},
    sys, text,
};

use crate::{
    report::{Report, TROUBLE},
    words::Word,
};

/// No number of a user or a group: to the kernel it means to leave things as they are.
const NONE: u32 = u32::MAX;

/// The process becomes `USER` or `USER:GROUP`, and of another group if one is named besides. A user's name brings
/// its groups, and its home, which is returned.
#[inline(always)]
pub fn assume<R: Report>(user: Option<OwnStr>, group: Option<OwnStr>) -> Option<OwnStr> {
    let (mut uid, mut gid, mut group, mut home) = (NONE, NONE, group, None);
    let Some(mut groups) = Numbers::with_room(sys::MOST_GROUPS) else { R::fail(None, Word::NO_MEMORY) };
    if let Some(user) = user {
        let own_group = next_field(user);
        if own_group.first() != 0 {
            group = group.or(Some(own_group));
        }
        uid = user.number();
        if uid == NONE {
            let field = find::<R>(text!("/etc/passwd"), *user);
            let next = next_field(field);
            let own_home = next_field(next_field(next));
            next_field(own_home);
            home = Some(own_home);
            uid = valid::<R>(field, *user);
            gid = valid::<R>(next, *user);
            add_groups::<R>(&mut groups, *user);
        }
    }
    R::check(None, Word::SETGROUPS, sys::setgroups(groups.as_slice()));
    if let Some(group) = group {
        gid = group.number();
        if gid == NONE {
            let field = find::<R>(text!("/etc/group"), *group);
            next_field(field);
            gid = valid::<R>(field, *group);
        }
    }
    // The number that is none changes nothing.
    R::check(None, Word::SETGID, sys::setresgid(gid));
    R::check(None, Word::SETUID, sys::setresuid(uid));
    home
}

/// The third field in the first line of a file that begins with `name`.
fn find<R: Report>(path: StackStr, name: StackStr) -> OwnStr {
    let mut line = load::<R>(path);
    // No name is empty, or begins like a comment.
    while line.first() != 0 && name.first() > b'#' {
        let next = line.cut(b'\n');
        let field = next_field(line);
        if line.is(name) {
            return next_field(field);
        }
        line = next;
    }
    R::fail(Some(name), Word::UNKNOWN)
}

/// Adds the supplementary groups of a user.
fn add_groups<R: Report>(groups: &mut Numbers, user: StackStr) {
    let mut line = load::<R>(text!("/etc/group"));
    while line.first() != 0 {
        let next = line.cut(b'\n');
        let group = next_field(next_field(line));
        let mut member = next_field(group);
        // A comment is one, whatever it says.
        while member.first() != 0 && line.first() != b'#' {
            let next = member.cut(b',');
            if member.is(user) && !groups.push(valid::<R>(group, user)) {
                R::fail(Some(user), Word::TOO_MANY_GROUPS);
            }
            member = next;
        }
        line = next;
    }
}

/// Ends a field, and returns the next.
#[inline(never)]
fn next_field(field: OwnStr) -> OwnStr {
    field.cut(b':')
}

/// The number in a field that has to be one.
fn valid<R: Report>(field: OwnStr, name: StackStr) -> u32 {
    let number = field.number();
    if number == NONE {
        R::fail(Some(name), Word::BAD_NUMBER);
    }
    number
}

#[inline(never)]
fn load<R: Report>(path: StackStr) -> OwnStr {
    match sys::load(path) {
        Ok(text) => text,
        Err(error) => R::fail_with(Some(path), Word::ERROR, error, TROUBLE),
    }
}
