//! Users and groups: from words on a command line, by way of `/etc/passwd` and `/etc/group`, to numbers.
//!
//! Whatever is not as expected ends the process, and COMMAND does not run: it must not run as somebody else.

use core::ffi::CStr;

use mote_rt::{
    buffer::{Memory, Numbers, Text, memory},
    env,
    stack::StackStr,
    sys::{self, Fd},
};

use crate::report::{Report, TROUBLE};

/// Whom COMMAND runs as.
pub struct Identity<'a> {
    /// The user's number.
    pub user: Option<u32>,
    /// The group's number.
    pub group: Option<u32>,
    /// The supplementary groups: those that a user's name brings, and no others.
    pub groups: Numbers,
    /// `HOME=` and the user's home folder.
    pub home: Text<'a>,
}

impl<'a> Identity<'a> {
    /// That of the init itself.
    pub const fn unchanged(home: &'a mut Memory<512>) -> Self {
        Self { user: None, group: None, groups: Numbers::new(), home: Text::new(home) }
    }

    /// Takes `USER` or `USER:GROUP`. A user's name brings its groups and its home.
    pub fn set_user(&mut self, report: Report, user: StackStr) {
        let group = env::split(user, b':');
        if user.number() != u32::MAX {
            self.user = Some(user.number());
        } else {
            self.look_up_user(report, user);
        }
        if let Some(group) = group {
            self.set_group(report, group);
        }
    }

    /// Takes `GROUP`.
    pub fn set_group(&mut self, report: Report, group: StackStr) {
        let mut number = group.number();
        if number == u32::MAX {
            let mut text = memory();
            let mut file = Fields::open(&mut text, report, c"/etc/group", group);
            while !(file.field(b':') == b':' && file.is_wanted()) {
                file.next_line();
            }
            file.field(b':');
            number = file.number();
        }
        self.group = Some(number);
    }

    fn look_up_user(&mut self, report: Report, user: StackStr) {
        let mut text = memory();
        let mut file = Fields::open(&mut text, report, c"/etc/passwd", user);
        while !(file.field(b':') == b':' && file.is_wanted()) {
            file.next_line();
        }
        file.field(b':');
        self.user = Some(file.number());
        self.group = Some(file.number());
        file.field(b':');
        file.field(b':');
        self.home.literal(c"HOME=");
        let cut = file.text.is_cut();
        if let Some(home) = file.text.as_string() {
            self.home.string(home);
        }
        if cut || self.home.is_cut() {
            report.fail(user, c": home too long");
        }

        let mut text = memory();
        let mut file = Fields::open(&mut text, report, c"/etc/group", user);
        while !file.is_empty() {
            // A comment is one, whatever it says.
            if file.field(b':') != b':'
                || file.is_comment()
                || file.field(b':') != b':'
                || file.field(b':') != b':'
            {
                continue;
            }
            let group = file.value();
            while file.end == b':' || file.end == b',' {
                file.field(b',');
                if file.is_wanted() && !self.groups.push(file.valid(group)) {
                    report.fail(user, c": too many groups");
                }
            }
        }
    }
}

/// A file of lines of fields. It may be of any size, and its lines as well.
struct Fields<'a> {
    report: Report,
    path: StackStr,
    /// What is looked for.
    wanted: StackStr,
    file: Fd,
    /// The last field, as much of it as fits.
    text: Text<'a>,
    /// What of `wanted` follows that which the last field agreed with, if it did.
    rest: StackStr,
    same: bool,
    /// What ended it: the separator, the end of the line, or 0 for the end of the file.
    end: u8,
    buffer: [u8; 256],
    length: usize,
    at: usize,
}

impl<'a> Fields<'a> {
    fn open(text: &'a mut Memory<512>, report: Report, path: &'static CStr, wanted: StackStr) -> Self {
        let file = match sys::open(path) {
            Ok(file) => file,
            Err(error) => report.fail_with(path.into(), error, TROUBLE),
        };
        let path = path.into();
        Self {
            report,
            path,
            wanted,
            file,
            text: Text::new(text),
            rest: wanted,
            same: false,
            end: b'\n',
            buffer: [0; 256],
            length: 0,
            at: 0,
        }
    }

    /// Whether the whole file was read.
    fn is_empty(&mut self) -> bool {
        if self.at == self.length {
            self.at = 0;
            self.length = match sys::read(self.file, &mut self.buffer) {
                Ok(length) => length,
                Err(error) => self.report.fail_with(self.path, error, TROUBLE),
            };
        }
        self.length == 0
    }

    /// Reads a field up to `separator`, or to the end of the line. Returns what ended it.
    fn field(&mut self, separator: u8) -> u8 {
        self.text.clear();
        (self.rest, self.same) = (self.wanted, true);
        loop {
            self.end = 0;
            if self.is_empty() {
                break;
            }
            self.end = self.buffer.get(self.at).copied().unwrap_or(0);
            self.at += 1;
            if self.end == separator || self.end == b'\n' {
                break;
            }
            self.same &= self.end != 0 && self.rest.first() == self.end;
            self.rest = self.rest.rest();
            self.text.byte(self.end);
        }
        self.end
    }

    /// Skips what is left of the line that the last field is in. There has to be another.
    fn next_line(&mut self) {
        while self.end != b'\n' {
            if self.end == 0 {
                self.report.fail(self.wanted, c": unknown");
            }
            self.field(b'\n');
        }
    }

    /// Whether the last field is what is looked for. Nobody is called like a comment.
    fn is_wanted(&self) -> bool {
        self.same && self.rest.first() == 0 && !self.is_comment()
    }

    /// Whether the last field, which is a line's first, makes it a comment.
    fn is_comment(&self) -> bool {
        self.text.as_bytes().first() == Some(&b'#')
    }

    /// The last field as a number; `u32::MAX` if it is none.
    fn value(&mut self) -> u32 {
        self.text.as_string().map_or(u32::MAX, StackStr::number)
    }

    /// A field that has to be a number.
    fn number(&mut self) -> u32 {
        if self.end != b':' {
            // The line ends here, and the next one is not its continuation.
            self.valid(u32::MAX);
        }
        self.field(b':');
        let value = self.value();
        self.valid(value)
    }

    fn valid(&self, value: u32) -> u32 {
        if value == u32::MAX {
            self.report.fail(self.wanted, c": bad number");
        }
        value
    }
}
