/** Jars of 400 ml for a batch of jam, in ml. */
export const jars = (ml: number) => Math.ceil(ml / 400)
