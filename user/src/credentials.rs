//! The credentials of the process.

use mote_rt::{ThinCStr, sys, text};

use crate::{
    Spec, UserError,
    database::{Database, parse_id},
};

/// The credentials to switch to.
pub struct Credentials {
    /// The user ID, if it changes.
    pub uid: Option<u32>,
    /// The group ID, if it changes.
    pub gid: Option<u32>,
    /// The supplementary groups.
    pub groups: &'static [u32],
    /// The home directory, which ends before a colon or the NUL, if the user has an entry.
    pub home: Option<ThinCStr<'static>>,
}

/// Reports an error and ends the process.
pub type Fail = fn(&Spec, UserError) -> !;

impl Spec {
    /// Looks up the user and the group. A user's name brings the IDs, the home directory and the supplementary groups
    /// of its entries. A number changes only the user ID.
    ///
    /// Calls `fail` if a file can't be read, or if an entry is missing or malformed.
    // size: `fail` instead of `Result`s saves about 300 bytes of pid1.
    pub fn look_up(&self, fail: Fail) -> Credentials {
        let mut credentials = Credentials { uid: None, gid: None, groups: &[], home: None };
        if let Some(user) = self.user {
            credentials.uid = parse_id(user);
            if credentials.uid.is_none() {
                credentials = self.look_up_name(user, fail);
            }
        }
        if let Some(group) = self.group {
            credentials.gid = parse_id(group);
            if credentials.gid.is_none() {
                let Some(entry) = self.read(text!("/etc/group"), fail).find(group) else {
                    fail(self, UserError::UnknownGroup)
                };
                credentials.gid = entry.gid();
                if credentials.gid.is_none() {
                    fail(self, UserError::BadIdOfGroup);
                }
            }
        }
        credentials
    }

    /// Looks up a user by name.
    fn look_up_name(&self, user: ThinCStr<'_>, fail: Fail) -> Credentials {
        let passwd = self.read(text!("/etc/passwd"), fail);
        let Some(entry) = passwd.find(user) else { fail(self, UserError::UnknownUser) };
        let (uid, gid) = (entry.uid(), entry.primary_gid());
        if uid.is_none() || gid.is_none() {
            fail(self, UserError::BadIdOfUser);
        }
        let groups = self.supplementary_groups(self.read(text!("/etc/group"), fail), user, fail);
        Credentials { uid, gid, groups, home: Some(entry.home()) }
    }

    /// Reads a file of the user database.
    fn read(&self, path: ThinCStr<'static>, fail: Fail) -> Database {
        match Database::read(path) {
            Ok(database) => database,
            Err(error) => fail(self, error),
        }
    }

    /// Returns the IDs of the groups that list `user` as a member.
    fn supplementary_groups(&self, database: Database, user: ThinCStr<'_>, fail: Fail) -> &'static [u32] {
        let most = database.size() / SHORTEST_ENTRY + 1;
        let Some(groups) = sys::mmap_anonymous(most) else { fail(self, UserError::NoMemory) };
        let mut slots = groups.iter_mut();
        let mut count = 0;
        for entry in database.entries().filter(|entry| entry.has_member(user)) {
            let Some(gid) = entry.gid() else { fail(self, UserError::BadIdOfUser) };
            // A group that is lost can give rights: it may be one that is denied something.
            let Some(slot) = slots.next() else { fail(self, UserError::TooManyGroups) };
            *slot = gid;
            count += 1;
        }
        if count > sys::NGROUPS_MAX {
            fail(self, UserError::TooManyGroups);
        }
        groups.get(..count).unwrap_or_default()
    }

    /// Switches the process to the credentials: the supplementary groups first, then the group, then the user, whose
    /// rights are needed for the others. Calls `fail` if the kernel refuses a call.
    pub fn switch_to(&self, credentials: &Credentials, fail: Fail) {
        if let Err(error) = sys::setgroups(credentials.groups) {
            fail(self, UserError::Setgroups(error));
        }
        if let Some(gid) = credentials.gid
            && let Err(error) = sys::setresgid(gid)
        {
            fail(self, UserError::Setgid(error));
        }
        if let Some(uid) = credentials.uid
            && let Err(error) = sys::setresuid(uid)
        {
            fail(self, UserError::Setuid(error));
        }
    }
}

/// The shortest entry of a group with a member, in bytes: `::0:b`, since a name may be empty, and a newline.
const SHORTEST_ENTRY: usize = 6;
