import type { Core } from '../../../platform/core.ts'
import { purposes } from '../sealed.ts'
import type { MessageRow } from '../store.ts'

export function sealContent(ctx: Core, content: object): string {
  return ctx.seal.seal(JSON.stringify(content), purposes.content)
}

export function openContent(ctx: Core, message: Pick<MessageRow, 'content'>): object {
  return JSON.parse(ctx.seal.open(message.content, purposes.content)) as object
}
