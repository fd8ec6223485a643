//! The permission to signal a process of another user.

use core::mem::MaybeUninit;

use mote_rt::{Pid, StringBuf, sys, text};

/// Takes the user of a process as the real user of the init. A process may signal another one if its own real or
/// effective user is the other's real or saved user (kill(2)). Failure shows when the signal is sent again.
pub(crate) fn take_real_uid(pid: Pid) {
    let mut memory = [MaybeUninit::uninit(); "/proc/4294967295".len() + 1];
    let mut path = StringBuf::new(&mut memory);
    path.push_str(text!("/proc/"));
    path.push_decimal(pid.as_raw() as u32);
    if let Ok(uid) = sys::statx_uid(path.as_c_str()) {
        let _ = sys::setresuid_real(uid);
    }
}
