//! Documents to plans, plans to artefacts: validate, generate, verify.
