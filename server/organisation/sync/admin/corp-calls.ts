import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { optionalStructured, structured, text } from '../../../platform/http/input.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { outcomeShape } from '../../corps/admin/corp-calls.ts'
import type { WecomOptions } from '../../corps/clients/clients.ts'
import { type Corps, callbackSettings } from '../../corps/corps.ts'
import { corpSettings, secretShape } from '../../corps/settings.ts'
import { connectCorp } from '../connect-corp.ts'

type Needs = Core & { corps: Corps; queue: Queue; wecomOptions: WecomOptions }

const callback = Type.Object({ url: Type.String(), token: Type.String(), encodingAesKey: Type.String() })

export const adminAddCorp = adminCall({
  method: 'POST',
  path: '/api/admin/corp/add',
  summary: { zh: '接入企业', en: 'Connect a corp' },
  description: {
    zh: '企业微信接受密钥后保存，并开始首次同步。只接受可用于全部企业的令牌。',
    en: 'Saved when WeCom takes the secret; the first sync then begins. Only for tokens of the whole installation.',
  },
  scope: 'admin:sync',
  point: 'corp:add',
  reach: 'installation',
  outgoing: true,
  input: {
    newCorpId: text({ zh: '企业 ID', en: 'Id of the corp' }, { max: 64 }),
    name: text({ zh: '名称', en: 'Name' }, { max: 64 }),
    contactSecret: structured({ zh: '通讯录同步密钥', en: "Secret of WeCom's contacts sync" }, secretShape),
    publicUrl: optionalStructured(
      { zh: '本企业访问平台的地址', en: 'Address at which the corp reaches wisp' },
      corpSettings.publicUrl.schema,
    ),
  },
  output: Type.Object({
    ...outcomeShape.properties,
    callback: Type.Union([callback, Type.Null()], {
      about: {
        zh: '填到企业微信的回调设置',
        en: 'What is to be entered in WeCom; null when nothing was saved',
      },
    }),
  }),
  errors: ['upstream'],
  sample: { saved: false, checks: [], callback: null },
  sampleInput: { newCorpId: 'wwb1d5c0ffee123456', name: '华宇智联', contactSecret: 'SECRET' },
  async handle(ctx: Needs, { input, caller, language }) {
    const { newCorpId: corpId, name, contactSecret, publicUrl = '' } = input
    const settings = { corpId, name, contactSecret, publicUrl }
    const outcome = await connectCorp(ctx, caller.actor, settings, { language, force: false })
    const callback = outcome.saved ? callbackSettings(ctx, ctx.corps.get(corpId)) : null
    return { ...outcome, callback }
  },
})
