//! Repeatable random numbers, computed from a seed.

/// Returns the random number of a call: `SplitMix64` (Steele, Lea, Flood 2014) of seed, rule and call.
pub(super) fn random(seed: u64, rule: usize, call: u64) -> u64 {
    [rule as u64, call].into_iter().fold(mix(seed), |state, next| mix(state ^ next))
}

/// Returns whether a random number falls into the share `rate` of all numbers.
#[expect(clippy::cast_precision_loss, reason = "a rate has 53 bits, too")]
pub(super) fn is_selected(random: u64, rate: f64) -> bool {
    ((random >> 11) as f64) / ((1_u64 << 53) as f64) < rate
}

/// Mixes a name into a random number.
pub(super) fn for_name(random: u64, name: &str) -> u64 {
    name.bytes().fold(random, |state, byte| mix(state ^ u64::from(byte)))
}

/// One step of `SplitMix64`.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
