import type { Core } from '../../platform/core.ts'
import type { SealedColumn } from '../../platform/security/sealed-columns.ts'
import type { MessageRow } from './part.ts'

/** Where mail and SMS were sealed before each channel had a row of its own. */
const former: Record<string, string> = { email: 'message_settings.smtp', sms: 'message_settings.sms' }

export const purposes = {
  channel: (name: string) => former[name] ?? `message_channel.${name}`,
  content: 'message.content',
  plan: 'message_plan.input',
} as const

export const settingsSealed: SealedColumn = {
  table: 'message_channel',
  key: ['corp_id', 'channel'],
  column: 'sealed',
  purpose: ([, channel = '']) => purposes.channel(channel),
}

export const contentSealed: SealedColumn = {
  table: 'message',
  key: ['corp_id', 'id'],
  column: 'content',
  purpose: purposes.content,
}

export const planSealed: SealedColumn = {
  table: 'message_plan',
  key: ['corp_id', 'message_id'],
  column: 'input',
  purpose: purposes.plan,
}

export function sealContent(ctx: Core, content: object): string {
  return ctx.seal.seal(JSON.stringify(content), purposes.content)
}

export function openContent(ctx: Core, message: Pick<MessageRow, 'content'>): object {
  return JSON.parse(ctx.seal.open(message.content, purposes.content)) as object
}
