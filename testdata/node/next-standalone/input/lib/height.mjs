// Height of the tide in metres, so many hours after high water.
export function height(hours) {
  return 2 + 1.5 * Math.cos((hours / 12.42) * 2 * Math.PI);
}
