//! The IDs of a user, by the rules for `/etc/passwd` and `/etc/group`.

use std::collections::BTreeSet;

/// The credentials and the home of COMMAND.
#[derive(Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user ID.
    pub user: u32,
    /// The group ID.
    pub group: u32,
    /// The supplementary groups, one of which is `group`.
    pub groups: BTreeSet<u32>,
    /// The value of HOME, unless that is not changed.
    pub home: Option<Vec<u8>>,
}

/// The fields of an entry.
type Fields<'a> = Vec<&'a [u8]>;

/// Parses an ID.
fn id(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    let is_number = digits.chars().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|id| is_number && *id < u32::MAX)
}

/// Returns an ID of an entry.
fn id_at(fields: &Fields<'_>, index: usize) -> Option<u32> {
    fields.get(index).and_then(|field| id(field))
}

/// Returns the entries of a file; `None` if it is no text.
fn entries(file: &[u8]) -> Option<Vec<Fields<'_>>> {
    let lines = file.split(|byte| *byte == b'\n').map(without_blanks);
    let entries = lines.filter(|line| !line.first().is_some_and(|first| b"#+-".contains(first)));
    (!file.contains(&0)).then(|| entries.map(|line| line.split(|byte| *byte == b':').collect()).collect())
}

/// Returns what follows the blanks at the beginning, which are those of isspace(3).
fn without_blanks(text: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let start = text.iter().position(|byte| !is_blank(byte)).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

/// Returns the first entry that has this name.
fn named<'e, 'f>(entries: &'e [Fields<'f>], name: &[u8]) -> Option<&'e Fields<'f>> {
    entries.iter().find(|fields| !name.is_empty() && fields.first() == Some(&name))
}

/// Returns the IDs of the groups that list a user; `None` if one of them is malformed.
fn memberships(entries: &[Fields<'_>], user: &[u8]) -> Option<BTreeSet<u32>> {
    let lists = |fields: &&Fields<'_>| {
        // A colon does not end the list.
        let list = fields.get(3..).unwrap_or_default().join(&b':');
        let mut members = list.split(|byte| *byte == b',').map(without_blanks);
        members.any(|member| member == user && !user.is_empty())
    };
    entries.iter().filter(lists).map(|fields| id_at(fields, 2)).collect()
}

/// Returns the credentials that COMMAND gets from the values of `-u` and `-g`, if pid1 was started as root; `None` if
/// COMMAND must not run.
pub fn identity(
    passwd: &[u8],
    group: &[u8],
    user: Option<&[u8]>,
    own_group: Option<&[u8]>,
) -> Option<Identity> {
    let mut identity = Identity { user: 0, group: 0, groups: BTreeSet::new(), home: None };
    let mut parts = user.unwrap_or_default().splitn(2, |byte| *byte == b':');
    let name = parts.next().unwrap_or_default();
    let group_of_spec = parts.next().filter(|group| !group.is_empty());
    let wanted = own_group.or(group_of_spec);
    if user.is_some() && (!name.is_empty() || group_of_spec.is_none()) {
        let users = entries(passwd)?;
        let number = id(name);
        let by_id = || users.iter().find(|fields| number.is_some() && id_at(fields, 2) == number);
        identity.home = Some(b"/".to_vec());
        if let Some(fields) = named(&users, name).or_else(by_id) {
            identity.user = id_at(fields, 2)?;
            identity.group = id_at(fields, 3)?;
            identity.home = Some(fields.get(5).map_or(Vec::new(), |home| home.to_vec()));
            if wanted.is_none() {
                identity.groups = memberships(&entries(group)?, fields.first()?)?;
            }
        } else {
            identity.user = number?;
        }
    }
    if let Some(name) = wanted {
        identity.group = match named(&entries(group)?, name) {
            Some(fields) => id_at(fields, 2)?,
            None => id(name)?,
        };
    }
    identity.groups.insert(identity.group);
    Some(identity)
}
