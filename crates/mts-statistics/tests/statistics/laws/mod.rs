//! Every law of `mts-rng`: one table per family, one line per law and branch of its sampler.

mod complete;
mod counts;
mod exponentials;
mod gammas;
mod integers;
mod normals;
mod orders;
mod row;
mod sharp;
mod uniforms;
mod vectors;

use row::{Row, judge};

/// The tables.
const FAMILIES: [fn() -> Vec<Row>; 8] = [
    uniforms::rows,
    normals::rows,
    exponentials::rows,
    gammas::rows,
    counts::rows,
    integers::rows,
    orders::rows,
    vectors::rows,
];

#[test]
fn uniforms_have_their_law() {
    judge(&uniforms::rows());
}

#[test]
fn normals_and_what_is_made_of_them_have_their_law() {
    judge(&normals::rows());
}

#[test]
fn exponentials_and_inverted_laws_have_their_law() {
    judge(&exponentials::rows());
}

#[test]
fn gammas_and_what_is_made_of_them_have_their_law() {
    judge(&gammas::rows());
}

#[test]
fn counts_have_their_law() {
    judge(&counts::rows());
}

#[test]
fn integers_are_uniform() {
    judge(&integers::rows());
}

#[test]
fn orders_and_choices_are_fair() {
    judge(&orders::rows());
}

#[test]
fn vectors_have_their_law() {
    judge(&vectors::rows());
}
