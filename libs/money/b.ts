export const b = 3;
