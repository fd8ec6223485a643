//! Who a user is, by the rules for `/etc/passwd` and `/etc/group`.

use std::collections::BTreeSet;

/// Who COMMAND is.
#[derive(Debug)]
pub struct Identity {
    /// Its user.
    pub user: u32,
    /// Its group.
    pub group: u32,
    /// Its supplementary groups.
    pub groups: BTreeSet<u32>,
    /// Its home; none if that is not changed.
    pub home: Option<Vec<u8>>,
}

/// The number that a field or a word is.
fn id(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    let is_number = digits.chars().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|id| is_number && *id < u32::MAX)
}

fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_digit)
}

/// The fields of the first line that begins with this name.
fn find<'a>(file: &'a [u8], name: &[u8]) -> Option<Vec<&'a [u8]>> {
    name.first().filter(|first| **first > b'#')?;
    let mut lines = lines(file)?.map(|line| line.split(|byte| *byte == b':').collect::<Vec<_>>());
    lines.find(|fields| fields.first() == Some(&name))
}

/// Nothing if it can't be a text.
fn lines(file: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    (!file.contains(&0)).then(|| file.split(|byte| *byte == b'\n'))
}

/// The groups that a user is a member of.
fn memberships(file: &[u8], user: &[u8]) -> Option<BTreeSet<u32>> {
    let mut groups = BTreeSet::new();
    for line in lines(file)?.filter(|line| !line.starts_with(b"#")) {
        let fields: Vec<&[u8]> = line.splitn(4, |byte| *byte == b':').collect();
        if let [_, _, number, members] = fields[..]
            && members.split(|byte| *byte == b',').any(|member| member == user)
        {
            groups.insert(id(number)?);
        }
    }
    Some(groups)
}

/// Who COMMAND is to be; nothing if it must not run. The last two are the arguments of `-u` and `-g`.
pub fn identity(
    passwd: &[u8],
    group: &[u8],
    user: Option<&[u8]>,
    own_group: Option<&[u8]>,
) -> Option<Identity> {
    let mut identity = Identity { user: 0, group: 0, groups: BTreeSet::new(), home: None };
    let mut wanted = own_group;
    if let Some(word) = user {
        let mut parts = word.splitn(2, |byte| *byte == b':');
        let user = parts.next()?;
        wanted = wanted.or(parts.next().filter(|group| !group.is_empty()));
        if is_number(user) {
            identity.user = id(user)?;
        } else {
            let fields = find(passwd, user)?;
            identity.user = id(fields.get(2)?)?;
            identity.group = id(fields.get(3)?)?;
            identity.groups = memberships(group, user)?;
            identity.home = Some(fields.get(5).map_or(Vec::new(), |home| home.to_vec()));
        }
    }
    if let Some(name) = wanted {
        identity.group = if is_number(name) { id(name)? } else { id(find(group, name)?.get(2)?)? };
    }
    Some(identity)
}
