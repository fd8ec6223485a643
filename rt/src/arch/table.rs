//! Constants where code can address data relative to itself: everywhere except on x86, which has this macro in another
//! form.

/// Returns constant bytes, of which the last and no other is NUL, as a `&'static CStr`.
#[macro_export]
macro_rules! table {
    ($bytes:expr) => {
        const { $crate::c_str($bytes) }
    };
}
