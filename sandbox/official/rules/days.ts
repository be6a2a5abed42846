/** `YYYY-MM-DD` in China for a time in ms. */
export const dayInChina = (at: number): string => new Date(at + 8 * 3600_000).toISOString().slice(0, 10)

/** `YYYY-MM` in China for a time in ms. */
export const monthInChina = (at: number): string => dayInChina(at).slice(0, 7)
