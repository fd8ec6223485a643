//! The last step of a build: cuts a file after its last loaded byte and checks it.
//!
//! A linker leaves section headers, or at least padding, after the last loaded byte. The kernel loads segments and reads
//! no sections.

use anyhow::{Context, Result, bail, ensure};
use object::{
    Endianness, FileKind, elf,
    read::elf::{FileHeader, ProgramHeader},
};

/// Cuts a linked file after its last loaded byte and removes the reference to its sections.
///
/// # Errors
/// The file is damaged, or is not static with one segment that is not writable.
pub fn seal(mut file: Vec<u8>) -> Result<Vec<u8>> {
    let kind = FileKind::parse(file.as_slice()).context("this is no object file")?;
    let end = match kind {
        FileKind::Elf32 => loaded_end::<elf::FileHeader32<Endianness>>(&file),
        FileKind::Elf64 => loaded_end::<elf::FileHeader64<Endianness>>(&file),
        other => bail!("this is no ELF file but {other:?}"),
    }?;
    file.truncate(end);
    // e_shoff, and the last three fields of the header: e_shentsize, e_shnum and e_shstrndx.
    let fields = if kind == FileKind::Elf32 { [0x20..0x24, 0x2e..0x34] } else { [0x28..0x30, 0x3a..0x40] };
    for field in fields {
        file.get_mut(field).context("the ELF header is damaged")?.fill(0);
    }
    Ok(file)
}

/// Checks the segments and returns the end of the last loaded byte.
fn loaded_end<Header: FileHeader<Endian = Endianness>>(file: &[u8]) -> Result<usize> {
    let header = Header::parse(file).context("the ELF header is damaged")?;
    let endian = header.endian().context("the byte order is unknown")?;
    ensure!(endian == Endianness::Little, "this is a big-endian file");
    let segments = header.program_headers(endian, file).context("the segments are damaged")?;
    let mut ends = Vec::new();
    for segment in segments {
        let end = segment.p_offset(endian).into().checked_add(segment.p_filesz(endian).into());
        let end = end.filter(|&end| end <= file.len() as u64);
        let end = end.context("a segment reaches beyond the end of the file")?;
        let kind = segment.p_type(endian);
        match kind {
            elf::PT_LOAD => ends.push(usize::try_from(end)?),
            elf::PT_INTERP => bail!("the file asks for an interpreter, so it is not static"),
            elf::PT_DYNAMIC => bail!("the file has a dynamic section, so it needs relocating"),
            _ => {}
        }
        let writable = segment.p_flags(endian).contains(elf::PF_W);
        ensure!(!writable || kind == elf::PT_GNU_STACK, "a segment is writable: {kind:?}");
    }
    let [end] = ends[..] else { bail!("the file has {} loaded segments and not one", ends.len()) };
    let header_end = u64::from(header.e_ehsize(endian)).max(
        header.e_phoff(endian).into()
            + u64::from(header.e_phentsize(endian)) * u64::from(header.e_phnum(endian)),
    );
    ensure!(header_end <= end as u64, "the headers are not loaded");
    Ok(end)
}

#[cfg(test)]
mod tests;
