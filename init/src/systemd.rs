//! Variables of systemd that name the process they are meant for.

use core::mem::MaybeUninit;

use mote_rt::{Environment, Errno, Pid, StringBuf, sys, text};

/// Corrects `LISTEN_PID` (sd_listen_fds(3)) in the child: if it names the init, it is meant for the command.
///
/// # Errors
/// There is no memory.
pub fn correct_listen_pid(env: &mut Environment, init: Option<Pid>) -> Result<(), Errno> {
    let Some(number) = env.get(text!("LISTEN_PID")).and_then(|value| value.parse_u32()) else {
        return Ok(());
    };
    match (Pid::new(number as i32), sys::getpid()) {
        (Some(listener), Some(child)) if Some(listener) == init => {
            let mut memory = [MaybeUninit::uninit(); 16];
            let mut digits = StringBuf::new(&mut memory);
            digits.push_decimal(child.as_raw() as u32);
            env.set(StringBuf::concat(text!("LISTEN_PID="), digits.as_c_str(), 0).ok_or(Errno::ENOMEM)?)
        }
        _ => Ok(()),
    }
}
