import type { Account } from './account.ts'
import type { Records } from './records.ts'
import type { Template } from './template.ts'

export const templatesOf = (account: Account): Records<Template> => account.collection<Template>('templates')
export const subscribeTemplatesOf = (account: Account): Records<Template> =>
  account.collection<Template>('subscribeTemplates')

/** How often a follower may still be written to with a template of 订阅通知, by openid and template. */
export interface Tick {
  openid: string
  templateId: string
  left: number
  /** Long-term: never used up. */
  longTerm: boolean
}

export const ticksOf = (account: Account): Records<Tick> => account.collection<Tick>('ticks')
export const tickKey = (openid: string, templateId: string): string => `${openid} ${templateId}`
