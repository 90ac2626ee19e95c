/** magnitude is how many magnitudes one brightness is above another. */
export const magnitude = (a, b) => 2.5 * Math.log10(a / b);
