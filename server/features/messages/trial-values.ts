import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Setups } from '../channels/channel.ts'
import type { SmsTemplates } from '../channels/sms/templates-store.ts'
import { latestMessageOf } from './parts/store.ts'

/** A message that the developer sent lately, and an SMS template with as many values as it takes, to try calls with. */
export async function messageValues(
  ctx: Core & { messageSettings: Setups },
  { corpId, devId, scopes }: Caller,
): Promise<Record<string, unknown>> {
  const msgId = scopes.has('message:send') ? await latestMessageOf(ctx.db, corpId, devId) : undefined
  const { extra } = ctx.messageSettings.setupOf<unknown, SmsTemplates>(corpId, 'sms')
  const template = scopes.has('sms:send') ? extra?.values().next().value : undefined
  const smsParams = template?.params.map((_name, index) => ['666666', '5'][index] ?? '1')
  return {
    ...(msgId ? { msgId } : {}),
    ...(template ? { smsTemplateId: template.id, smsParams } : {}),
  }
}
