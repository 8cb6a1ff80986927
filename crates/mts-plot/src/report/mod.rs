//! A page that explains a run, in one file that asks nobody for anything.

mod json;
mod thumbnail;

use std::io::{self, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::Picture;
use json::{Json, text};

pub use thumbnail::{Thumbnail, thumbnail};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What a report says before its datasets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// Of the page.
    pub title: String,
    /// Facts of the run: names and what they are.
    pub facts: Vec<(String, String)>,
    /// The document that the datasets were made from, where it is known.
    pub document: Option<String>,
    /// Commands that make the datasets again, one a line.
    pub regenerate: Vec<String>,
}

/// What a report says of a dataset.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Numbers of channels, steps and realizations.
    pub shape: [u64; 3],
    /// The root of its seed.
    pub seed: String,
    /// Its files, relative to the folder of the run.
    pub files: Vec<String>,
    /// Bytes of its files together.
    pub bytes: u64,
    /// Parameters and their values.
    pub parameters: Vec<(String, String)>,
    /// What is true of it: names and short descriptions.
    pub truth: Vec<(String, String)>,
    /// Where it comes from: names and what they are.
    pub provenance: Vec<(String, String)>,
    /// What it looks like, small.
    pub thumbnail: Thumbnail,
    /// What it looks like, large; where a report has very many datasets, only some have one.
    pub picture: Option<Picture>,
    /// What went wrong while it was read.
    pub trouble: Option<String>,
}

/// A report that is being written: datasets go into it one by one, and need not be in memory together.
///
/// ```
/// use mts_plot::{Cover, Item, Report};
///
/// let cover = Cover { title: "data".to_owned(), ..Cover::default() };
/// let mut report = Report::begin(Vec::new(), &cover)?;
/// report.add(&Item { name: "ou__00c0ffee".to_owned(), ..Item::default() })?;
/// let page = String::from_utf8(report.finish()?).expect("HTML is text");
/// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("ou__00c0ffee"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Report<W> {
    writer: W,
    items: usize,
}

impl<W: Write> Report<W> {
    /// Begins a page.
    ///
    /// # Errors
    ///
    /// Those of `writer`.
    pub fn begin(mut writer: W, cover: &Cover) -> io::Result<Self> {
        let title = Html(&cover.title);
        write!(
            writer,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1>{title}</h1>\n"
        )?;
        list(&mut writer, &cover.facts)?;
        writeln!(writer, "</header>\n<main>")?;
        if !cover.regenerate.is_empty() {
            let lines = cover.regenerate.join("\n");
            writeln!(writer, "<section><h2>Make it again</h2><pre>{}</pre></section>", Html(&lines))?;
        }
        if let Some(document) = &cover.document {
            let open = if document.lines().count() <= 40 { " open" } else { "" };
            writeln!(
                writer,
                "<section><details{open}><summary>The document</summary><pre>{}</pre></details></section>",
                Html(document)
            )?;
        }
        writeln!(
            writer,
            "<section id=\"datasets\"><h2>Datasets</h2><noscript><p>The table of datasets needs JavaScript, \
             which is in this file.</p></noscript></section>\n</main>\n<script type=\"application/json\" id=\"data\">["
        )?;
        Ok(Report { writer, items: 0 })
    }

    /// Adds a dataset.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn add(&mut self, item: &Item) -> io::Result<()> {
        let picture = item.picture.as_ref().map(|picture| {
            let data = BASE64_STANDARD.encode(picture.png());
            format!("data:image/png;base64,{data}")
        });
        let object = Json::Object(vec![
            ("name", text(&item.name)),
            ("model", text(&item.model)),
            ("shape", Json::List(item.shape.iter().map(|number| Json::Number(*number)).collect())),
            ("seed", text(&item.seed)),
            ("files", Json::List(item.files.iter().map(|file| text(file)).collect())),
            ("bytes", Json::Number(item.bytes)),
            ("parameters", pairs(&item.parameters)),
            ("truth", pairs(&item.truth)),
            ("provenance", pairs(&item.provenance)),
            ("line", text(&item.thumbnail.path)),
            ("picture", picture.as_deref().map_or(Json::Null, text)),
            ("trouble", item.trouble.as_deref().map_or(Json::Null, text)),
        ]);
        let comma = if self.items == 0 { "" } else { "," };
        self.items += 1;
        writeln!(self.writer, "{comma}{object}")
    }

    /// Ends the page and returns its writer.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        write!(self.writer, "]</script>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n")?;
        self.writer.flush()?;
        Ok(self.writer)
    }
}

fn pairs(pairs: &[(String, String)]) -> Json<'_> {
    Json::List(pairs.iter().map(|(name, value)| Json::List(vec![text(name), text(value)])).collect())
}

fn list(writer: &mut impl Write, facts: &[(String, String)]) -> io::Result<()> {
    writeln!(writer, "<dl>")?;
    for (name, value) in facts {
        writeln!(writer, "<div><dt>{}</dt><dd>{}</dd></div>", Html(name), Html(value))?;
    }
    writeln!(writer, "</dl>")
}

/// Text between tags.
struct Html<'a>(&'a str);

impl std::fmt::Display for Html<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use std::fmt::Write as _;
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\0' => f.write_char('\u{fffd}'),
            other => f.write_char(other),
        })
    }
}
