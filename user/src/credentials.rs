//! The credentials of the process.

use mote_rt::{
    Errno, ThinCStr,
    sys::{self, Ids},
    text,
};

use crate::{
    Spec, UserError,
    database::{Database, Entry, parse_id},
};

/// The credentials to switch to.
pub struct Credentials {
    /// The user ID.
    pub uid: u32,
    /// The group ID.
    pub gid: u32,
    /// The supplementary groups, the first of which is `gid`.
    pub groups: &'static [u32],
    /// The home directory, which ends before a colon or the NUL, if the spec names a user: `/` if it has no entry.
    pub home: Option<ThinCStr<'static>>,
    /// Whether the process has these IDs already.
    pub are_present: bool,
}

/// Reports an error and ends the process.
pub type Fail = fn(&Spec, UserError) -> !;

impl Spec {
    /// Looks up the user and the group.
    ///
    /// The user is looked up by name, and then, if it is a number, by ID. Its entry brings the IDs, the home directory
    /// and, unless the spec names a group, the supplementary groups. A number without an entry changes only the user
    /// ID.
    ///
    /// Calls `fail` if a file can't be read, or if an entry is missing or malformed.
    // size: `fail` instead of `Result`s saves about 300 bytes of pid1.
    pub fn look_up(&self, fail: Fail) -> Credentials {
        let (uids, gids) = (sys::getresuid(), sys::getresgid());
        let (mut uid, mut gid, mut home) = (uids.effective, gids.effective, None);
        let mut member = None;
        if let Some(user) = self.user {
            home = Some(text!("/"));
            let id = parse_id(user);
            if let Some(entry) = self.read(text!("/etc/passwd"), fail).find(user, id) {
                let (Some(entry_uid), Some(entry_gid)) = (entry.uid(), entry.primary_gid()) else {
                    fail(self, UserError::BadIdOfUser)
                };
                (uid, gid, home, member) = (entry_uid, entry_gid, Some(entry.home()), Some(entry));
            } else if let Some(id) = id {
                uid = id;
            } else {
                fail(self, UserError::UnknownUser);
            }
        }
        if let Some(group) = self.group {
            member = None;
            let id = if let Some(entry) = self.read(text!("/etc/group"), fail).find(group, None) {
                entry.gid()
            } else {
                parse_id(group)
            };
            let Some(id) = id else { fail(self, UserError::UnknownGroup) };
            gid = id;
        }
        let are_present = uids == Ids::all(uid) && gids == Ids::all(gid);
        Credentials { uid, gid, groups: self.groups(gid, member, fail), home, are_present }
    }

    /// Reads a file of the user database.
    fn read(&self, path: ThinCStr<'static>, fail: Fail) -> Database {
        match Database::read(path) {
            Ok(database) => database,
            Err(error) => fail(self, UserError::Failed { subject: path, error }),
        }
    }

    /// Returns `gid`, and the IDs of the groups that list `member`.
    fn groups(&self, gid: u32, member: Option<Entry>, fail: Fail) -> &'static [u32] {
        let database = match member {
            Some(_) => self.read(text!("/etc/group"), fail),
            None => Database::default(),
        };
        let Some(groups) = sys::mmap_anonymous(database.size() / SHORTEST_ENTRY + 2) else {
            fail(self, UserError::Failed { subject: text!("mmap"), error: Errno::ENOMEM })
        };
        let mut entries = database.entries();
        let mut id = gid;
        let mut count = 0;
        loop {
            // A group that is lost can give rights: it may be one that is denied something.
            match groups.get_mut(count) {
                Some(slot) if count < sys::NGROUPS_MAX => *slot = id,
                _ => fail(self, UserError::TooManyGroups),
            }
            count += 1;
            loop {
                let Some(entry) = entries.next() else { return groups.get(..count).unwrap_or_default() };
                if member.is_some_and(|member| entry.has_member(member)) {
                    let Some(gid) = entry.gid() else { fail(self, UserError::BadIdOfUser) };
                    id = gid;
                    break;
                }
            }
        }
    }

    /// Switches the process to the credentials: the supplementary groups first, then the group, then the user, whose
    /// rights are needed for the others. Clears the ambient capabilities, with which the next program could switch back.
    /// Does nothing if the process has these IDs already. Calls `fail` if the kernel refuses a call.
    pub fn switch_to(&self, credentials: &Credentials, fail: Fail) {
        if credentials.are_present {
            return;
        }
        let check = |subject, result| {
            if let Err(error) = result {
                fail(self, UserError::Failed { subject, error });
            }
        };
        check(text!("setgroups"), sys::setgroups(credentials.groups));
        check(text!("setresgid"), sys::setresgid(credentials.gid));
        check(text!("setresuid"), sys::setresuid(credentials.uid));
        let cleared = sys::prctl_clear_ambient_capabilities();
        // The kernel has none before Linux 4.3.
        if cleared != Err(Errno::EINVAL) {
            check(text!("prctl"), cleared);
        }
    }
}

/// The shortest entry of a group with a member, in bytes: `::0:b`, since a name may be empty, and a newline.
const SHORTEST_ENTRY: usize = 6;
