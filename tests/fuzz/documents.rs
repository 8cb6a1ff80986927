//! Any document is planned, or refused for reasons that have a place.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mts_config::{Document, Position, Problems};
use mts_engine::{Engine, Options, Plan, Request, Settings, Status, generate, targets, validate};
use mts_hash::{canonical_json, parse};
use mts_io::{Compression, Form, Format};

use crate::dice::Dice;
use crate::grammar::{Grammar, oversized};
use crate::mutate;
use crate::run::{Suite, Tally, say};

/// Values of a plan that is run.
const SMALL: u64 = 2000;

/// What every document may include, and what it may not.
const INCLUDED: [(&str, &str); 5] = [
    ("records.yaml", "- {model: ou, M: 2, T: 3}\n- {model: gbm, M: 1, T: 4, seed: 5}\n"),
    ("settings.json", "{\"seed\": 3, \"format\": \"csv\", \"configs\": {\"model\": \"ar\", \"T\": 3}}"),
    ("circle.yaml", "include: circle.yaml\n"),
    ("wrong.yaml", "seed: -1\nconfigs: [{model: nothing}]\n"),
    ("broken.yaml", "seed: [1, 2\n"),
];

pub struct Documents {
    engine: Engine,
    grammar: Grammar,
    known: Vec<String>,
    folder: PathBuf,
    /// The document of the case.
    text: String,
    shown: bool,
}

impl Suite for Documents {
    const NAME: &'static str = "documents";

    fn prepare(_: &Path) {}

    fn new(_: &Path, own: &Path, shown: bool) -> Self {
        let registry = mts_models::registry();
        let configs = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../configs")).unwrap();
        let mut paths: Vec<PathBuf> =
            configs.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
        paths.sort();
        for (name, text) in INCLUDED {
            fs::write(own.join(name), text).unwrap();
        }
        Documents {
            grammar: Grammar::new(&registry),
            engine: Engine::new(registry),
            known: paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect(),
            folder: own.to_owned(),
            text: String::new(),
            shown,
        }
    }

    fn case(&mut self, mut dice: Dice, tally: &mut Tally) -> Result<(), String> {
        let dice = &mut dice;
        self.text = self.write(dice);
        let includes = dice.percent(5);
        let (document, texts) = if includes { self.load(dice) } else { self.parse(dice) };
        let request = request(dice);
        if self.shown {
            say(&format!("{}\n{:?}\n{request:?}", self.text, self.text));
        }
        match document.and_then(|document| Ok((self.engine.plan(&document, &request)?, document))) {
            Ok((plan, document)) => {
                tally.count("planned");
                self.planned(dice, &document, &plan, request, tally)
            }
            Err(problems) => {
                tally.count("refused");
                reasons(&problems, &texts, request.form.is_some())
            }
        }
    }
}

/// A name, and what is there.
type Texts = Vec<(String, String)>;

impl Documents {
    fn write(&self, dice: &mut Dice) -> String {
        // As it is: with one axis less, it would describe a hundred thousand datasets.
        if dice.below(4000) == 0 {
            return oversized(dice);
        }
        let generated = self.grammar.document(dice);
        if dice.percent(65) {
            return generated;
        }
        let known = dice.any(&self.known);
        let (text, other) = if dice.percent(30) { (known, &generated) } else { (&generated, known) };
        if dice.percent(70) {
            return mutate::text(dice, text, other);
        }
        let mut bytes = text.clone().into_bytes();
        mutate::bytes(dice, &mut bytes, other.as_bytes());
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn parse(&self, dice: &mut Dice) -> (Result<Document, Problems>, Texts) {
        let json = dice.percent(if self.text.starts_with(['{', '[']) { 40 } else { 2 });
        let name = if json { "document.json" } else { "document.yaml" };
        (mts_config::parse(&self.text, name), vec![(name.to_owned(), self.text.clone())])
    }

    /// As a file among others.
    fn load(&mut self, dice: &mut Dice) -> (Result<Document, Problems>, Texts) {
        let mut names: Vec<&str> = INCLUDED.iter().map(|(name, _)| *name).collect();
        names.extend(["document.yaml", "none.yaml", "../x", "/etc/hostname", "", "."]);
        let common = dice.percent(60);
        let name = if common { names[dice.below(2)] } else { dice.pick(&names) };
        if self.text.trim_start().starts_with('{') {
            self.text = self.text.replacen('{', &format!("{{\"include\": [{name:?}], "), 1);
        } else {
            self.text = format!("include: {name:?}\n{}", self.text);
        }
        let path = self.folder.join("document.yaml");
        fs::write(&path, &self.text).unwrap();
        let mut texts = vec![(path.display().to_string(), self.text.clone())];
        texts.extend(
            INCLUDED.map(|(name, text)| (self.folder.join(name).display().to_string(), text.to_owned())),
        );
        (mts_config::load(&path), texts)
    }

    fn planned(
        &self,
        dice: &mut Dice,
        document: &Document,
        plan: &Plan,
        mut request: Request,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let mut places = BTreeSet::new();
        for task in plan.tasks() {
            if !task.formats().is_empty() && !places.insert(task.sidecar()) {
                return Err(format!("two tasks write {}", task.sidecar().display()));
            }
            let described = canonical_json(&task.describe().into());
            parse(&described).map_err(|error| format!("a description is no JSON: {error}: {described}"))?;
        }
        if plan.entropy_was_drawn() {
            request.settings.seed = Some(11_u64.into());
        }
        let again =
            || self.engine.plan(document, &request).map_err(|problems| format!("planned once: {problems}"));
        let (one, two) = (again()?, again()?);
        let ids = |plan: &Plan| -> Vec<String> {
            plan.tasks().map(|task| canonical_json(&task.describe().into())).collect()
        };
        if ids(&one) != ids(&two) || !plan.entropy_was_drawn() && ids(plan) != ids(&one) {
            return Err("is planned in two ways".to_owned());
        }
        let small = plan.values() <= SMALL
            && plan.len() <= 16
            && plan.cost() < Duration::from_secs(1)
            && plan.tasks().all(|task| task.memory() < 1 << 24);
        if small && dice.percent(5) {
            tally.count("generated");
            return self.generated(document, request);
        }
        Ok(())
    }

    fn generated(&self, document: &Document, mut request: Request) -> Result<(), String> {
        let outdir = self.folder.join("out");
        let _ = fs::remove_dir_all(&outdir);
        request.settings.outdir = Some(outdir.clone());
        // What was written to folders apart may collide in one.
        let Ok(plan) = self.engine.plan(document, &request) else { return Ok(()) };
        let options = Options::default();
        let outcomes = match generate(&plan, &options, &()) {
            Ok(run) => run.outcomes,
            // Other programs may need all that this machine has.
            Err(problems) if problems.iter().all(|problem| problem.message.contains(" available")) => {
                return Ok(());
            }
            Err(problems) => return Err(format!("not generated: {problems}")),
        };
        for (task, outcome) in plan.tasks().zip(&outcomes) {
            if let Status::Failed(what) = &outcome.status
                && !what.contains("let the values diverge")
            {
                return Err(format!("{}: {what}", task.name()));
            }
        }
        if outcomes.iter().any(|outcome| outcome.status == Status::Written) {
            let found = targets(&outdir).map_err(|error| error.to_string())?;
            let wrong =
                self.engine.verify(&found, None, &()).into_iter().flat_map(|verified| verified.differences);
            let failed = |index: usize| matches!(outcomes[index].status, Status::Failed(_));
            let inspected = validate(&plan, &()).into_iter().enumerate();
            let inspected =
                inspected.filter(|(index, _)| !failed(*index)).flat_map(|(_, task)| task.findings);
            if let Some(wrong) = wrong.chain(inspected).next() {
                return Err(format!("just written, and {wrong}"));
            }
        }
        Ok(())
    }
}

/// What the command line might ask for.
fn request(dice: &mut Dice) -> Request {
    let mut some = |chance: u64| dice.percent(chance);
    let (seed, limit, form, formats, realizations) = (some(30), some(5), some(5), some(5), some(5));
    let compression = some(5);
    let settings = Settings {
        seed: seed.then(|| dice.word().into()),
        n_realizations: realizations.then(|| dice.between(1, 3)),
        ..Settings::default()
    };
    Request {
        settings,
        formats: formats.then(|| vec![dice.any(Format::ALL).name().to_owned()]),
        form: form.then(|| dice.pick(&Form::NAMES).parse().unwrap()),
        compression: compression.then(|| dice.pick(&Compression::NAMES).parse().unwrap()),
        limit: limit.then(|| dice.below(4)),
        ..Request::default()
    }
}

/// Whether all problems say something, at a place that exists.
fn reasons(problems: &Problems, texts: &Texts, requested: bool) -> Result<(), String> {
    if problems.is_empty() {
        return Err("refused without a reason".to_owned());
    }
    for problem in problems {
        let shown = problem.to_string();
        let told = shown.len() < 4000 && !shown.chars().any(|letter| letter.is_control() && letter != '\n');
        if problem.message.is_empty() || !told {
            return Err(format!("a reason that cannot be shown: {shown:?}"));
        }
        match &problem.position {
            // What the request asks for stands in no document.
            None if requested && problem.message.contains("form") => {}
            None => return Err(format!("a problem without a place: {shown}")),
            Some(position) => {
                let text = texts.iter().find(|(name, _)| **name == *position.file);
                let Some((_, text)) = text else { return Err(format!("a place in another file: {shown}")) };
                if !exists(text, position) {
                    return Err(format!("a place that is not there: {shown}"));
                }
            }
        }
    }
    Ok(())
}

/// Whether a text has a position, its end included. YAML ends lines as JSON does, and after a single
/// carriage return.
fn exists(text: &str, position: &Position) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let in_lines = |mut lines: Vec<&str>| {
        let line = (position.line as usize).checked_sub(1).map(|line| lines.drain(..).nth(line));
        line.flatten()
            .is_some_and(|line| (1..=line.chars().count() + 1).contains(&(position.column as usize)))
    };
    let json: Vec<&str> = text.split('\n').collect();
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    in_lines(json) || in_lines(unified.split('\n').collect())
}
