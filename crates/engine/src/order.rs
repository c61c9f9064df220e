//! Sorting, as much of it as an answer shows.

use std::cmp::Ordering;

/// The indices below `count` in order, without the first `offset` and at most `limit` of them.
/// Equal ones stay in index order.
pub(crate) fn page(
    count: usize,
    offset: u32,
    limit: Option<u32>,
    compare: Option<&dyn Fn(usize, usize) -> Ordering>,
) -> Vec<u32> {
    let start = (offset as usize).min(count);
    let end = limit.map_or(count, |limit| {
        start.saturating_add(limit as usize).min(count)
    });
    let Some(compare) = compare else {
        return (start as u32..end as u32).collect();
    };
    let mut order: Vec<u32> = (0..count as u32).collect();
    let total = |a: &u32, b: &u32| compare(*a as usize, *b as usize).then(a.cmp(b));
    if end < count && end > 0 {
        order.select_nth_unstable_by(end - 1, total);
    }
    order.truncate(end);
    order.sort_unstable_by(total);
    order.split_off(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_the_same_part_of_the_whole_order() {
        let keys: Vec<u32> = (0..100).map(|n| n * 37 % 10).collect();
        let compare = |a: usize, b: usize| keys[b].cmp(&keys[a]);
        let whole = page(100, 0, None, Some(&compare));
        assert!(whole.is_sorted_by_key(|n| (9 - keys[*n as usize], *n)));
        for (offset, limit) in [(0, 1), (0, 10), (95, 10), (100, 1), (200, 1), (30, 0)] {
            let part = page(100, offset, Some(limit), Some(&compare));
            let whole: Vec<u32> = whole
                .iter()
                .skip(offset as usize)
                .take(limit as usize)
                .copied()
                .collect();
            assert_eq!(part, whole);
        }
    }
}
