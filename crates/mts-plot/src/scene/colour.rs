//! Colours and themes.

/// Red, green, blue, and opacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Colour {
    /// An opaque colour from 0xRRGGBB.
    pub(crate) const fn hex(rgb: u32) -> Self {
        Colour((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8, 255)
    }

    /// The same colour, so opaque of 255.
    pub(crate) const fn faint(self, opacity: u8) -> Self {
        Colour(self.0, self.1, self.2, opacity)
    }
}

/// The ground that a picture is drawn on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark lines on white, for paper.
    #[default]
    Light,
    /// Light lines on near black.
    Dark,
}

/// After Okabe and Ito (2008): told apart with every kind of colour vision.
const LIGHT: [Colour; 8] = [
    Colour::hex(0x0072b2),
    Colour::hex(0xd55e00),
    Colour::hex(0x009e73),
    Colour::hex(0xcc79a7),
    Colour::hex(0xe69f00),
    Colour::hex(0x56b4e9),
    Colour::hex(0x7a4b2a),
    Colour::hex(0x6e6e6e),
];

const DARK: [Colour; 8] = [
    Colour::hex(0x56b4e9),
    Colour::hex(0xff8a3d),
    Colour::hex(0x2fcfa0),
    Colour::hex(0xe39ac6),
    Colour::hex(0xf0c14b),
    Colour::hex(0x8fa8ff),
    Colour::hex(0xc49a77),
    Colour::hex(0xa8a8a8),
];

impl Theme {
    pub(crate) fn background(self) -> Colour {
        match self {
            Theme::Light => Colour::hex(0xffffff),
            Theme::Dark => Colour::hex(0x16181d),
        }
    }

    /// Of text and frames.
    pub(crate) fn ink(self) -> Colour {
        match self {
            Theme::Light => Colour::hex(0x222222),
            Theme::Dark => Colour::hex(0xe8e8e8),
        }
    }

    /// Of captions.
    pub(crate) fn pale(self) -> Colour {
        match self {
            Theme::Light => Colour::hex(0x6a6a6a),
            Theme::Dark => Colour::hex(0x9a9a9a),
        }
    }

    /// Of lines behind the data.
    pub(crate) fn grid(self) -> Colour {
        match self {
            Theme::Light => Colour::hex(0xe9e9e9),
            Theme::Dark => Colour::hex(0x2c3038),
        }
    }

    /// Of places where a value is missing.
    pub(crate) fn gap(self) -> Colour {
        match self {
            Theme::Light => Colour::hex(0xd0d0d0),
            Theme::Dark => Colour::hex(0x4a4d55),
        }
    }

    /// Of the n-th series; they repeat.
    pub(crate) fn series(self, n: usize) -> Colour {
        match self {
            Theme::Light => LIGHT[n % LIGHT.len()],
            Theme::Dark => DARK[n % DARK.len()],
        }
    }
}
