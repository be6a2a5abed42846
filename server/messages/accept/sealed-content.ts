import type { Core } from '../../core.ts'
import type { MessageRow } from '../store.ts'
import type { Content } from './content.ts'

export const contentPurpose = 'message.content'

export function sealContent(ctx: Core, content: Content): string {
  return ctx.seal.seal(JSON.stringify(content), contentPurpose)
}

export function openContent(ctx: Core, message: Pick<MessageRow, 'content'>): Content {
  return JSON.parse(ctx.seal.open(message.content, contentPurpose)) as Content
}
