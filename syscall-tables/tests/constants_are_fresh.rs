//! The committed constants are what the generator writes today.
#[allow(dead_code, reason = "its main is not called here")]
#[path = "../examples/generate_constants.rs"]
mod generate_constants;

use std::fs;
use std::path::Path;

#[test]
fn committed_files_match_the_generator() {
    let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, text) in generate_constants::generate(manifest_dir).unwrap() {
        let committed =
            fs::read_to_string(manifest_dir.join("src/constants").join(&name)).unwrap_or_default();
        assert!(
            committed == text,
            "{name} is stale: cargo run -p syscall-tables --example generate_constants"
        );
    }
}
