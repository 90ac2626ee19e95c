// What a jar says of its content and its weight in grams.
export function label(content, grams) {
  return `${content}, ${(grams / 1000).toFixed(1)} kg`;
}
