export const greeting = (place) => `Hello from the ${place}`;
