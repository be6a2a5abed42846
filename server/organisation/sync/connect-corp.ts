import type { Core } from '../../platform/core.ts'
import { optionalText, text } from '../../platform/http/input.ts'
import { installation, pageCall } from '../../platform/http/page-call.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { WecomOptions } from '../corps/clients/clients.ts'
import {
  corpIdInput,
  force,
  languageAsked,
  type SecretOutcome,
  secretInput,
  secretOutcomeSchema,
} from '../corps/console/corps.ts'
import { addCorp, type Corps, checkNewCorp, type NewCorp } from '../corps/corps.ts'
import { tryContactSecret } from '../corps/doctor/doctor.ts'
import { type Attempt, type Outcome, saveTried } from '../corps/tried-secrets.ts'
import { requestSync } from './request.ts'

type Needs = Core & { corps: Corps; queue: Queue; wecomOptions: WecomOptions }

export const addOneCorp = pageCall({
  method: 'POST',
  path: '/web/corps/add',
  access: installation,
  point: 'corp:add',
  outgoing: true,
  input: {
    newCorpId: corpIdInput,
    name: text('名称', { max: 64 }),
    contactSecret: secretInput,
    publicUrl: optionalText('本企业访问平台的地址', { max: 256 }),
    force,
  },
  output: secretOutcomeSchema,
  handle(ctx: Needs, { input, visitor, request }): Promise<SecretOutcome> {
    const { newCorpId: corpId, name, contactSecret, publicUrl = '', force } = input
    const settings = { corpId, name, contactSecret, publicUrl }
    return connectCorp(ctx, visitor.actor, settings, { force, language: languageAsked(request) })
  },
})

/** Connects a corp and begins its first sync, if WeCom takes the contact secret. Throws 1000 and 1001. */
export async function connectCorp(
  ctx: Needs,
  actor: string,
  settings: NewCorp,
  attempt: Attempt,
): Promise<Outcome> {
  checkNewCorp(ctx, settings)
  const { corpId, contactSecret } = settings
  const tried = await tryContactSecret(ctx, corpId, contactSecret, attempt.language)
  return saveTried(tried, attempt, async () => {
    await addCorp(ctx, actor, settings)
    await requestSync(ctx, actor, corpId, 'full')
  })
}
