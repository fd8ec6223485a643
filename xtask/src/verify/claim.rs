//! A published file.

/// What is known about a published file before anything is built.
#[derive(Debug)]
pub(super) struct Claim {
    /// What its verdict calls it.
    pub(super) name: String,
    /// Which of this source's files it says it is: a name that [`super::name::find`] knows.
    pub(super) product: String,
    /// The checksum of the file that is here, if one is.
    pub(super) here: Option<String>,
    /// The checksum that was published for it, if one was.
    pub(super) published: Option<String>,
}
