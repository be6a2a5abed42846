/** The value of `open` in the address for a new one. */
export const newTemplate = 'new'
