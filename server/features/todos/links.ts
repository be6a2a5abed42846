/** Where somebody's to-dos are, in WeCom's client and on any phone. */
export const todoListPath = '/mobile?tab=todos'

/** Opens one to-do for whoever has it, and tells anybody else that it is not theirs. */
export const todoPath = (id: number) => `/mobile?todo=${id}`

export function momentIn(timeZone: string, at: Date): string {
  const parts = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  return new Intl.DateTimeFormat('zh-CN', { timeZone, ...parts, hourCycle: 'h23' }).format(at)
}
