/** In the address while no program is chosen yet. */
export const anyProgram = 'any'
