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
    /// Parses `USER` or `USER:GROUP`. An empty group is none. Returns `None` if there is no memory.
    pub fn parse(spec: ThinCStr<'static>) -> Option<Self> {
        let Some(group) = spec.behind(b':') else { return Some(Self { user: Some(spec), group: None }) };
        let user = StringBuf::concat(text!(""), spec, b':')?;
        Some(Self { user: Some(user), group: (!group.is_empty()).then_some(group) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_is_split_at_the_first_colon() {
        for (spec, user, group) in [
            (c"alice", c"alice", None),
            (c"alice:", c"alice", None),
            (c"alice:staff", c"alice", Some(c"staff")),
            (c"alice:a:b", c"alice", Some(c"a:b")),
            (c":staff", c"", Some(c"staff")),
        ] {
            let parsed = Spec::parse(spec.into()).expect("memory");
            assert!(
                parsed.user == Some(user.into()) && parsed.group == group.map(ThinCStr::from),
                "{spec:?}"
            );
        }
    }
}
