//! A seccomp filter that refuses system calls, or kills for them.
//!
//! The program is written out because the compiler of `seccompiler` kills a process that makes a call of another table than
//! the host's, and i686 programs make no others.

use std::str::FromStr;

use anyhow::{Context, Result, anyhow};
use nix::libc;
use seccompiler::{apply_filter, sock_filter};

use crate::options::{Abi, Refusal};

/// `AUDIT_ARCH_X86_64` and `AUDIT_ARCH_I386` of `linux/audit.h`.
const AUDIT_ARCH_X86_64: u32 = 0xc000_003e;
const AUDIT_ARCH_I386: u32 = 0x4000_0003;

/// Offsets in `struct seccomp_data` of `linux/seccomp.h`.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;

/// Refuses calls permanently. If `only` names any, any other call kills the process, and so does one of another
/// architecture.
pub(crate) fn install(abi: Abi, refusals: &[Refusal], only: &[String]) -> Result<()> {
    if refusals.is_empty() && only.is_empty() {
        return Ok(());
    }
    let architecture = match abi {
        Abi::Amd64 => AUDIT_ARCH_X86_64,
        Abi::I386 => AUDIT_ARCH_I386,
    };
    let rest = if only.is_empty() { libc::SECCOMP_RET_ALLOW } else { libc::SECCOMP_RET_KILL_PROCESS };
    let mut program = Vec::new();
    if !only.is_empty() {
        // The launcher itself has still to make this call.
        program.extend([load(ARCHITECTURE), skip_unless_equal(AUDIT_ARCH_X86_64, 3), load(NUMBER)]);
        program
            .extend([skip_unless_equal(number(Abi::Amd64, "execve")?, 1), answer(libc::SECCOMP_RET_ALLOW)]);
    }
    program.extend([load(ARCHITECTURE), skip_if_equal(architecture, 1), answer(rest), load(NUMBER)]);
    for refusal in refusals {
        program.push(skip_unless_equal(number(abi, &refusal.call)?, 1));
        program.push(answer(libc::SECCOMP_RET_ERRNO | refusal.errno as u32));
    }
    for call in only {
        program.push(skip_unless_equal(number(abi, call)?, 1));
        program.push(answer(libc::SECCOMP_RET_ALLOW));
    }
    program.push(answer(rest));
    apply_filter(&program).context("seccomp")
}

fn number(abi: Abi, call: &str) -> Result<u32> {
    let number = match abi {
        Abi::Amd64 => syscalls::x86_64::Sysno::from_str(call).ok().map(|call| call as u32),
        Abi::I386 => syscalls::x86::Sysno::from_str(call).ok().map(|call| call as u32),
    };
    number.ok_or_else(|| anyhow!("no system call {call}"))
}

const fn load(offset: u32) -> sock_filter {
    sock_filter { code: (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16, jt: 0, jf: 0, k: offset }
}

const fn skip_if_equal(value: u32, count: u8) -> sock_filter {
    sock_filter { code: (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16, jt: count, jf: 0, k: value }
}

const fn skip_unless_equal(value: u32, count: u8) -> sock_filter {
    sock_filter { code: (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16, jt: 0, jf: count, k: value }
}

const fn answer(action: u32) -> sock_filter {
    sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: action }
}
