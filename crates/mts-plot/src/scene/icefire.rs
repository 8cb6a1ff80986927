//! The palette of heatmaps: light blue, black, light red.

use super::Colour;

/// Every fifth colour of *icefire*, the diverging palette with a dark centre by M. Waskom (seaborn,
/// 2020, doi:10.21105/joss.03021); those between lie on straight lines, at most 1/255 from the original.
const ANCHORS: [u32; 52] = [
    0xbde7db, 0xafddd7, 0xa1d3d4, 0x93cad1, 0x84c1cf, 0x75b8ce, 0x65afcd, 0x58a5cd, 0x4c9ccd, 0x4192ce,
    0x3987cf, 0x377cd0, 0x3b71cd, 0x4265c5, 0x475ab9, 0x4a50a9, 0x484996, 0x444282, 0x3e3c70, 0x38365f,
    0x323050, 0x2c2b42, 0x272636, 0x23222d, 0x202025, 0x1f1e20, 0x211e1e, 0x271e1f, 0x2f1f22, 0x392126,
    0x43232a, 0x4f2630, 0x5c2935, 0x6a2b3a, 0x782c3f, 0x872d42, 0x962e44, 0xa52f44, 0xb33341, 0xc0393d,
    0xcc4139, 0xd54b35, 0xde5733, 0xe56433, 0xea7238, 0xee8142, 0xf18f51, 0xf49d63, 0xf7ab75, 0xfab887,
    0xfcc69a, 0xffd4ac,
];

/// The colour of `share`, from 0 to 1.
pub(crate) fn icefire(share: f64) -> Colour {
    let place = share.clamp(0.0, 1.0) * (ANCHORS.len() - 1) as f64;
    let below = (place as usize).min(ANCHORS.len() - 2);
    let rest = place - below as f64;
    let (Colour(r, g, b, _), Colour(s, h, c, _)) =
        (Colour::hex(ANCHORS[below]), Colour::hex(ANCHORS[below + 1]));
    let between = |from: u8, to: u8| (f64::from(from) + rest * (f64::from(to) - f64::from(from)) + 0.5) as u8;
    Colour(between(r, s), between(g, h), between(b, c), 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_and_the_middle_are_the_original_ones() {
        assert_eq!(icefire(0.0), Colour::hex(0xbde7db));
        assert_eq!(icefire(1.0), Colour::hex(0xffd4ac));
        let Colour(r, g, b, _) = icefire(0.5);
        assert!(r.max(g).max(b) < 0x24, "the centre is dark: {r} {g} {b}");
    }
}
