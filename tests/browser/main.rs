//! A report in a real browser, on a desk and in a hand.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use mts_tests::golden::Golden as _;

const TESTS: &str = env!("CARGO_MANIFEST_DIR");

/// Python that drives the browser; both are installed once.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        let install = |script: &str, args: &[&Path]| {
            let status = Command::new(format!("{TESTS}/{script}")).args(args).status().unwrap();
            assert!(status.success(), "{script}: {status}");
        };
        install("browser/install", &[]);
        install("readers/install", &[&folder, Path::new(&format!("{TESTS}/browser/requirements.txt"))]);
        folder.join("bin/python")
    })
}

fn mts(folder: &Path, args: &[&str]) {
    let ran = Command::new(env!("CARGO_BIN_EXE_mts-suite")).args(args).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// A run of 87 datasets and its report.
fn report() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let document = "
# </script><script>throw 1</script>
seed: 3
configs:
  - {model: ou, M: 3, T: [80, 90], theta: {axis: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]}, seed: [1, 2, 3, 4, 5, 6]}
  - {model: kuramoto, M: 6, T: 60}
  - {model: var, M: 4, T: 100}
  - {model: noise_gaussian, M: 1, T: 1}
";
    std::fs::write(folder.path().join("grid.yaml"), document).unwrap();
    mts(folder.path(), &["generate", "grid.yaml", "--quiet"]);
    let title = "a <b> & \"c\"";
    mts(
        folder.path(),
        &[
            "report",
            "data",
            "-o",
            "report.html",
            "--document",
            "grid.yaml",
            "--title",
            title,
            "--pictures",
            "87",
        ],
    );
    folder
}

#[test]
fn a_report_is_read_on_a_desk_and_in_a_hand() {
    let folder = report();
    for (width, height) in [(1280, 900), (390, 844)] {
        let ran = Command::new(python())
            .arg(format!("{TESTS}/browser/page.py"))
            .args(["report.html", &width.to_string(), &height.to_string(), "seen.png"])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let found = mts_hash::parse(String::from_utf8_lossy(&ran.stdout).trim()).unwrap();
        assert!(found.at("messages").items().is_empty(), "{:?}", found.at("messages"));
        let requests: Vec<&str> = found.at("requests").items().iter().map(|request| request.text()).collect();
        let (page, others) = requests.split_first().unwrap();
        assert!(page.starts_with("file://"), "{page}");
        assert!(others.iter().all(|request| request.starts_with("data:")), "{others:?}");
        assert_eq!(found.at("title").text(), "a <b> & \"c\"");

        let pages = found.at("pages").items();
        let rows = |page: &mts_hash::Value| -> Vec<String> {
            page.items().iter().map(|name| name.text().to_owned()).collect()
        };
        let all: Vec<Vec<String>> = pages.iter().map(|page| rows(page.at("rows"))).collect();
        assert_eq!(all.iter().map(Vec::len).collect::<Vec<_>>(), [25, 25, 25, 12]);
        assert_eq!(pages[3].at("status").text(), "76–87 of 87");
        let names: BTreeSet<&String> = all.iter().flatten().collect();
        assert_eq!(names.len(), 87, "each dataset once");
        assert_eq!(rows(found.at("first")), all[0]);
        assert_eq!(rows(found.at("last")), all[3]);
        assert_eq!(rows(found.at("searched")).len(), 1);
        if width > 640 {
            let steps = |order: &str| -> Vec<u64> {
                found
                    .at(order)
                    .items()
                    .iter()
                    .map(|steps| steps.as_int().unwrap().to_u64().unwrap())
                    .collect()
            };
            assert!(steps("up").is_sorted() && steps("up")[0] == 1, "{:?}", steps("up"));
            assert!(steps("down").is_sorted_by(|a, b| a >= b) && steps("down")[0] == 100);
        }
        for heading in ["Parameters", "Provenance", "Files"] {
            assert!(found.at("details").text().contains(heading), "{}", found.at("details").text());
        }
        let picture = found.at("picture").items()[0].as_int().unwrap().to_u64().unwrap();
        assert!(picture > 1000, "the picture is there: {picture} pixels wide");
        // Nothing is wider than the window.
        assert!(found.at("wide").as_int().unwrap().to_u64().unwrap() <= width, "{:?}", found.at("wide"));
        if let Some(keep) = std::env::var_os("MTS_SCREENSHOTS") {
            std::fs::copy(folder.path().join("seen.png"), Path::new(&keep).join(format!("{width}.png")))
                .unwrap();
        }
    }
}
