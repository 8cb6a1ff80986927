//! Files: what can go wrong when reading them, and documents made of several.

use std::fs;
use std::path::Path;

use mts_config::{Document, load};
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn read(folder: &TempDir, name: &str) -> Result<Document, String> {
    let shown = folder.path().to_string_lossy().into_owned();
    load(&folder.path().join(name)).map_err(|problems| problems.to_string().replace(&shown, "."))
}

fn refused(files: &[(&str, &str)]) -> String {
    read(&folder(files), "top.yaml").map(|document| document.root().describe()).expect_err("is refused")
}

#[test]
fn files_that_cannot_be_read() {
    let folder = folder(&[("grid.yaml", ""), ("grip.yaml", ""), ("sub/x.yaml", "a: 1"), ("zzz.txt", "")]);
    let missing = read(&folder, "gird.yaml").map(|_| ()).unwrap_err();
    assert!(
        missing.starts_with("./gird.yaml: no such file\n  hint: nearest names there: `grid.yaml`"),
        "{missing}"
    );
    let nowhere = read(&folder, "nowhere/x.yaml").map(|_| ()).unwrap_err();
    assert!(nowhere.contains("no such file") && nowhere.contains("there is no folder"), "{nowhere}");
    assert!(read(&folder, "sub").map(|_| ()).unwrap_err().contains("is a folder"));

    fs::write(folder.path().join("binary.yaml"), b"a: 1\nb: \x80").expect("a file");
    let binary = read(&folder, "binary.yaml").map(|_| ()).unwrap_err();
    assert!(
        binary.contains("binary.yaml:2:4: not a text file: a byte that is not UTF-8 at byte 8"),
        "{binary}"
    );
    fs::write(folder.path().join("nul.yaml"), b"\xef\xbb\xbfa: 1\0\xff").expect("a file");
    let nul = read(&folder, "nul.yaml").map(|_| ()).unwrap_err();
    assert!(nul.contains("nul.yaml:1:5: not a text file: a NUL at byte 7"), "{nul}");
    fs::write(folder.path().join("top.yaml"), "include: nul.yaml").expect("a file");
    let included = read(&folder, "top.yaml").map(|_| ()).unwrap_err();
    assert!(included.contains("nul.yaml:1:5: not a text file"), "{included}");

    let large = fs::File::create(folder.path().join("large.yaml")).expect("a file");
    large.set_len((64 << 20) + 1).expect("room");
    assert!(read(&folder, "large.yaml").map(|_| ()).unwrap_err().contains("more than 64 MiB of text"));
}

#[test]
fn joins_documents() {
    let folder = folder(&[
        ("top.yaml", "include: [parts/a.yaml, list.json]\nseed: 1\nconfigs:\n- {model: top}\nformat: csv\n"),
        ("parts/a.yaml", "seed: 7\noutdir: a\nformat: npz\ninclude: b.yaml\nconfigs: {model: a}\n"),
        ("parts/b.yaml", "outdir: b\nsave: true\nconfigs: [{model: b}]\n"),
        ("list.json", "[{\"model\": \"list\"}]"),
    ]);
    let document = read(&folder, "top.yaml").expect("reads");
    let root = document.root();
    assert!(root.entry("include").is_none());
    assert_eq!(root.get("seed").expect("seed").describe(), "1");
    assert_eq!(root.get("outdir").expect("outdir").describe(), "\"a\"");
    assert_eq!(root.get("format").expect("format").describe(), "\"csv\"");
    assert_eq!(root.get("save").expect("save").describe(), "true");
    let records = root.get("configs").and_then(|node| node.as_list()).expect("configs");
    let models: Vec<String> = records.iter().map(|record| record.describe()).collect();
    assert_eq!(models, ["{model: \"b\"}", "{model: \"a\"}", "{model: \"list\"}", "{model: \"top\"}"]);

    let shown = |path: &str| folder.path().join(path).to_string_lossy().into_owned();
    assert_eq!(records[0].position.to_string(), format!("{}:3:11", shown("parts/b.yaml")));
    assert_eq!(records[2].position.to_string(), format!("{}:1:2", shown("list.json")));
    let files: Vec<String> = document.files().iter().map(ToString::to_string).collect();
    assert_eq!(files, ["top.yaml", "parts/a.yaml", "parts/b.yaml", "list.json"].map(shown));
}

#[test]
fn keys_without_records() {
    let folder = folder(&[
        ("top.yaml", "include: a.yaml\nconfigs: {model: x}\nseed: 2"),
        ("a.yaml", "seed: 1\nsave: no"),
    ]);
    let document = read(&folder, "top.yaml").expect("reads");
    assert_eq!(document.root().describe(), "{seed: 2, save: \"no\", configs: {…}}");
    assert_eq!(document.root().entry("seed").expect("seed").key_position.line, 3);
}

#[test]
fn refuses() {
    let of = |include: &str| refused(&[("top.yaml", include), ("sub/top.yaml", ""), ("a.yaml", "")]);
    let outside = of("a: 1\ninclude: sub/../../x.yaml");
    assert!(outside.starts_with("./top.yaml:2:10: include: "), "{outside}");
    assert!(of("include: /etc/passwd").contains("an include is relative"));
    assert!(of("include: ../../../../../../etc/passwd").contains("outside the folder of the document"));
    assert!(of("include: b.yaml").contains("b.yaml: no such file\n  hint: nearest names there: `a.yaml`"));
    assert!(of("include: sub").contains("is not a file"));
    assert!(
        of("include: [a.yaml, 3]")
            .starts_with("./top.yaml:1:19: include: must be the name of a file, found 3")
    );
    assert!(of("include: ''").contains("is not the name of a file"));
    assert!(of("include: a.yaml").starts_with("./a.yaml:1:1: an included document is a mapping or a list"));
    assert!(
        refused(&[("top.yaml", "include: a.yaml\nconfigs: 3"), ("a.yaml", "configs: []")])
            .starts_with("./top.yaml:2:10: configs: must be a list of records")
    );
    let both = refused(&[("top.yaml", "include: [a.yaml, b.yaml]"), ("a.yaml", "x: [1"), ("b.yaml", "y: {")]);
    assert!(both.contains("./a.yaml:1:4") && both.contains("./b.yaml:1:4"), "{both}");
}

#[test]
fn circles_and_depth() {
    let circle = refused(&[
        ("top.yaml", "include: b/a.yaml"),
        ("b/a.yaml", "x: 1\ninclude: c.yaml"),
        ("b/c.yaml", "include: a.yaml"),
    ]);
    assert_eq!(circle, "./b/c.yaml:1:10: include: includes itself: ./b/a.yaml -> ./b/c.yaml -> ./b/a.yaml");
    assert!(refused(&[("top.yaml", "include: top.yaml")]).contains("./top.yaml -> ./top.yaml"));

    for (last, fine) in [(16, true), (17, false)] {
        let folder = folder(&[("top.yaml", "include: f1.yaml")]);
        for level in 1..=last {
            let text =
                if level == last { "end: 1".to_owned() } else { format!("include: f{}.yaml", level + 1) };
            fs::write(folder.path().join(format!("f{level}.yaml")), text).expect("a file");
        }
        assert_eq!(read(&folder, "top.yaml").is_ok(), fine, "{last}");
    }
}

#[test]
fn includes_do_not_multiply_without_limit() {
    let folder = folder(&[("top.yaml", "include: [f1.yaml, f1.yaml]"), ("f15.yaml", "configs: [{}]")]);
    for level in 1..15 {
        let text = format!("include: [f{0}.yaml, f{0}.yaml]", level + 1);
        fs::write(folder.path().join(format!("f{level}.yaml")), text).expect("a file");
    }
    assert!(read(&folder, "top.yaml").map(|_| ()).unwrap_err().contains("more than 1000 includes"));
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out() {
    let outside = folder(&[("secret.yaml", "a: 1")]);
    let inside = folder(&[("top.yaml", "include: link.yaml"), ("real.yaml", "a: 2")]);
    let link = inside.path().join("link.yaml");
    std::os::unix::fs::symlink(outside.path().join("secret.yaml"), &link).expect("a link");
    assert!(read(&inside, "top.yaml").map(|_| ()).unwrap_err().contains("outside"));
    fs::remove_file(&link).expect("the link");
    std::os::unix::fs::symlink(Path::new("real.yaml"), &link).expect("a link");
    assert!(read(&inside, "top.yaml").is_ok());
}
