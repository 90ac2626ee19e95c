/** How long a text takes to read, at 200 words a minute. */
export function minutes(text) {
  const words = text.trim().split(/\s+/).filter(Boolean).length;
  return Math.max(1, Math.round(words / 200));
}
