/** The pyrometric cone that bends at a temperature, in °C. */
export const cone = (celsius: number) => (celsius >= 1222 ? '6' : celsius >= 1060 ? '04' : '022');
