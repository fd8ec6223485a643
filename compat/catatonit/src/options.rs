//! The command line.

use mote_cli::{Opt, Options};
use mote_compat::is_abbreviation;
use mote_init::{Init, reaper};
use mote_rt::{
    InitialStack, Signal, ThinCStr, process,
    sys::{self, Fd},
    text,
};

use crate::{
    message::{report, report_option},
    policy::{Catatonit, become_subreaper, release_files},
};

/// The output of `-V`, in the form that Docker Engine parses.
fn version() -> ThinCStr<'static> {
    text!(concat!("tini version ", env!("CARGO_PKG_VERSION"), "_catatonit_mote\n"))
}

/// The message about a wrong command line, and the first line of the help.
fn usage() -> ThinCStr<'static> {
    text!("usage: catatonit [-ghLPV] [--] <progname> [<arguments>...]\n")
}

/// The output of `-h` behind the usage.
macro_rules! options_help {
    () => {
        "
options:
  -g  Signal the whole process group.
  -h  Print this help.
  -L  Print the licence.
  -P  Pause until SIGTERM or SIGINT.
  -V, --version  Print the version.
"
    };
}

pub(crate) extern "C" fn main(stack: InitialStack) -> ! {
    let (standalone, args, env) = stack.into_parts();
    let name = args.get(0).unwrap_or(text!(""));
    let mut init = Init::new(standalone, Catatonit, env);
    let mut options = Options::<true>::new(args);
    if init.env.get(text!("POSIXLY_CORRECT")).is_some() {
        options.stop_at_operand();
    }
    let mut pauses = false;
    while let Some(option) = options.take() {
        match option {
            Opt::Short(b'g') => init.forwards_to_group = true,
            Opt::Short(b'P') => pauses = true,
            Opt::Short(b'h') => {
                let _ = sys::write(Fd::STDERR, usage().to_bytes());
                show(text!(options_help!()), Fd::STDERR, 0)
            }
            Opt::Short(b'L') => show(text!("MIT or Apache-2.0, at your option.\n"), Fd::STDOUT, 0),
            Opt::Short(b'V') => show(version(), Fd::STDOUT, 0),
            Opt::Long(word) if is_abbreviation(word, text!("version")) => {
                if word.behind(b'=').is_none() {
                    show(version(), Fd::STDOUT, 0)
                }
                report_option(name, None);
                fail_with_usage()
            }
            _ => {
                report_option(name, Some(option));
                fail_with_usage()
            }
        }
    }
    if pauses {
        become_subreaper(sys::getpid());
        release_files(standalone);
        reaper::run(standalone, &Catatonit);
    }
    let Some(command) = options.into_command() else {
        report(text!("missing program name"), None);
        fail_with_usage()
    };
    // A terminal stops background processes with these signals. The init does not forward them.
    init.rewrite.set(Signal::TSTP, None);
    init.rewrite.set(Signal::TTIN, None);
    init.rewrite.set(Signal::TTOU, None);
    init.run(command)
}

/// Reports how the program is used, and exits.
fn fail_with_usage() -> ! {
    show(usage(), Fd::STDERR, 1)
}

/// Writes a text and exits with `status`, or with 1 if the text can't be written.
fn show(text: ThinCStr<'static>, fd: Fd, status: i32) -> ! {
    let bytes = text.to_bytes();
    process::exit(status | i32::from(sys::write(fd, bytes) != Ok(bytes.len())))
}
