/**
 * The keys that sign the mail of a corp (DKIM). A new key waits until its line is in the DNS; then mail is signed with it, and the one
 * before is deleted. Its line should stay in the DNS for some days, for mail that is still on its way.
 */

import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { perform } from '../../../../platform/acts/perform.ts'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { told } from '../../../../platform/http/told.ts'
import type { Outbound } from '../../../../platform/security/outbound.ts'
import type { Setups } from '../../channel.ts'
import { lockCorp } from '../../settings-store.ts'
import { domainOf, type SmtpSettings } from '../settings.ts'
import { isPublished } from './check-domain.ts'
import { deleteKey, insertKey, type MailKey, readKeys, useOnly } from './key-store.ts'
import { keyPurpose } from './signing.ts'

type Needs = Core & { messageSettings: Setups; outbound: Outbound }
type KeyNeeds = Core & { messageSettings: Setups }

const pairOf = promisify(generateKeyPair)

/** Throws 1008 for a corp without a mail server. */
export function senderDomain({ messageSettings }: { messageSettings: Setups }, corpId: string): string {
  const { settings } = messageSettings.setupOf<SmtpSettings>(corpId, 'email')
  if (settings) return domainOf(settings.from)
  throw new ApiError('messageCentre', {
    zh: '未配置邮件服务器（SMTP），没有发件域名；请先在消息中心配置',
    en: 'no mail server (SMTP) is configured, so there is no sender domain: set it up in the message centre first',
  })
}

export async function keysOf(ctx: Core, corpId: string): Promise<MailKey[]> {
  return (await readKeys(ctx.db, corpId)).get(corpId) ?? []
}

/** Makes a key for the sender's domain, unless one waits already, which is returned. Throws 1008. */
export async function makeKey(ctx: KeyNeeds, actor: string, corpId: string): Promise<MailKey> {
  const domain = senderDomain(ctx, corpId)
  const waits = ({ usedSince, domain: of }: MailKey) => usedSince === undefined && of === domain
  const known = (await keysOf(ctx, corpId)).find(waits)
  if (known) return known
  const { publicKey, privateKey } = await pairOf('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const madeAt = new Date(ctx.now())
  const key: MailKey = {
    selector: `wisp${madeAt.toISOString().slice(0, 7).replace('-', '')}${randomBytes(2).toString('hex')}`,
    domain,
    sealed: ctx.seal.seal(privateKey, keyPurpose),
    publicKey: publicKey.toString('base64'),
    madeAt,
    usedSince: undefined,
  }
  const entry = { act: 'message.mail-key', actor, corpId } as const
  return perform(ctx, entry, async tx => {
    await lockCorp(tx, corpId)
    const meanwhile = (await readKeys(tx, corpId)).get(corpId)?.find(waits)
    if (!meanwhile) await insertKey(tx, corpId, key)
    const answer = meanwhile ?? key
    return { target: answer.selector, detail: { domain, state: 'waiting' }, answer }
  })
}

/** Signs with this key from now on. Throws 1000 unless its line is in the DNS. */
export async function useKey(ctx: Needs, actor: string, corpId: string, selector: string): Promise<void> {
  const key = await namedKey(ctx, corpId, selector)
  if (!(await isPublished(ctx.outbound, key)))
    throw new ApiError('badParameter', {
      zh: told`DNS 中没有 ${key.selector}._domainkey.${key.domain} 的这个密钥；没有启用。请添加 TXT 记录，生效后再试`,
      en: told`the DNS does not have this key at ${key.selector}._domainkey.${key.domain}; it is not in use. Add the TXT record and try again once it is in effect`,
    })
  await perform(ctx, { act: 'message.mail-key', actor, corpId }, async tx => {
    await lockCorp(tx, corpId)
    if (!(await useOnly(tx, corpId, selector, new Date(ctx.now())))) throw noKey(selector)
    return { target: selector, detail: { domain: key.domain, state: 'live' }, answer: undefined }
  })
}

/** Throws 1000 for a key that is not there. */
export async function dropKey(ctx: Core, actor: string, corpId: string, selector: string): Promise<void> {
  const { domain } = await namedKey(ctx, corpId, selector)
  await perform(ctx, { act: 'message.mail-key', actor, corpId }, async tx => {
    if (!(await deleteKey(tx, corpId, selector))) throw noKey(selector)
    return { target: selector, detail: { domain, state: 'revoked' }, answer: undefined }
  })
}

async function namedKey(ctx: Core, corpId: string, selector: string): Promise<MailKey> {
  const key = (await keysOf(ctx, corpId)).find(one => one.selector === selector)
  if (!key) throw noKey(selector)
  return key
}

function noKey(selector: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有邮件密钥 ${selector}`,
    en: told`there is no mail key ${selector}`,
  })
}
