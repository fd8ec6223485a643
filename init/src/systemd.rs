//! Variables of systemd that name the process they are meant for.

use mote_rt::{Environment, Errno, Pid, StringBuf, sys, text};

/// The length of the longest variable.
const LONGEST: usize = "LISTEN_PID=4294967295".len();

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
            let mut variable = StringBuf::with_capacity(LONGEST).ok_or(Errno::ENOMEM)?;
            variable.push_str(text!("LISTEN_PID="));
            variable.push_decimal(child.as_raw() as u32);
            env.set(variable.into_c_str())
        }
        _ => Ok(()),
    }
}
