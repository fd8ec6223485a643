//! `/etc/passwd` and `/etc/group` (passwd(5), group(5)).

use mote_rt::{Errno, ThinCStr, ThinCStrs, sys};

use crate::UserError;

/// A file of the user database, line by line: each newline is a NUL in this copy.
#[derive(Clone, Copy)]
pub(crate) struct Database(&'static [u8]);

impl Database {
    /// Reads a file. It stays in memory.
    pub(crate) fn read(path: ThinCStr<'static>) -> Result<Self, UserError> {
        let unreadable = |error| UserError::Unreadable { path, error };
        let file = sys::open(path).map_err(unreadable)?;
        // A directory can be opened, and some file systems give it a size, but it can't be read.
        sys::read(file, &mut []).map_err(unreadable)?;
        let size = sys::lseek_end(file).map_err(unreadable)?;
        // A NUL remains behind the last line.
        let text = sys::mmap_anonymous(size.wrapping_add(1)).ok_or(UserError::NoMemory)?;
        sys::pread_start(file, text.get_mut(..size).unwrap_or_default()).map_err(unreadable)?;
        split_lines(text).map(Self).ok_or(unreadable(Errno::EINVAL))
    }

    /// Returns the first entry with this name, which is not empty and begins neither with a blank nor with the sign of
    /// a comment.
    pub(crate) fn find(self, name: ThinCStr<'_>) -> Option<Entry> {
        if name.split_first()?.0 <= b'#' || !name.find(b':').is_empty() {
            return None;
        }
        self.entries().find(|entry| entry.is_called(name))
    }

    /// Returns all entries.
    pub(crate) fn entries(self) -> impl Iterator<Item = Entry> {
        ThinCStrs::new(self.0).map(Entry)
    }

    /// Returns the size of the file.
    pub(crate) fn size(self) -> usize {
        self.0.len()
    }
}

/// Puts a NUL in place of each newline. Returns `None` if a byte before the last one, which is a NUL, was one already.
fn split_lines(text: &'static mut [u8]) -> Option<&'static [u8]> {
    let mut is_text = true;
    if let Some((_, text)) = text.split_last_mut() {
        for byte in text {
            match byte {
                // A file that has shrunk is about to be written. Other NULs are in no text.
                0 => is_text = false,
                b'\n' => *byte = 0,
                _ => {}
            }
        }
    }
    is_text.then_some(text)
}

/// An entry: fields between colons, the first of which is the name.
#[derive(Clone, Copy)]
pub(crate) struct Entry(ThinCStr<'static>);

impl Entry {
    /// Returns whether the entry has a name, which contains no colon.
    fn is_called(self, name: ThinCStr<'_>) -> bool {
        let Some(rest) = self.0.strip_prefix(name) else { return false };
        matches!(rest.split_first(), None | Some((b':', _)))
    }

    /// Returns the user ID in `/etc/passwd`: `name:password:UID:GID:comment:home:shell`.
    pub(crate) fn uid(self) -> Option<u32> {
        self.id(2)
    }

    /// Returns the group ID in `/etc/passwd`.
    pub(crate) fn primary_gid(self) -> Option<u32> {
        self.id(3)
    }

    /// Returns the home directory in `/etc/passwd`, which ends before a colon or the NUL.
    pub(crate) fn home(self) -> ThinCStr<'static> {
        self.field(5)
    }

    /// Returns the group ID in `/etc/group`: `name:password:GID:member,member`.
    pub(crate) fn gid(self) -> Option<u32> {
        self.id(2)
    }

    /// Returns whether the list of members in `/etc/group` contains a user. The entry may be a comment.
    pub(crate) fn has_member(self, user: ThinCStr<'_>) -> bool {
        let is_comment = matches!(self.0.split_first(), Some((b'#', _)));
        let mut members = (!is_comment && user.find(b',').is_empty()).then(|| self.field(3));
        while let Some(member) = members {
            if let Some(rest) = member.strip_prefix(user)
                && matches!(rest.split_first(), None | Some((b',', _)))
            {
                return true;
            }
            members = member.behind(b',');
        }
        false
    }

    /// Returns what follows so many colons; an empty string if there are fewer.
    fn field(self, colons: u32) -> ThinCStr<'static> {
        let mut rest = self.0;
        for _ in 0..colons {
            rest = rest.find(b':');
            rest.take_byte(b':');
        }
        rest
    }

    /// Parses the ID behind so many colons.
    fn id(self, colons: u32) -> Option<u32> {
        let mut rest = self.field(colons);
        let id = rest.take_u32().filter(|id| *id != NO_ID)?;
        matches!(rest.split_first(), None | Some((b':', _))).then_some(id)
    }
}

/// To the kernel this ID means no change, so it is none.
const NO_ID: u32 = u32::MAX;

/// Parses an ID on a command line.
pub(crate) fn parse_id(name: ThinCStr<'_>) -> Option<u32> {
    name.parse_u32().filter(|id| *id != NO_ID)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::ffi::CStr;
    use std::vec::Vec;

    use super::*;

    const PASSWD: &str =
        "#root:x:1:1::/no:\nroot:x:0:0:root:/root:/bin/sh\nalice:x:1000:100:A:/home/alice:\nbob:x:7\0";
    const GROUP: &str = "#no:x:9:alice\nstaff:x:50:bob,alice\nempty:x:51:\nusers:x:100:alice:more\nshort:x\0";

    fn database(text: &str) -> Database {
        Database(split_lines(text.as_bytes().to_vec().leak()).expect("a text"))
    }

    fn passwd(name: &'static CStr) -> Option<Entry> {
        database(PASSWD).find(name.into())
    }

    #[test]
    fn an_entry_is_found_by_its_whole_name() {
        let alice = passwd(c"alice").expect("an entry");
        assert_eq!((alice.uid(), alice.primary_gid()), (Some(1000), Some(100)));
        assert_eq!(alice.home().to_bytes(), b"/home/alice:");
        let bob = passwd(c"bob").expect("an entry");
        assert_eq!((bob.uid(), bob.primary_gid(), bob.home().to_bytes()), (Some(7), None, &b""[..]));
        for unknown in [c"ali", c"alicex", c"", c"#root", c"x", c" alice", c"root\nalice", c"alice:x"] {
            assert!(passwd(unknown).is_none(), "{unknown:?}");
        }
    }

    #[test]
    fn groups_are_found_by_name_and_by_member() {
        let group = database(GROUP);
        let gid = |name: &'static CStr| group.find(name.into()).map(Entry::gid);
        assert_eq!((gid(c"staff"), gid(c"short"), gid(c"no")), (Some(Some(50)), Some(None), None));
        let gids = |user: &'static CStr| {
            group.entries().filter(|entry| entry.has_member(user.into())).map(Entry::gid).collect::<Vec<_>>()
        };
        assert_eq!(gids(c"alice"), [Some(50)]);
        assert_eq!(gids(c"bob"), [Some(50)]);
        for other in [c"ali", c"bob,alice", c"more", c"alice\nempty", c"alice:more:"] {
            assert!(gids(other).is_empty(), "{other:?}");
        }
    }

    #[test]
    fn a_nul_is_in_no_text() {
        for text in ["a\0b\0", "\0\0", "a\n\0\0"] {
            assert!(split_lines(text.as_bytes().to_vec().leak()).is_none(), "{text:?}");
        }
        assert!(database("\0").find(c"a".into()).is_none());
    }

    #[test]
    fn ids_leave_out_the_largest_number() {
        for (id, expected) in [("0", 0), ("4294967294", 4_294_967_294), ("7:8", 7)] {
            assert_eq!(
                database(&std::format!("a::{id}\0")).find(c"a".into()).and_then(Entry::uid),
                Some(expected)
            );
        }
        for wrong in ["", "-1", "4294967295", "4294967296", "1\r", "1 ", ":1"] {
            let entry = database(&std::format!("a::{wrong}\0")).find(c"a".into()).expect("an entry");
            assert_eq!(entry.uid(), None, "{wrong:?}");
        }
    }
}
