//! `/etc/passwd` and `/etc/group` (passwd(5), group(5)).

use mote_rt::{Errno, ThinCStr, ThinCStrs, sys};

/// A file of the user database, line by line: each newline is a NUL in this copy.
#[derive(Clone, Copy, Default)]
pub(crate) struct Database(&'static [u8]);

impl Database {
    /// Reads a file. It stays in memory. A missing file is an empty one.
    ///
    /// # Errors
    /// ENOMEM if there is no memory, EINVAL if the file is no text, or an error of the kernel.
    pub(crate) fn read(path: ThinCStr<'static>) -> Result<Self, Errno> {
        let file = match sys::open(path) {
            Err(Errno::ENOENT) => return Ok(Self::default()),
            file => file?,
        };
        // A directory can be opened, and some file systems give it a size, but it can't be read.
        sys::read(file, &mut [])?;
        let size = sys::lseek_end(file)?;
        // A NUL remains behind the last line.
        let text = sys::mmap_anonymous(size.wrapping_add(1)).ok_or(Errno::ENOMEM)?;
        sys::pread_start(file, text.get_mut(..size).unwrap_or_default())?;
        split_lines(text).map(Self).ok_or(Errno::EINVAL)
    }

    /// Returns the first entry with this name, or else the first one with this user ID.
    pub(crate) fn find(self, name: ThinCStr<'_>, uid: Option<u32>) -> Option<Entry> {
        let mut with_uid = None;
        for entry in self.entries() {
            if entry.is_called(name) {
                return Some(entry);
            }
            if with_uid.is_none() && uid.is_some() && entry.uid() == uid {
                with_uid = Some(entry);
            }
        }
        with_uid
    }

    /// Returns all entries. Blanks may precede a name (nss_files). Comments are no entries, and neither are lines that
    /// begin with `+` or `-`, which stand for a directory service (nsswitch.conf(5)).
    pub(crate) fn entries(self) -> impl Iterator<Item = Entry> {
        let lines = ThinCStrs::new(self.0).map(skip_blanks);
        lines.filter(|line| !matches!(line.split_first(), Some((b'#' | b'+' | b'-', _)))).map(Entry)
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
    /// Returns whether the entry has this name, which is not empty and contains no colon.
    fn is_called(self, name: ThinCStr<'_>) -> bool {
        let Some(rest) = self.0.strip_prefix(name) else { return false };
        let is_whole = matches!(rest.split_first(), None | Some((b':', _)));
        is_whole && !name.is_empty() && name.find(b':').is_empty()
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

    /// Returns whether the list of members in `/etc/group` contains the user of an entry in `/etc/passwd`. Blanks may
    /// precede a member (nss_files).
    pub(crate) fn has_member(self, user: Self) -> bool {
        let mut members = Some(self.field(3));
        while let Some(list) = members {
            if user.is_first_of(skip_blanks(list)) {
                return true;
            }
            members = list.behind(b',');
        }
        false
    }

    /// Returns whether the first string in a list with commas is the name of the entry, and not empty.
    fn is_first_of(self, list: ThinCStr<'_>) -> bool {
        let (mut name, mut rest) = (self.0, list);
        while let Some((byte, behind)) = name.split_first()
            && byte != b':'
        {
            if byte == b',' || !rest.take_byte(byte) {
                return false;
            }
            name = behind;
        }
        rest.as_ptr() != list.as_ptr() && matches!(rest.split_first(), None | Some((b',', _)))
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

/// Returns what follows the blanks at the beginning.
fn skip_blanks(string: ThinCStr<'static>) -> ThinCStr<'static> {
    let mut string = string;
    while let Some((b' ' | b'\t'..=b'\r', rest)) = string.split_first() {
        string = rest;
    }
    string
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
    const GROUP: &str = "#no:x:9:alice\nstaff:x:50:bob, alice\nempty:x:51:\n \tlist:x:52:carol,\tbob\n  # x:x:9:dave\n\
        -:x:53:erin\nusers:x:100:alice:more\nshort:x\0";

    fn database(text: &str) -> Database {
        Database(split_lines(text.as_bytes().to_vec().leak()).expect("a text"))
    }

    fn passwd(name: &'static CStr) -> Option<Entry> {
        database(PASSWD).find(name.into(), None)
    }

    #[test]
    fn an_entry_is_found_by_its_whole_name() {
        let alice = passwd(c"alice").expect("an entry");
        assert_eq!((alice.uid(), alice.primary_gid()), (Some(1000), Some(100)));
        assert_eq!(alice.home().to_bytes(), b"/home/alice:");
        let bob = passwd(c"bob").expect("an entry");
        assert_eq!((bob.uid(), bob.primary_gid(), bob.home().to_bytes()), (Some(7), None, &b""[..]));
        for unknown in
            [c"ali", c"alicex", c"", c"#root", c"x", c" alice", c"root\nalice", c"alice:x", c"+", c"+nis"]
        {
            assert!(passwd(unknown).is_none(), "{unknown:?}");
        }
    }

    #[test]
    fn an_entry_is_found_by_its_id_if_none_has_the_name() {
        let users = database("+::1000:1::/:\n1001:x:5:5::/a:\nalice:x:1000:100::/b:\nbob:x:1001:7::/c:\n\0");
        let home =
            |name: &'static CStr, id| users.find(name.into(), Some(id)).map(|entry| entry.home().to_bytes());
        assert_eq!(home(c"1000", 1000), Some(&b"/b:"[..]));
        assert_eq!(home(c"1001", 1001), Some(&b"/a:"[..]));
        assert_eq!(home(c"1002", 1002), None);
    }

    #[test]
    fn blanks_precede_names() {
        let users = database("  alice:x:1000:100::/a:\n\t#bob:x:1:1::/:\0");
        assert!(users.find(c"alice".into(), None).is_some() && users.find(c"#bob".into(), None).is_none());
    }

    #[test]
    fn groups_are_found_by_name_and_by_member() {
        let group = database(GROUP);
        let gid = |name: &'static CStr| group.find(name.into(), None).map(Entry::gid);
        assert_eq!((gid(c"staff"), gid(c"short"), gid(c"no")), (Some(Some(50)), Some(None), None));
        let gids = |name: &str| {
            let user = database(&std::format!("{name}:x:1:1\0")).entries().next().expect("an entry");
            group.entries().filter(|entry| entry.has_member(user)).map(Entry::gid).collect::<Vec<_>>()
        };
        assert_eq!(gids("alice"), [Some(50)]);
        assert_eq!(gids("bob"), [Some(50), Some(52)]);
        assert_eq!(gids("carol"), [Some(52)]);
        for other in ["ali", "bob,alice", "more", "", "bob, carol", "dave", "erin"] {
            assert!(gids(other).is_empty(), "{other:?}");
        }
    }

    #[test]
    fn a_nul_is_in_no_text() {
        for text in ["a\0b\0", "\0\0", "a\n\0\0"] {
            assert!(split_lines(text.as_bytes().to_vec().leak()).is_none(), "{text:?}");
        }
        assert!(database("\0").find(c"a".into(), None).is_none());
    }

    #[test]
    fn ids_leave_out_the_largest_number() {
        for (id, expected) in [("0", 0), ("4294967294", 4_294_967_294), ("7:8", 7)] {
            let entry = database(&std::format!("a::{id}\0")).find(c"a".into(), None);
            assert_eq!(entry.and_then(Entry::uid), Some(expected));
        }
        for wrong in ["", "-1", "4294967295", "4294967296", "1\r", "1 ", ":1"] {
            let entry = database(&std::format!("a::{wrong}\0")).find(c"a".into(), None).expect("an entry");
            assert_eq!(entry.uid(), None, "{wrong:?}");
        }
    }
}
