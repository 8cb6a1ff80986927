//! Names and seeds of mts in a program that has nothing else of it.
//!
//! ```sh
//! cargo run -- kuramoto M=5 T=100 K=1.0
//! ```

use mts_hash::{Identity, Map, SeedSequence, parse};

fn main() {
    let mut args = std::env::args().skip(1);
    let model = args.next().unwrap_or_else(|| "kuramoto".to_owned());
    let params = args.filter_map(|arg| {
        let (key, text) = arg.split_once('=')?;
        Some((key.to_owned(), parse(text).unwrap_or_else(|_| text.into())))
    });
    let params: Map = params.collect();
    println!("{}", Identity::new(&model, &params).config_id());
    println!("first words of child 0 of seed 42: {:?}", SeedSequence::new(42_u64).child(0).generate_u32(2));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_names_it_so() {
        let params: Map = ["M=5", "T=100", "K=1.0"]
            .iter()
            .filter_map(|arg| arg.split_once('='))
            .map(|(key, text)| (key, parse(text).unwrap()))
            .collect();
        assert_eq!(Identity::new("kuramoto", &params).config_id(), "kuramoto_M5_T100_K1.0__d5e25974");
    }
}
