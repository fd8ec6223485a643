//! What an init under test runs: it does what its arguments say, one after the other.
//!
//! | step | what it does |
//! |---|---|
//! | `log=FILE` | lines go to the end of FILE from here on, instead of standard output |
//! | `name=NAME` | lines begin with `NAME: ` from here on |
//! | `say=TEXT` | writes a line |
//! | `report` | writes one line for each fact of its own state |
//! | `arguments …` | writes how many words follow and their length, and ends |
//! | `touch=FILE` `await=FILE` | creates FILE; waits until it is there |
//! | `eof` | reads standard input to its end |
//! | `close=FD` | closes a descriptor |
//! | `block` | blocks all signals |
//! | `hear` | writes a line for each signal that comes, for ever; after `block` |
//! | `hear=SIGNAL` | the same until SIGNAL has come |
//! | `ignore=SIGNAL` | ignores SIGNAL |
//! | `die=SIGNAL` | dies of SIGNAL |
//! | `traced` | has its parent trace it: signals stop it, and only SIGKILL does more |
//! | `kill=SIGNAL` | sends SIGNAL to its process group |
//! | `tell=SIGNAL` | sends SIGNAL to its parent |
//! | `flood` | sends SIGHUP to SIGPIPE, except SIGKILL, to its parent, without end |
//! | `user=ID` | becomes this user permanently |
//! | `ask=SIGNAL` | sends SIGNAL to its parent and waits for it to come back; told to give up by SIGUSR2, it tries once more and exits with 8 or, told again, with 9; after `block` |
//! | `expect=SIGNAL` | waits for SIGNAL, and leaves with 9 at SIGUSR2; after `block` |
//! | `despair` | waits for SIGUSR2; after `block` |
//! | `exit=N` | exits with status N |
//! | `sleep` | sleeps for ever |
//! | `doze=N` | sleeps for N seconds |
//! | `group` `session` | leads a new process group, or a new session |
//! | `leave` | joins the process group of a child that sleeps for ever |
//! | `fork [ … ]` | a child does the steps in brackets and exits with 0 |
//! | `daemon [ … ]` | the same in a session of its own, and its parent is gone |
//! | `orphans=N [ … ]` | the same with N processes in this process group, whose parent is gone |
//! | `pair [ … ]` | a child does the steps once this process is gone or dying |
//! | `repeat=N [ … ]` | does the steps N times |
//! | `wait` | waits for all children |
//! | `orphaned` | waits until its parent is gone |
//! | `exec …` | becomes the program that the other words say |

// Rust's start-up code changes signal dispositions and opens descriptors, and both are to be reported.
#![no_main]

mod report;
mod signals;
mod steps;

use std::ffi::OsString;
use std::io::Write;

/// What the C library calls.
// SAFETY: no other function of this program has the name, and the C library expects this signature.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    match steps::Actor::new().perform(&words) {
        Ok(()) => 0,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "child: {error:#}");
            99
        }
    }
}
