/** The administrator levels of the specification, and on our own pages one more for the help desk, which has none on the wire. */
export const level = { member: 0, system: 1, superAdministrator: 2, graded: 3, helpDesk: 4 } as const
