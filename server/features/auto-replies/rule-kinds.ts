/** What a rule answers; a kind that stands before another is asked first. */
export const ruleKinds = ['enter', 'subscribe', 'menu', 'keyword', 'type', 'default'] as const
export type RuleKind = (typeof ruleKinds)[number]

/** How often a rule answers again, by the calendar in China. */
export const agains = ['always', 'day', 'week', 'month', 'once'] as const
export type RepeatRule = (typeof agains)[number]
export const againByDefault: RepeatRule = 'day'
