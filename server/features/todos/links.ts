/** Where somebody's to-dos are, in WeCom's client and on any phone. */
export const todoListPath = '/mobile?tab=todos'

/** Opens one to-do for whoever has it, and tells anybody else that it is not theirs. */
export const todoPath = (id: number) => `/mobile?todo=${id}`
