//! The test child, which inits under test run: performs the steps that its arguments say.
//!
//! | step | effect |
//! |---|---|
//! | `log=FILE` | lines go to the end of FILE from here on, instead of standard output |
//! | `name=NAME` | lines begin with `NAME: ` from here on |
//! | `say=TEXT` | writes a line |
//! | `report` | writes one line for each fact of its own state |
//! | `arguments …` | writes the number of the arguments that follow and their length, and ends |
//! | `touch=FILE` `await=FILE` | creates FILE; waits until it is there |
//! | `eof` | reads standard input to its end |
//! | `close=FD` | closes a descriptor |
//! | `block` | blocks all signals |
//! | `hear` | writes a line for each signal that arrives, without end; after `block` |
//! | `hear=SIGNAL` | writes such lines until SIGNAL has arrived |
//! | `ignore=SIGNAL` | ignores SIGNAL |
//! | `die=SIGNAL` | is killed by SIGNAL |
//! | `traced` | has its parent trace it: signals stop it, and only SIGKILL does more |
//! | `kill=SIGNAL` | sends SIGNAL to its process group |
//! | `tell=SIGNAL` | sends SIGNAL to its parent |
//! | `flood` | sends SIGHUP to SIGPIPE, except SIGKILL, to its parent, without end |
//! | `user=ID` | becomes this user permanently |
//! | `ask=SIGNAL` | sends SIGNAL to its parent and waits for it to be forwarded; at SIGUSR2 it tries once more and exits with 8 or, at another SIGUSR2, with 9; after `block` |
//! | `expect=SIGNAL` | waits for SIGNAL, and exits with 9 at SIGUSR2; after `block` |
//! | `despair` | waits for SIGUSR2; after `block` |
//! | `exit=N` | exits with status N |
//! | `sleep` | sleeps without end |
//! | `doze=N` | sleeps for N seconds |
//! | `group` `session` | leads a new process group, or a new session |
//! | `leave` | joins the process group of a child that sleeps without end |
//! | `fork [ … ]` | a child does the steps in brackets and exits with 0 |
//! | `daemon [ … ]` | an orphan does the steps in a session of its own |
//! | `orphans=N [ … ]` | N orphans do the steps in this process group |
//! | `pair [ … ]` | a child does the steps once this process exits |
//! | `repeat=N [ … ]` | does the steps N times |
//! | `wait` | waits for all children |
//! | `orphaned` | waits until it is an orphan |
//! | `exec …` | executes the program that the other arguments name |

// The start-up code of Rust changes signal dispositions and opens descriptors, both of which are reported.
#![no_main]

mod report;
mod signals;
mod steps;

use std::ffi::OsString;
use std::io::Write;

/// The entry point for the C library.
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
