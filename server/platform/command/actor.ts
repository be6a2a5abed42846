/** The actor recorded in the audit log. */
export const actor = 'cli'
