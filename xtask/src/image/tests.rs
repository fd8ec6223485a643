use super::*;
use crate::{platform::PLATFORMS, program::PROGRAMS};

fn images(bytes: &[u8], date: u64) -> Result<Images> {
    let files: Vec<Built> = PLATFORMS
        .iter()
        .map(|platform| Built { program: &PROGRAMS[1], platform, bytes: bytes.to_vec() })
        .collect();
    Images::of(&files, date)?.pop().context("no image")
}

#[test]
fn the_same_input_gives_the_same_bytes() -> Result<()> {
    // The maps of the specification's types would give themselves away soon.
    let first = images(b"abc", 7)?.layout()?;
    for _ in 0..20 {
        assert_eq!(images(b"abc", 7)?.layout()?, first);
    }
    Ok(())
}

#[test]
fn a_layer_depends_on_the_file_alone() -> Result<()> {
    let (old, new) = (images(b"abc", 7)?, images(b"abc", 8)?);
    assert_ne!(old.index.digest(), new.index.digest());
    assert_eq!(old.platforms[0].layer.digest(), new.platforms[4].layer.digest());
    assert_ne!(old.platforms[0].layer.digest(), images(b"abd", 7)?.platforms[0].layer.digest());
    Ok(())
}

#[test]
fn a_configuration_is_sorted_and_says_when_and_how() -> Result<()> {
    let images = images(b"abc", 1_764_000_000)?;
    let archive = sha256(&images.platforms[3].archive);
    let expected = format!(
        "{{\"architecture\":\"arm\",\"config\":{{\"Entrypoint\":[\"/pause\"],\"Labels\":{{\
         \"org.opencontainers.image.licenses\":\"MIT OR Apache-2.0\",\
         \"org.opencontainers.image.title\":\"pause\",\
         \"org.opencontainers.image.version\":\"{VERSION}\"}},\"User\":\"65535:65535\"}},\
         \"created\":\"2025-11-24T16:00:00Z\",\"os\":\"linux\",\
         \"rootfs\":{{\"diff_ids\":[\"sha256:{archive}\"],\"type\":\"layers\"}},\"variant\":\"v7\"}}"
    );
    assert_eq!(String::from_utf8_lossy(&images.platforms[3].config.bytes), expected);
    Ok(())
}

#[test]
fn sizes_are_read_as_they_were_written() -> Result<()> {
    let images = images(b"abc", 7)?;
    let expected: Vec<_> = images.platforms.iter().map(|image| (image.platform, image.size())).collect();
    assert_eq!(sizes(&images.layout()?)?, expected);
    assert!(sizes(b"").is_err());
    Ok(())
}

#[test]
fn a_date_that_no_calendar_has_is_an_error() {
    assert!(images(b"abc", u64::MAX).is_err());
    assert!(images(b"abc", 1 << 50).is_err());
}
