export const greeting = (place: string) => `Hello from the ${place}`;
