/** The administrator levels of the specification. */
export const level = { member: 0, system: 1, superAdministrator: 2, graded: 3 } as const
