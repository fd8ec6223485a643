//! Applies the linker script that `pause` is linked with.

fn main() {
    mote_linker::configure(mote_linker::Image::StaticPie);
}
