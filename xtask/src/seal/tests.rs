use super::*;

/// A segment of a synthetic file: type, flags, offset, size.
type Segment = (u32, u32, u64, u64);

const READ_EXECUTE: u32 = 5;
const READ_WRITE: u32 = 6;
const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
const INTERP: u32 = 3;
const GNU_STACK: u32 = 0x6474_e551;

/// Size of the loaded part of the synthetic files, with their headers.
const LOADED: u64 = 300;

/// Returns a file of 400 bytes with these segments and, according to its header, sections at 350.
fn elf(wide: bool, segments: &[Segment]) -> Vec<u8> {
    let (header, entry, class) = if wide { (64, 56, 2) } else { (52, 32, 1) };
    let word = |value: u64| -> Vec<u8> {
        let bytes = value.to_le_bytes();
        bytes[..if wide { 8 } else { 4 }].to_vec()
    };
    let mut file = b"\x7fELF".to_vec();
    file.extend([class, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend([3, 0, if wide { 62 } else { 3 }, 0, 1, 0, 0, 0]);
    for value in [0, header, 350] {
        file.extend(word(value));
    }
    file.extend([0; 4]);
    for value in [header, entry, segments.len() as u64, 40, 2, 1] {
        file.extend(&value.to_le_bytes()[..2]);
    }
    for &(kind, flags, offset, size) in segments {
        file.extend(kind.to_le_bytes());
        if wide {
            file.extend(flags.to_le_bytes());
        }
        for value in [offset, offset, offset, size, size] {
            file.extend(word(value));
        }
        if !wide {
            file.extend(flags.to_le_bytes());
        }
        file.extend(word(4096));
    }
    file.resize(400, 0xaa);
    file
}

fn sound(wide: bool) -> Vec<u8> {
    elf(wide, &[(LOAD, READ_EXECUTE, 0, LOADED), (GNU_STACK, READ_WRITE, 0, 0)])
}

/// Returns the error about a file with these segments, for both classes of ELF.
fn complaint(segments: &[Segment]) -> Result<String> {
    let [narrow, wide] = [false, true].map(|wide| seal(elf(wide, segments)));
    let narrow = narrow.err().context("the narrow file passed")?.to_string();
    assert_eq!(wide.err().context("the wide file passed")?.to_string(), narrow);
    Ok(narrow)
}

#[test]
fn loaded_bytes_do_not_change() -> Result<()> {
    for (wide, header) in [(false, 52), (true, 64)] {
        assert_eq!(seal(sound(wide))?[header..], sound(wide)[header..LOADED as usize]);
    }
    Ok(())
}

#[test]
fn a_file_that_is_not_static_is_refused() -> Result<()> {
    let text = (LOAD, READ_EXECUTE, 0, LOADED);
    assert!(complaint(&[text, (INTERP, 4, 0, 0)])?.contains("interpreter"));
    assert!(complaint(&[text, (DYNAMIC, 4, 0, 0)])?.contains("dynamic"));
    Ok(())
}

#[test]
fn a_writable_segment_is_refused() -> Result<()> {
    assert!(complaint(&[(LOAD, 7, 0, LOADED)])?.contains("writable"));
    assert!(complaint(&[(LOAD, READ_EXECUTE, 0, LOADED), (7, READ_WRITE, 0, 0)])?.contains("writable"));
    Ok(())
}

#[test]
fn there_is_one_loaded_segment() -> Result<()> {
    let text = (LOAD, READ_EXECUTE, 0, LOADED);
    assert!(complaint(&[text, text])?.contains("2 loaded segments"));
    assert!(complaint(&[(GNU_STACK, READ_WRITE, 0, 0)])?.contains("0 loaded segments"));
    Ok(())
}

#[test]
fn a_segment_lies_within_the_file() -> Result<()> {
    assert!(complaint(&[(LOAD, READ_EXECUTE, 0, 401)])?.contains("beyond the end"));
    assert!(complaint(&[(LOAD, READ_EXECUTE, 0xffff_ffff, 0xffff_ffff)])?.contains("beyond the end"));
    assert!(seal(elf(true, &[(LOAD, READ_EXECUTE, u64::MAX, u64::MAX)])).is_err());
    Ok(())
}

#[test]
fn the_headers_are_loaded() -> Result<()> {
    assert!(complaint(&[(LOAD, READ_EXECUTE, 0, 60)])?.contains("headers"));
    Ok(())
}

#[test]
fn a_file_of_any_length_is_an_error_and_no_panic() {
    for wide in [false, true] {
        let file = sound(wide);
        for length in 0..LOADED as usize {
            assert!(seal(file[..length].to_vec()).is_err(), "{length}");
        }
    }
}

#[test]
fn a_damaged_byte_is_no_panic() {
    for wide in [false, true] {
        for at in 0..180 {
            for value in [0, 1, 0x7f, 0xff] {
                let mut file = sound(wide);
                file[at] = value;
                let _ = seal(file);
            }
        }
    }
}

#[test]
fn other_kinds_of_file_are_refused() {
    for bytes in [&b""[..], b"#!/bin/sh\n", b"MZ", b"\x7fELF", &[0; 400], b"!<arch>\n"] {
        assert!(seal(bytes.to_vec()).is_err(), "{bytes:?}");
    }
    let mut big_endian = sound(true);
    big_endian[5] = 2;
    assert!(seal(big_endian).is_err());
}
