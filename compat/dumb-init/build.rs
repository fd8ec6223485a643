//! Links the program under the family's contract.

fn main() {
    mote_linker::configure(mote_linker::Image::StaticPie);
}
