/** Where somebody's to-dos are, in WeCom's client and on any phone. */
export const todoListPath = '/mobile?tab=todos'
