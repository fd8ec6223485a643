//! The program's own texts, where code reaches them relative to itself: everywhere but on x86, which has the same
//! macros in another form.

/// A literal as a [`StackStr`](crate::string::StackStr), without zeros in it.
#[macro_export]
macro_rules! text {
    ($text:literal) => {
        $crate::string::StackStr::from($crate::table!(concat!($text, "\0").as_bytes()))
    };
}

/// A constant that is too large to be there twice, of bytes of which the last alone is zero, as a `&'static CStr`.
#[macro_export]
macro_rules! table {
    ($bytes:expr) => {
        const { $crate::string::c_str($bytes) }
    };
}
