//! Audit of the release files as ELF files.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use mote_tests::elf::{Image, Segment};
use mote_tests::outcome::same;
use mote_tests::{Suite, dist, require};
use object::elf;
use object::{Object, ObjectSymbol};
use xtask::platform::{PLATFORMS, Platform};
use xtask::program::PROGRAMS;

/// A named rule about one file.
type Rule = (&'static str, fn(&File) -> Result<()>);

const RULES: [Rule; 17] = [
    ("is_for_its_machine", is_for_its_machine),
    ("is_position_independent_where_required", is_position_independent_where_required),
    ("is_static", is_static),
    ("has_no_undefined_symbol", has_no_undefined_symbol),
    ("has_one_segment_to_read_and_execute", has_one_segment_to_read_and_execute),
    ("has_no_writable_segment", has_no_writable_segment),
    ("has_a_stack_without_execution_where_required", has_a_stack_without_execution_where_required),
    ("loads_from_its_first_byte", loads_from_its_first_byte),
    ("ends_with_its_last_loaded_byte", ends_with_its_last_loaded_byte),
    ("claims_no_memory_beyond_the_file", claims_no_memory_beyond_the_file),
    ("has_no_section_headers", has_no_section_headers),
    ("is_aligned_for_the_largest_pages", is_aligned_for_the_largest_pages),
    ("is_congruent_with_its_address", is_congruent_with_its_address),
    ("has_headers_that_do_not_overlap", has_headers_that_do_not_overlap),
    ("enters_its_code", enters_its_code),
    ("holds_no_panic_text", holds_no_panic_text),
    ("is_read_by_readelf_without_a_warning", is_read_by_readelf_without_a_warning),
];

fn main() -> ExitCode {
    let mut suite = Suite::new();
    for (name, rule) in RULES {
        for program in PROGRAMS {
            for platform in &PLATFORMS {
                let test = move || rule(&File::read(platform, program.name)?);
                suite = suite.one(format!("elf::{name}::{}::{}", program.name, platform.docker), test);
            }
        }
    }
    suite.run()
}

/// A release file.
struct File {
    platform: &'static Platform,
    program: &'static str,
    bytes: Vec<u8>,
    image: Image,
}

impl File {
    fn read(platform: &'static Platform, program: &'static str) -> Result<Self> {
        let bytes = fs::read(dist::file(platform, program)?)?;
        let image = Image::parse(&bytes)?;
        Ok(Self { platform, program, bytes, image })
    }

    /// Returns the only loaded segment.
    fn text(&self) -> Result<&Segment> {
        let mut loads = self.image.segments.iter().filter(|segment| segment.kind == elf::PT_LOAD);
        let text = loads.next().context("no PT_LOAD")?;
        ensure!(loads.next().is_none(), "more than one PT_LOAD");
        Ok(text)
    }
}

fn is_for_its_machine(file: &File) -> Result<()> {
    // Arm: EABI 5 with the hard-float calling convention. RISC-V: compressed instructions, doubles in registers.
    let arm = elf::EF_ARM_EABI_VER5 | elf::FileFlags(elf::EF_ARM_ABI_FLOAT_HARD);
    let none = elf::FileFlags(0);
    let riscv = elf::EF_RISCV_RVC | elf::EF_RISCV_FLOAT_ABI_DOUBLE;
    let expected = match file.platform.docker {
        "linux/amd64" => (elf::EM_X86_64, true, none),
        "linux/386" => (elf::EM_386, false, none),
        "linux/arm64" => (elf::EM_AARCH64, true, none),
        "linux/arm/v7" => (elf::EM_ARM, false, arm),
        "linux/riscv64" => (elf::EM_RISCV, true, riscv),
        other => bail!("no machine is known for {other}"),
    };
    same((file.image.machine, file.image.is_64, file.image.flags), expected)?;
    ensure!(file.image.is_little_endian, "big-endian");
    Ok(())
}

/// The kernel loads such a file at a random address. `hello` is exempt.
fn is_position_independent_where_required(file: &File) -> Result<()> {
    let free = file.program == "hello" && file.image.kind == elf::ET_EXEC;
    ensure!(free || file.image.kind == elf::ET_DYN, "e_type {}", file.image.kind);
    Ok(())
}

fn is_static(file: &File) -> Result<()> {
    for segment in &file.image.segments {
        ensure!(segment.kind != elf::PT_INTERP, "PT_INTERP");
        ensure!(segment.kind != elf::PT_DYNAMIC, "PT_DYNAMIC");
    }
    Ok(())
}

fn has_no_undefined_symbol(file: &File) -> Result<()> {
    let object = object::File::parse(file.bytes.as_slice())?;
    for symbol in object.symbols().chain(object.dynamic_symbols()) {
        ensure!(!symbol.is_undefined(), "{:?}", symbol.name());
    }
    Ok(())
}

fn has_one_segment_to_read_and_execute(file: &File) -> Result<()> {
    same(file.text()?.flags, elf::PF_R | elf::PF_X)
}

fn has_no_writable_segment(file: &File) -> Result<()> {
    for segment in &file.image.segments {
        let writable = segment.kind != elf::PT_GNU_STACK && (segment.flags & elf::PF_W).0 != 0;
        ensure!(!writable, "a writable segment: {segment:?}");
    }
    Ok(())
}

fn has_a_stack_without_execution_where_required(file: &File) -> Result<()> {
    let mut stacks = file.image.segments.iter().filter(|segment| segment.kind == elf::PT_GNU_STACK);
    match stacks.next() {
        Some(stack) => same(stack.flags, elf::PF_R | elf::PF_W),
        None => same(file.program, "hello"),
    }
}

fn loads_from_its_first_byte(file: &File) -> Result<()> {
    let text = file.text()?;
    same(text.offset, 0)?;
    ensure!(text.file_size >= file.image.headers_end, "the segment does not cover the program headers");
    Ok(())
}

fn ends_with_its_last_loaded_byte(file: &File) -> Result<()> {
    let text = file.text()?;
    same(text.offset + text.file_size, file.bytes.len() as u64)
}

fn claims_no_memory_beyond_the_file(file: &File) -> Result<()> {
    let text = file.text()?;
    same(text.memory_size, text.file_size)
}

fn has_no_section_headers(file: &File) -> Result<()> {
    let Image { section_offset, section_count, section_names, .. } = &file.image;
    same((*section_offset, *section_count, section_names.0), (0, 0, 0))
}

/// Kernels for arm64 have pages of 4, 16 or 64 KiB, the others of 4 KiB.
fn is_aligned_for_the_largest_pages(file: &File) -> Result<()> {
    let align = file.text()?.align;
    let least = if file.platform.docker == "linux/arm64" { 0x1_0000 } else { 0x1000 };
    ensure!(align.is_power_of_two() && align >= least, "p_align {align:#x}, at least {least:#x} needed");
    Ok(())
}

fn is_congruent_with_its_address(file: &File) -> Result<()> {
    let text = file.text()?;
    same(text.offset % text.align, text.address % text.align)
}

fn has_headers_that_do_not_overlap(file: &File) -> Result<()> {
    ensure!(file.image.program_headers >= file.image.header_size, "the headers overlap");
    Ok(())
}

fn enters_its_code(file: &File) -> Result<()> {
    let text = file.text()?;
    // The lowest bit of an Arm entry point selects Thumb code.
    let thumb = u64::from(file.platform.docker == "linux/arm/v7");
    let entry = file.image.entry & !thumb;
    let code = text.address + file.image.headers_end..text.address + text.file_size;
    ensure!(code.contains(&entry), "entry {entry:#x} is not in {code:#x?}");
    Ok(())
}

fn holds_no_panic_text(file: &File) -> Result<()> {
    let text = String::from_utf8_lossy(&file.bytes);
    for trace in ["panic", "unwrap", "overflow", "out of range", "out of bounds", ".rs", "rust"] {
        ensure!(!text.contains(trace), "{trace:?}");
    }
    Ok(())
}

fn is_read_by_readelf_without_a_warning(file: &File) -> Result<()> {
    let readelf = require::tool("readelf", "binutils")?;
    let path = dist::file(file.platform, file.program)?;
    let output = Command::new(readelf).arg("-aW").arg(path).output()?;
    same(String::from_utf8_lossy(&output.stderr).as_ref(), "")?;
    // binutils 2.40 fails without a message on an Arm file without sections, because it finds no unwind tables.
    ensure!(output.status.success() || file.platform.docker == "linux/arm/v7", "{}", output.status);
    Ok(())
}
