//! Plain tables for the terminal.

/// Formats rows under a header; the first `text` columns are left-aligned, the others are numbers.
pub(super) fn format(header: &[&str], rows: &[Vec<String>], text: usize) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells
            .chain([header[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, &width))| match column {
                _ if column < text => format!("{cell:width$}"),
                _ => format!("{cell:>width$}"),
            })
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(&mut header.iter().copied())];
    lines.extend(
        rows.iter()
            .map(|row| line(&mut row.iter().map(String::as_str))),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_right_aligned() {
        let rows = vec![
            vec!["a".to_owned(), "1".to_owned()],
            vec!["bc".to_owned(), "10".to_owned()],
        ];
        assert_eq!(format(&["x", "n"], &rows, 1), "x    n\na    1\nbc  10");
    }
}
