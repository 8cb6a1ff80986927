//! Addresses of networks, all of them reserved: for documentation, or for local use.

use std::fmt::Write as _;
use std::net::Ipv6Addr;

use super::choice::Choice;
use super::company;
use super::data::{COMMON, Data};
use super::pattern::number;

/// RFC 5737.
const NETS: [&str; 3] = ["192.0.2.", "198.51.100.", "203.0.113."];

pub(super) fn ip(_: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(choice.text(&NETS));
    number(1 + choice.below(254), out);
}

/// 2001:db8::/32 (RFC 3849).
pub(super) fn ipv6(_: &Data, choice: &mut impl Choice, out: &mut String) {
    let mut address: u128 = 0x2001_0db8;
    for _ in 0..3 {
        address = address << 32 | u128::from(choice.below(1 << 32));
    }
    // Writing to a text cannot fail.
    let _ = write!(out, "{}", Ipv6Addr::from(address));
}

/// Locally administered: of no manufacturer.
pub(super) fn mac(_: &Data, choice: &mut impl Choice, out: &mut String) {
    let first = choice.below(64) << 2 | 0b10;
    let address = first << 40 | choice.below(1 << 40);
    for at in (0..6).rev() {
        hex(address >> (8 * at), 2, out);
        if at > 0 {
            out.push(':');
        }
    }
}

/// A random one: version 4 (RFC 9562).
pub(super) fn uuid(_: &Data, choice: &mut impl Choice, out: &mut String) {
    let high = choice.below(1 << 60);
    let low = choice.below(1 << 62) | 1 << 63;
    hex(high >> 28, 8, out);
    out.push('-');
    hex(high >> 12, 4, out);
    out.push_str("-4");
    hex(high, 3, out);
    out.push('-');
    hex(low >> 48, 4, out);
    out.push('-');
    hex(low, 12, out);
}

pub(super) fn url(data: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(["https://", "https://www."][choice.below(2) as usize]);
    company::domain(data, choice, out);
    out.push('/');
    out.push_str(choice.text(&COMMON.paths));
    out.push('/');
    number(1 + choice.below(10_000_000), out);
}

pub(super) fn user_agent(_: &Data, choice: &mut impl Choice, out: &mut String) {
    let agents = &COMMON.agents;
    let at = choice.below(agents.last().map_or(1, |agent| agent.end));
    let agent = &agents[agents.partition_point(|agent| agent.end <= at)];
    for (at_part, part) in agent.text.split('*').enumerate() {
        if at_part > 0 {
            number(agent.first_version + at - agent.start, out);
        }
        out.push_str(part);
    }
}

/// The last digits of `value`.
pub(super) fn hex(value: u64, digits: u32, out: &mut String) {
    for at in (0..digits).rev() {
        let digit = (value >> (4 * at) & 15) as usize;
        out.push(char::from(b"0123456789abcdef"[digit]));
    }
}
