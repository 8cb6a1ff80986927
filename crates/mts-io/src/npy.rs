//! The header of NumPy's `.npy` files: one line of text that says type and shape.

/// What every file begins with, and the version that is written.
const MAGIC: &[u8; 6] = b"\x93NUMPY";
const VERSION: [u8; 2] = [1, 0];

/// NumPy maps the data, and so wants them at a multiple of this.
const ALIGN: usize = 64;

/// Headers of numbers are shorter.
const MAX_TEXT: usize = 1 << 16;

/// What stands before the data of an array in C order.
pub(crate) fn header(kind: &str, shape: &[usize]) -> Vec<u8> {
    let sizes: Vec<String> = shape.iter().map(ToString::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    let text =
        format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({}{comma}), }}", sizes.join(", "));
    let before = MAGIC.len() + VERSION.len() + 2;
    let length = (before + text.len() + 1).next_multiple_of(ALIGN);
    let mut bytes = [MAGIC.as_slice(), &VERSION].concat();
    bytes.extend_from_slice(&((length - before) as u16).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes.resize(length - 1, b' ');
    bytes.push(b'\n');
    bytes
}

/// What a header says.
#[derive(Debug, PartialEq)]
pub(crate) struct Header {
    pub(crate) kind: String,
    pub(crate) shape: Vec<usize>,
    /// Where the data begin.
    pub(crate) length: usize,
}

/// Bytes that are enough to [`parse`] any header.
pub(crate) const MAX_HEADER: usize = MAX_TEXT + 12;

/// Reads the header that `bytes` begin with.
pub(crate) fn parse(bytes: &[u8]) -> Result<Header, String> {
    let cut = || "its header is cut off".to_owned();
    let rest = bytes.strip_prefix(MAGIC).ok_or("it does not begin as an array of NumPy does")?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or_else(cut)?;
    let (length, rest) = if version[0] == 1 {
        let (length, rest) = rest.split_first_chunk().ok_or_else(cut)?;
        (usize::from(u16::from_le_bytes(*length)), rest)
    } else {
        let (length, rest) = rest.split_first_chunk().ok_or_else(cut)?;
        (u32::from_le_bytes(*length) as usize, rest)
    };
    if length > MAX_TEXT {
        return Err(format!("its header is longer than {MAX_TEXT} bytes"));
    }
    let text = rest.get(..length).ok_or_else(cut)?;
    let text = std::str::from_utf8(text).map_err(|_| "its header is no text")?;
    let mut words = Words(text);
    let (kind, shape) = words
        .dict()
        .ok_or_else(|| format!("its header is not that of an array in C order: {}", text.trim()))?;
    Ok(Header { kind, shape, length: bytes.len() - rest.len() + length })
}

/// The literals of Python that a header has.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn eat(&mut self, word: &str) -> Option<()> {
        self.0 = self.0.trim_start().strip_prefix(word)?;
        Some(())
    }

    fn text(&mut self) -> Option<&'a str> {
        let quote = self.0.trim_start().chars().next().filter(|c| ['\'', '"'].contains(c))?;
        let (text, rest) = self.0.trim_start().get(1..)?.split_once(quote)?;
        self.0 = rest;
        Some(text)
    }

    fn size(&mut self) -> Option<usize> {
        let text = self.0.trim_start();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        self.0 = &text[digits..];
        text[..digits].parse().ok()
    }

    fn shape(&mut self) -> Option<Vec<usize>> {
        self.eat("(")?;
        let mut shape = Vec::new();
        while self.eat(")").is_none() {
            shape.push(self.size()?);
            if self.eat(",").is_none() {
                self.eat(")")?;
                break;
            }
        }
        Some(shape)
    }

    /// Type and shape of an array in C order.
    fn dict(&mut self) -> Option<(String, Vec<usize>)> {
        let (mut kind, mut shape, mut c_order) = (None, None, false);
        self.eat("{")?;
        while self.eat("}").is_none() {
            let key = self.text()?;
            self.eat(":")?;
            match key {
                "descr" => kind = Some(self.text()?.to_owned()),
                "shape" => shape = Some(self.shape()?),
                "fortran_order" => {
                    self.eat("False")?;
                    c_order = true;
                }
                _ => return None,
            }
            if self.eat(",").is_none() {
                self.eat("}")?;
                break;
            }
        }
        (c_order && self.0.trim().is_empty()).then_some((kind?, shape?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_read_back() {
        for shape in [vec![], vec![3], vec![1 << 40, 2, 3]] {
            let bytes = header("<f8", &shape);
            assert_eq!(bytes.len() % ALIGN, 0);
            let expected = Header { kind: "<f8".to_owned(), shape, length: bytes.len() };
            assert_eq!(parse(&bytes), Ok(expected));
            for end in 0..bytes.len() {
                assert!(parse(&bytes[..end]).is_err());
            }
        }
    }

    #[test]
    fn other_headers() {
        let file = |version: u8, text: &str| {
            let length = text.len() as u32;
            let length = &length.to_le_bytes()[..if version == 1 { 2 } else { 4 }];
            [MAGIC.as_slice(), &[version, 0], length, text.as_bytes()].concat()
        };
        let text = "{'shape':(2,),\"descr\":'<i8','fortran_order':False}";
        for version in [1, 2, 3] {
            let header = parse(&file(version, text)).unwrap();
            assert_eq!((header.kind.as_str(), header.shape.as_slice()), ("<i8", [2].as_slice()));
        }
        for text in [
            "",
            "{}",
            "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }",
            "{'descr': '<f8', 'shape': (2, 3), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (2, -3), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }",
            "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), } more",
        ] {
            assert!(parse(&file(1, text)).unwrap_err().contains("in C order"), "{text}");
        }
    }
}
