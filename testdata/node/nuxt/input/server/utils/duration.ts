/** Minutes as people say them. */
export const duration = (minutes: number) => `${Math.floor(minutes / 60)} h ${minutes % 60} min`
