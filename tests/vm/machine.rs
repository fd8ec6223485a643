//! The machines and their kernels.

/// An emulated machine.
#[derive(Debug)]
pub(crate) struct Machine {
    /// The name in the tests.
    pub(crate) name: &'static str,
    /// Docker's name of the platform that it runs.
    pub(crate) platform: &'static str,
    /// Debian's release that its kernel is from.
    pub(crate) release: &'static str,
    /// Debian's architecture.
    pub(crate) arch: &'static str,
    /// Debian's package that depends on the newest kernel.
    pub(crate) package: &'static str,
    /// Size of a page of memory, in bytes.
    pub(crate) page: u32,
    /// The emulator and its options.
    pub(crate) emulator: &'static [&'static str],
    /// The device that is the console.
    pub(crate) console: &'static str,
}

const AMD64: Machine = Machine {
    name: "linux/amd64",
    platform: "linux/amd64",
    release: "bookworm",
    arch: "amd64",
    package: "linux-image-cloud-amd64",
    page: 4096,
    emulator: &["qemu-system-x86_64", "-machine", "pc"],
    console: "ttyS0",
};

const I386: Machine =
    Machine { name: "linux/386", platform: "linux/386", arch: "i386", package: "linux-image-686", ..AMD64 };

const ARM64: Machine = Machine {
    name: "linux/arm64",
    platform: "linux/arm64",
    arch: "arm64",
    package: "linux-image-cloud-arm64",
    emulator: &["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a57"],
    console: "ttyAMA0",
    ..AMD64
};

const ARMV7: Machine = Machine {
    name: "linux/arm/v7",
    platform: "linux/arm/v7",
    arch: "armhf",
    package: "linux-image-armmp",
    emulator: &["qemu-system-arm", "-machine", "virt", "-cpu", "cortex-a15"],
    ..ARM64
};

const RISCV64: Machine = Machine {
    name: "linux/riscv64",
    platform: "linux/riscv64",
    release: "trixie",
    arch: "riscv64",
    package: "linux-image-riscv64",
    emulator: &["qemu-system-riscv64", "-machine", "virt"],
    ..AMD64
};

/// The emulated Cortex-A57 has no pages of 16 KiB.
const ARM64_16K: Machine = Machine {
    name: "linux/arm64 with pages of 16 KiB",
    release: "trixie",
    package: "linux-image-arm64-16k",
    page: 16384,
    emulator: &["qemu-system-aarch64", "-machine", "virt", "-cpu", "max"],
    ..ARM64
};

/// The oldest kernels that Debian's archive has. For riscv64 there is none, nor one with pages of 64 KiB for arm64.
const OLD: &str = "bullseye";

/// All machines, the slowest first.
pub(crate) const MACHINES: &[Machine] = &[
    ARM64_16K,
    RISCV64,
    ARMV7,
    AMD64,
    I386,
    ARM64,
    Machine { name: "linux/amd64 with Linux 5.10", release: OLD, ..AMD64 },
    Machine { name: "linux/arm64 with Linux 5.10", release: OLD, ..ARM64 },
    Machine { name: "linux/arm/v7 with Linux 5.10", release: OLD, ..ARMV7 },
    Machine { name: "linux/386 with Linux 5.10", release: OLD, ..I386 },
];
