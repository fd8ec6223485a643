//! `/etc/passwd` and `/etc/group`. The first two lines of an input are the arguments of `-u` and `-g`, unless they are
//! empty; the files follow, with a line of two percent signs between them.

use anyhow::{Context, Result, ensure};
use mote_tests::End;
use mote_tests::model::identity::identity;

use super::pid1::is_refused;
use crate::report;
use crate::sandbox::Sandbox;
use crate::text::{text, without_nul};

/// The end of the first file and the line behind it.
const SEPARATOR: &[u8] = b"\n%%\n";

pub(crate) fn check(sandbox: &Sandbox, input: &[u8]) -> Result<()> {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let mut argument = || Some(without_nul(lines.next()?)).filter(|argument| !argument.is_empty());
    let (user, group) = (argument(), argument());
    let files = lines.next().unwrap_or_default();
    let separator = files.windows(SEPARATOR.len()).position(|bytes| bytes == SEPARATOR);
    let (passwd, groups) =
        separator.map_or((files, &b""[..]), |at| (&files[..=at], &files[at + SEPARATOR.len()..]));
    sandbox.set_users(passwd, groups)?;
    let options = [(&b"-u"[..], &user), (b"-g", &group)];
    let options = options.iter().flat_map(|(option, value)| Some([*option, value.as_deref()?])).flatten();
    let arguments: Vec<&[u8]> = options.chain([&b"--"[..], report::NAME.as_bytes()]).collect();
    let outcome = sandbox.run(&arguments, &[])?;
    let expected = identity(passwd, groups, user.as_deref(), group.as_deref());
    let described = format!("the model says {expected:?}");
    let Some(identity) = expected else { return is_refused(&outcome, 125..=125, false).context(described) };
    ensure!(outcome.end == End::Exited(0) && outcome.stderr.is_empty(), "{described}: {outcome:?}");
    let mut report = sandbox.report(&[report::NAME.to_owned()])?;
    report.switch(identity.user, identity.group, identity.groups);
    if let Some(home) = identity.home {
        report.set("HOME", &text(&home));
    }
    report.is_in(&outcome).context(described)
}
