/** Crates for a harvest, in kilograms, at 18 kg each. */
export const crates = kg => Math.ceil(kg / 18)
