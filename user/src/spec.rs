//! Users and groups as a command line names them.

use mote_rt::{StringBuf, ThinCStr, text};

/// The user and the group to switch to, each by name or by ID.
#[derive(Clone, Copy, Default)]
pub struct Spec {
    /// The user, if it is to be switched.
    pub user: Option<ThinCStr<'static>>,
    /// The group, if it is not the user's own.
    pub group: Option<ThinCStr<'static>>,
}

impl Spec {
    /// Parses `USER`, `USER:GROUP` or `:GROUP`. An empty group is none, and so is an empty user before a group. Returns
    /// `None` if there is no memory.
    pub fn parse(spec: ThinCStr<'static>) -> Option<Self> {
        let Some(group) = spec.behind(b':') else { return Some(Self { user: Some(spec), group: None }) };
        let user = StringBuf::concat(text!(""), spec, b':')?;
        let group = (!group.is_empty()).then_some(group);
        // A colon alone is no user's name.
        let user = if user.is_empty() { group.is_none().then_some(spec) } else { Some(user) };
        Some(Self { user, group })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_is_split_at_the_first_colon() {
        for (spec, user, group) in [
            (c"alice", Some(c"alice"), None),
            (c"alice:", Some(c"alice"), None),
            (c"alice:staff", Some(c"alice"), Some(c"staff")),
            (c"alice:a:b", Some(c"alice"), Some(c"a:b")),
            (c":staff", None, Some(c"staff")),
            (c":", Some(c":"), None),
        ] {
            let parsed = Spec::parse(spec.into()).expect("memory");
            let (user, group) = (user.map(ThinCStr::from), group.map(ThinCStr::from));
            assert!(parsed.user == user && parsed.group == group, "{spec:?}");
        }
    }
}
