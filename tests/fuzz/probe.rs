//! COMMAND of the programs under test: this very file under another name.

use std::env;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

use nix::unistd::{getgroups, getresgid, getresuid};

/// The name that COMMAND is found by.
pub(crate) const NAME: &str = "probe";

/// Says who and where it is and what it was given, and exits with the status that its first argument is, or with 0.
pub(crate) fn run(name: &OsStr) -> ExitCode {
    let words: Vec<_> = env::args_os().skip(1).collect();
    let status = words.first().and_then(|word| word.to_str()?.parse().ok()).unwrap_or(0);
    let mut said = vec![fact(b'a', name.as_bytes())];
    said.extend(words.iter().map(|word| fact(b'a', word.as_bytes())));
    let mut variables: Vec<_> = env::vars_os()
        .map(|(name, value)| fact(b'e', &[name.as_bytes(), b"=", value.as_bytes()].concat()))
        .collect();
    variables.sort_unstable();
    said.extend(variables);
    if let (Ok(user), Ok(group)) = (getresuid(), getresgid()) {
        let ids = [user.real, user.effective, user.saved].map(|id| id.as_raw());
        said.push(fact(b'u', format!("{ids:?}").as_bytes()));
        let ids = [group.real, group.effective, group.saved].map(|id| id.as_raw());
        said.push(fact(b'g', format!("{ids:?}").as_bytes()));
    }
    let mut groups: Vec<u32> =
        getgroups().unwrap_or_default().into_iter().map(|group| group.as_raw()).collect();
    groups.sort_unstable();
    said.push(fact(b's', format!("{groups:?}").as_bytes()));
    let directory = env::current_dir().unwrap_or_default();
    said.push(fact(b'd', directory.as_os_str().as_bytes()));
    match io::stdout().write_all(&said.concat()) {
        Ok(()) => ExitCode::from(status),
        Err(_) => ExitCode::FAILURE,
    }
}

/// One thing that it says: a letter for what it is, the thing, and a zero.
pub(crate) fn fact(kind: u8, bytes: &[u8]) -> Vec<u8> {
    [&[kind], bytes, b"\0"].concat()
}
