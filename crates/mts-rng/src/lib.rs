//! NumPy's Generator(PCG64), draw for draw, and portable elementary functions.
