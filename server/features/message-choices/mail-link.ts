import { type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { MessageTypes } from '../message-types/catalog.ts'

/** Whom a link in a mail names, and of which type. It has no end, because people keep mails. */
export type StopLink = { corpId: string; memberId: number; typeKey: string }

export const stopPath = '/mail/stop/'

const purpose = 'mail.stop'

/** The address by which a person stops the mails of a type; undefined for a type of which mails are not stopped. */
export function stopUrlOf(
  ctx: Core & { corps: Corps; messageTypes: MessageTypes },
  { corpId, memberId, typeKey }: StopLink,
): string | undefined {
  if (ctx.messageTypes.find(corpId, typeKey)?.definition.level !== 'normal') return undefined
  const named = Buffer.from(JSON.stringify([corpId, memberId, typeKey])).toString('base64url')
  return `${publicUrlOf(ctx, ctx.corps.find(corpId))}${stopPath}${named}.${ctx.seal.sign(purpose, named)}`
}

/** What a link says; undefined for one that was altered or that wisp did not make. */
export function readStopLink({ seal }: Pick<Core, 'seal'>, token: string): StopLink | undefined {
  const [, named = '', signature = ''] = /^([\w-]+)\.([\w-]+)$/.exec(token) ?? []
  if (!seal.isSigned(purpose, named, signature)) return undefined
  const [corpId, memberId, typeKey] = JSON.parse(Buffer.from(named, 'base64url').toString())
  return { corpId, memberId, typeKey }
}
