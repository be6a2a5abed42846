/** Who did it, in the audit. */
export const actor = 'cli'
