//! Runs a command as its child and is a complete PID 1 for it.
//!
//! This crate is a program and has no library. Its command line follows the manual page pid1(1); nothing else here is
//! stable.
//!
//! ```text
//! $ pid1 --env GREETING=hello --timeout 5 -- sh -c 'echo "$GREETING"'
//! hello
//! ```

#![no_std]
#![no_main]

mod copy;
mod message;
mod options;
mod policy;

use mote_cli::{Options, split_words};
use mote_init::Init;
use mote_rt::{InitialStack, text};

use crate::{
    message::{fail, fail_without_memory},
    options::parse,
    policy::Pid1,
};

mote_rt::entry!(main);

extern "C" fn main(stack: InitialStack) -> ! {
    let (standalone, args, mut env) = stack.into_parts();
    let name = text!("PID1_OPTS");
    let variable = env.get(name);
    if variable.is_some() {
        env.remove(name);
    }
    let mut init = Init::new(standalone, Pid1::default(), env);
    if let Some(variable) = variable {
        let Some(words) = split_words(name, variable) else { fail_without_memory() };
        let mut options = Options::new(words);
        parse(&mut init, &mut options, text!("PID1_OPTS: "));
        if let Some(operand) = options.current() {
            fail(text!("%s: not an option; PID1_OPTS can't hold COMMAND"), operand);
        }
    }
    let mut options = Options::new(args);
    parse(&mut init, &mut options, text!(""));
    let Some(command) = options.into_command() else {
        fail(text!("COMMAND missing; see pid1 --help"), text!(""))
    };
    init.run(command)
}
