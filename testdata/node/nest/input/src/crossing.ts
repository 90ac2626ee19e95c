/** minutes is how long a crossing of some nautical miles takes at a speed in knots. */
export function minutes(miles: number, knots: number): number {
  return Math.round((miles / knots) * 60);
}
