import { record } from '../../../../platform/audit/audit.ts'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { told } from '../../../../platform/http/told.ts'
import type { TemplateKind } from '../../../../upstream/official/calls/templates.ts'
import { upstreamError } from '../../../../upstream/upstream-error.ts'
import { checkAbility } from '../../accounts/abilities.ts'
import type { Account } from '../../accounts/accounts.ts'
import { checkUrl } from '../../sends/check-message.ts'
import { checkValues } from '../fields.ts'
import { abilityOf, currentTemplateOf } from '../templates.ts'
import { deliver } from './send.ts'

export type TemplateMessage = {
  openid: string
  templateId: string
  /** What the caller takes the template for; a wrong one is refused. */
  kind?: TemplateKind | undefined
  values: Record<string, string>
  url: string
  miniProgram?: { appId: string; path: string } | undefined
}

export type SendResult = { state: 'sent' | 'sending' | 'unknown'; msgId: string; kind: TemplateKind }

const urlBytesAtMost = 2048
const requestPurpose = 'official.template.request'

/**
 * Checks a template message or 订阅通知 and sends it to one follower, once under `key`. Throws 1000 (unknown template, wrong
 * kind, fields or a link that do not fit, a key of another message), 1009 (the account may not) and 1011 (WeChat's refusal).
 */
export async function sendChecked(
  ctx: Core,
  account: Account,
  given: TemplateMessage,
  by: { origin: 'api' | 'test'; key: string },
): Promise<SendResult> {
  const { openid, templateId, url, miniProgram } = given
  if (!account.enabled)
    throw new ApiError('badParameter', {
      zh: told`公众号 ${account.name} 已停用，没有发送；请管理员启用`,
      en: told`the official account ${account.name} is disabled, and nothing was sent: an administrator can enable it`,
    })
  const template = await currentTemplateOf(ctx, account, templateId, given.kind)
  const { kind } = template
  checkAbility(account, abilityOf[kind])
  const values = checkValues(template, given.values)
  if (url !== '') checkUrl(url, 'url', urlBytesAtMost)
  const message = { openid, templateId, values, url, ...(miniProgram ? { miniProgram } : {}) }
  const requestHash = ctx.seal.sign(requestPurpose, JSON.stringify(message))
  const delivered = await deliver(ctx, account, {
    message,
    kind,
    requestHash,
    origin: by.origin,
    originKey: by.key,
  })
  if (delivered.state === 'failed') throw upstreamError(delivered.error)
  return { state: delivered.state, msgId: delivered.state === 'sent' ? delivered.msgId : '', kind }
}

/** An administrator's try with one follower. */
export async function sendTest(
  ctx: Core,
  actor: string,
  account: Account,
  given: TemplateMessage,
): Promise<SendResult> {
  const { corpId, originalId } = account
  const sent = await sendChecked(ctx, account, given, { origin: 'test', key: ctx.newId() })
  const { openid, templateId: template } = given
  const detail = { openid, template, state: sent.state }
  await record(ctx.db, ctx, { corpId, actor, act: 'official.template.test', target: originalId, detail })
  return sent
}
