//! How long a run will take, for the plan.

use std::{collections::BTreeMap, time::Duration};

use crate::deliver::Limit;

/// The least time in which `n` messages can go under all of `limits`, with so many a domain under
/// `domain_limits`: from the first permit to the last, caps counted from an empty window. The
/// network's share is not in it.
pub fn estimate(
    limits: &[Limit],
    domain_limits: &BTreeMap<String, Limit>,
    domains: &BTreeMap<String, u64>,
    n: u64,
) -> Duration {
    let domain = domain_limits
        .iter()
        .map(|(name, limit)| paced(limit, domains.get(name).copied().unwrap_or(0)));
    let paces = || limits.iter().filter(|limit| !limit.window.is_cap());
    let paced_all = |n| paces().map(|limit| paced(limit, n)).max().unwrap_or_default();
    let capped = limits.iter().filter(|limit| limit.window.is_cap()).map(|cap| {
        let permits = u64::from(cap.permits.get());
        let full_windows = n.saturating_sub(1) / permits;
        let waited =
            cap.window.duration().saturating_mul(u32::try_from(full_windows).unwrap_or(u32::MAX));
        waited + paced_all(n - full_windows * permits)
    });
    domain.chain(capped).fold(paced_all(n), Duration::max)
}

/// From the first to the `n`th under one limit that spaces evenly after its burst.
fn paced(limit: &Limit, n: u64) -> Duration {
    let spaced = n.saturating_sub(u64::from(limit.burst.get()));
    let nanos =
        limit.window.duration().as_nanos() * u128::from(spaced) / u128::from(limit.permits.get());
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(texts: &[&str]) -> Vec<Limit> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn seconds(limits: &[Limit], n: u64) -> f64 {
        estimate(limits, &BTreeMap::new(), &BTreeMap::new(), n).as_secs_f64()
    }

    #[test]
    fn the_slowest_limit_decides() {
        assert!((seconds(&limits(&["5/s"]), 101) - 20.0).abs() < 1e-6);
        assert!((seconds(&limits(&["5/s", "100/min,burst=10"]), 110) - 60.0).abs() < 1e-6);
        assert!(seconds(&limits(&["5/s"]), 1).abs() < 1e-9);
        assert!(seconds(&limits(&["5/s"]), 0).abs() < 1e-9);
        assert!(seconds(&[], 1_000_000).abs() < 1e-9);
    }

    #[test]
    fn a_cap_adds_whole_windows() {
        assert!((seconds(&limits(&["2000/day"]), 5_000) - 2.0 * 86_400.0).abs() < 1e-6);
        assert!((seconds(&limits(&["2000/day"]), 2_000)).abs() < 1e-9);
        assert!((seconds(&limits(&["1/s", "2000/day"]), 2_001) - 86_400.0).abs() < 1e-6);
    }

    #[test]
    fn a_slow_domain_counts_only_its_own_people() {
        let domain_limits = BTreeMap::from([("gmail.com".to_owned(), "1/s".parse().unwrap())]);
        let domains = BTreeMap::from([("gmail.com".to_owned(), 61), ("x.test".to_owned(), 9_000)]);
        let time = estimate(&limits(&["500/s"]), &domain_limits, &domains, 9_061);
        assert_eq!(time, Duration::from_mins(1));
    }
}
