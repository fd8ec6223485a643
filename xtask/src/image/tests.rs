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
    // Maps with a random order would differ soon.
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
