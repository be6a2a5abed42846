import { type Static, Type } from 'typebox'
import { checkIn, checkSchema } from '../../../../organisation/corps/doctor/check.ts'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { choice, optionalText } from '../../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../../platform/http/page-call.ts'
import type { Outbound } from '../../../../platform/security/outbound.ts'
import { languageOf } from '../../../../platform/words.ts'
import type { Setups } from '../../channel.ts'
import { checkDomain, recordOf } from './check-domain.ts'
import type { MailKey } from './key-store.ts'
import { dropKey, keysOf, makeKey, senderDomain, useKey } from './keys.ts'

export type DomainNeeds = Core & { messageSettings: Setups; outbound: Outbound }

const keySchema = Type.Object({
  selector: Type.String(),
  /** Of the TXT record by which receivers check the key. */
  name: Type.String(),
  value: Type.String(),
  isUsed: Type.Boolean(),
  madeAt: Type.String(),
})

export function keyView(key: MailKey): Static<typeof keySchema> {
  const { selector, usedSince, madeAt } = key
  return { selector, ...recordOf(key), isUsed: usedSince !== undefined, madeAt: madeAt.toISOString() }
}

export async function checksOf(ctx: DomainNeeds, corpId: string) {
  return checkDomain(ctx.outbound, senderDomain(ctx, corpId), await keysOf(ctx, corpId))
}

export const keyActs = ['make', 'use', 'drop'] as const
export type KeyAct = (typeof keyActs)[number]

/** Makes, uses or drops a key, as a page or a command says it. Throws 1000 and 1008, and 1001 without the selector that it takes. */
export async function changeKey(
  ctx: DomainNeeds,
  actor: string,
  corpId: string,
  { act, selector }: { act: KeyAct; selector: string | undefined },
): Promise<void> {
  if (act === 'make') {
    await makeKey(ctx, actor, corpId)
    return
  }
  if (!selector) throw new ApiError('missingParameter', 'selector')
  await (act === 'use' ? useKey(ctx, actor, corpId, selector) : dropKey(ctx, actor, corpId, selector))
}

export const readMailDomain = pageCall({
  method: 'GET',
  path: '/web/messages/mail',
  access: administrator('super'),
  point: 'message:read',
  input: {},
  output: Type.Object({ domain: Type.String(), keys: Type.Array(keySchema) }),
  async handle(ctx: DomainNeeds, { corpId }) {
    return { domain: senderDomain(ctx, corpId), keys: (await keysOf(ctx, corpId)).map(keyView) }
  },
})

export const checkMailDomain = pageCall({
  method: 'POST',
  path: '/web/messages/mail/check',
  access: administrator('super'),
  point: 'message:settings',
  outgoing: true,
  input: {},
  output: Type.Object({ checks: Type.Array(checkSchema) }),
  async handle(ctx: DomainNeeds, { corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    return { checks: (await checksOf(ctx, corpId)).map(one => checkIn(language, one)) }
  },
})

export const changeMailKey = pageCall({
  method: 'POST',
  path: '/web/messages/mail/key',
  access: administrator('super'),
  point: 'message:settings',
  outgoing: true,
  input: {
    act: choice('生成、启用或删除', keyActs),
    selector: optionalText('启用或删除的密钥', { max: 64 }),
  },
  output: Type.Object({}),
  async handle(ctx: DomainNeeds, { input, visitor, corpId }) {
    await changeKey(ctx, visitor.actor, corpId, input)
    return {}
  },
})
