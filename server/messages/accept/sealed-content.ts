import type { Core } from '../../core.ts'
import { purposes } from '../sealed.ts'
import type { MessageRow } from '../store.ts'
import type { Content } from './content.ts'

export function sealContent(ctx: Core, content: Content): string {
  return ctx.seal.seal(JSON.stringify(content), purposes.content)
}

export function openContent(ctx: Core, message: Pick<MessageRow, 'content'>): Content {
  return JSON.parse(ctx.seal.open(message.content, purposes.content)) as Content
}
