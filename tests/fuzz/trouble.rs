//! What goes wrong is found, and what comes after it is still tried.

use std::path::Path;
use std::time::Duration;

use crate::dice::Dice;
use crate::run::{self, Suite, Tally};

/// Goes wrong in one way after the other.
struct Trouble {
    /// What the other worker tries in between.
    case: u64,
}

impl Suite for Trouble {
    const NAME: &'static str = "trouble::is_found";
    const PATIENCE: Duration = Duration::from_secs(1);

    fn prepare(_: &Path) {}

    fn new(_: &Path, own: &Path, _: bool) -> Self {
        let first = std::env::var("MTS_FUZZ_START").map_or(1, |start| start.parse().unwrap());
        assert!(own.is_dir());
        Trouble { case: first }
    }

    fn case(&mut self, _: Dice, tally: &mut Tally) -> Result<(), String> {
        let case = self.case;
        self.case += 2;
        tally.count("tried");
        match case {
            0 => Err("wrong".to_owned()),
            2 => panic!("on purpose"),
            4 => std::process::abort(),
            6 => loop {
                std::thread::sleep(Duration::from_millis(10));
            },
            8 => {
                drop(std::hint::black_box(vec![1_u8; 300 << 20]));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[test]
fn is_found() {
    let Some((_, findings)) = run::run::<Trouble>(12) else { return };
    let words = ["wrong", "on purpose", "SIGABRT", "does not end within 1 s", "takes 300 MiB of memory"];
    let cases: Vec<u64> = findings.iter().map(|(case, _)| *case).collect();
    assert_eq!(cases, [0, 2, 4, 6, 8], "{findings:?}");
    for ((_, found), expected) in findings.iter().zip(words) {
        assert!(found.contains(expected), "{found}");
    }
}
