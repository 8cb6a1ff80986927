//! `mts schema`: JSON Schemas for editors and programs.

use mts_config::nearest;
use mts_engine::Engine;

use crate::args;
use crate::exit::Failure;
use crate::output::Output;

pub(crate) fn run(engine: &Engine, args: &args::Schema, output: &mut Output) -> Result<(), Failure> {
    let name = args.name.to_lowercase();
    let schema = if let Some(kind) = engine.kinds().find(|kind| kind.kind().name() == name) {
        kind.schema()
    } else if let Some(entry) = engine.registry().get(&name) {
        entry.schema().clone()
    } else {
        let kinds = engine.kinds().map(|kind| kind.kind().name());
        let hint = match nearest(&name, engine.registry().names().chain(kinds)) {
            Some(near) => format!("did you mean {near}?"),
            None => "`mts list models` and `mts list kinds` show them all".to_owned(),
        };
        return Err(Failure::refused(format!(
            "no model or kind of document {:?}\n  hint: {hint}",
            args.name
        )));
    };
    output.print(format_args!("{schema:#}"))?;
    Ok(())
}
