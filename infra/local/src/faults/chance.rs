//! Dice that fall alike in every run: a number for each call that a rule is asked about, from nothing but the seed.

/// The throw for a rule's call: `SplitMix64` (Steele, Lea, Flood 2014) of the three.
pub(super) fn dice(seed: u64, rule: usize, call: u64) -> u64 {
    [rule as u64, call].into_iter().fold(mix(seed), |state, next| mix(state ^ next))
}

/// Whether a throw is among the share of all throws that `rate` is.
#[expect(clippy::cast_precision_loss, reason = "53 bits are as many as a rate has")]
pub(super) fn falls(dice: u64, rate: f64) -> bool {
    ((dice >> 11) as f64) / ((1_u64 << 53) as f64) < rate
}

/// A number for a name, other for each throw.
pub(super) fn of(dice: u64, name: &str) -> u64 {
    name.bytes().fold(dice, |state, byte| mix(state ^ u64::from(byte)))
}

/// One step of `SplitMix64`.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
