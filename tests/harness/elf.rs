//! The headers of an ELF file, of 32 or 64 bits.

use anyhow::{Result, bail};
use object::elf;
use object::endian::Endianness;
use object::read::elf::{FileHeader, ProgramHeader};
use object::{FileKind, elf::FileHeader32, elf::FileHeader64};

/// What the file header says.
#[derive(Debug)]
pub struct Image {
    /// Whether it is of 64 bits.
    pub is_64: bool,
    /// Its byte order.
    pub is_little_endian: bool,
    /// `e_type`.
    pub kind: elf::FileType,
    /// `e_machine`.
    pub machine: elf::Machine,
    /// `e_flags`.
    pub flags: elf::FileFlags,
    /// `e_entry`.
    pub entry: u64,
    /// `e_ehsize`.
    pub header_size: u64,
    /// `e_phoff`.
    pub program_headers: u64,
    /// Where the program headers end.
    pub headers_end: u64,
    /// `e_shoff`.
    pub section_offset: u64,
    /// `e_shnum`.
    pub section_count: u16,
    /// `e_shstrndx`.
    pub section_names: elf::SymbolSection,
    /// The program headers.
    pub segments: Vec<Segment>,
}

/// A program header.
#[derive(Debug)]
pub struct Segment {
    /// `p_type`.
    pub kind: elf::ProgramType,
    /// `p_flags`.
    pub flags: elf::ProgramFlags,
    /// `p_offset`.
    pub offset: u64,
    /// `p_vaddr`.
    pub address: u64,
    /// `p_filesz`.
    pub file_size: u64,
    /// `p_memsz`.
    pub memory_size: u64,
    /// `p_align`.
    pub align: u64,
}

impl Image {
    /// Reads the headers at the start of `bytes`.
    ///
    /// # Errors
    /// If that is no ELF file.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        match FileKind::parse(bytes)? {
            FileKind::Elf32 => Self::of(FileHeader32::<Endianness>::parse(bytes)?, bytes),
            FileKind::Elf64 => Self::of(FileHeader64::<Endianness>::parse(bytes)?, bytes),
            other => bail!("{other:?}"),
        }
    }

    fn of<H: FileHeader<Endian = Endianness>>(header: &H, bytes: &[u8]) -> Result<Self> {
        let endian = header.endian()?;
        let program_headers = header.e_phoff(endian).into();
        let table = u64::from(header.e_phentsize(endian)) * u64::from(header.e_phnum(endian));
        let segments = header.program_headers(endian, bytes)?;
        Ok(Self {
            is_64: header.is_type_64(),
            is_little_endian: header.is_little_endian(),
            kind: header.e_type(endian),
            machine: header.e_machine(endian),
            flags: header.e_flags(endian),
            entry: header.e_entry(endian).into(),
            header_size: header.e_ehsize(endian).into(),
            program_headers,
            headers_end: program_headers + table,
            section_offset: header.e_shoff(endian).into(),
            section_count: header.e_shnum(endian),
            section_names: header.e_shstrndx(endian),
            segments: segments.iter().map(|segment| Segment::of(segment, endian)).collect(),
        })
    }
}

impl Segment {
    fn of<P: ProgramHeader<Endian = Endianness>>(header: &P, endian: Endianness) -> Self {
        Self {
            kind: header.p_type(endian),
            flags: header.p_flags(endian),
            offset: header.p_offset(endian).into(),
            address: header.p_vaddr(endian).into(),
            file_size: header.p_filesz(endian).into(),
            memory_size: header.p_memsz(endian).into(),
            align: header.p_align(endian).into(),
        }
    }
}
