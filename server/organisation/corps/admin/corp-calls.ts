import { Type } from 'typebox'
import { schemasOf, settingsIn } from '../../../platform/acts/settings.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { structured } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import type { WecomOptions } from '../clients/clients.ts'
import { type Corp, type Corps, callbackSettings } from '../corps.ts'
import { checkSchema } from '../doctor/check.ts'
import { type DoctorNeeds, runDoctor } from '../doctor/doctor.ts'
import { corpSecrets, corpSettings } from '../settings.ts'
import { directorySize, directorySizes, type StoredSize } from '../size-store.ts'
import { changeCorp } from '../tried-secrets.ts'

type Needs = Core & { corps: Corps }

const corpShape = {
  corpId: Type.String({ about: { zh: '企业 ID', en: 'Id of the corp' } }),
  ...schemasOf(corpSettings),
  features: Type.Array(Type.String(), { about: { zh: '开启的功能', en: 'Features that are on' } }),
  regime: Type.Enum(['unknown', 'full', 'restricted'], {
    about: { zh: '通讯录的读取权限', en: 'How much of the address book WeCom shows' },
  }),
  callbackVerifiedAt: Type.Union([time, Type.Null()]),
  agents: Type.Number({ about: { zh: '企业微信应用的个数', en: 'Number of agents' } }),
  departments: Type.Number(),
  members: Type.Number(),
  tags: Type.Number(),
}

const sampleCorp = {
  corpId: 'wwb1d5c0ffee123456',
  name: '华宇智联',
  publicUrl: '',
  hintTokenRequired: false,
  requestLogDays: 7,
  dataReadDays: 0,
  timeZone: 'Asia/Shanghai',
  callLimits: {},
  features: ['official', 'payments'],
  regime: 'full',
  callbackVerifiedAt: '2026-11-26T08:00:00.000Z',
  agents: 2,
  departments: 12,
  members: 60,
  tags: 4,
}

export function corpRow(corp: Corp, { departments, listed: members, tags }: StoredSize) {
  const { corpId, regime, callbackVerifiedAt, features, agents } = corp
  return {
    corpId,
    ...settingsIn(corpSettings, corp),
    features: [...features].sort(),
    regime,
    callbackVerifiedAt,
    agents: agents.length,
    departments,
    members,
    tags,
  }
}

export const adminCorps = adminCall({
  method: 'GET',
  path: '/api/admin/corps',
  summary: { zh: '企业列表', en: 'Corps' },
  description: {
    zh: '令牌可用于的企业。',
    en: 'Those that the token is for.',
  },
  scope: 'admin:read',
  point: 'corp:read',
  reach: 'own',
  input: {},
  output: Type.Object({ list: Type.Array(Type.Object(corpShape)) }),
  errors: [],
  sample: { list: [sampleCorp] },
  async handle(ctx: Needs, { corpId }) {
    const corps = corpId === undefined ? ctx.corps.all() : [ctx.corps.get(corpId)]
    const sizeOf = await directorySizes(ctx.db)
    return { list: corps.map(corp => corpRow(corp, sizeOf(corp.corpId))) }
  },
})

export const adminCorp = adminCall({
  method: 'GET',
  path: '/api/admin/corp',
  summary: { zh: '一个企业', en: 'One corp' },
  scope: 'admin:read',
  point: 'corp:read',
  reach: 'corp',
  input: {},
  output: Type.Object({
    ...corpShape,
    callbackUrl: Type.String({
      about: { zh: '填到企业微信的回调地址', en: 'The callback address to enter in WeCom' },
    }),
  }),
  errors: [],
  sample: { ...sampleCorp, callbackUrl: 'https://wisp.example.com/admin/syncController/addressBookChange' },
  async handle(ctx: Needs, { corpId }) {
    const corp = ctx.corps.get(corpId)
    const size = await directorySize(ctx.db, corpId)
    return { ...corpRow(corp, size), callbackUrl: callbackSettings(ctx, corp).url }
  },
})

export const outcomeShape = Type.Object({
  saved: Type.Boolean({
    about: {
      zh: '企业微信拒绝密钥时为 false，什么也没有保存',
      en: 'false when WeCom refused the secret; then nothing is saved',
    },
  }),
  checks: Type.Array(checkSchema, { about: { zh: '企业微信的答复', en: "WeCom's answer" } }),
})

export const adminSetCorp = adminCall({
  method: 'POST',
  path: '/api/admin/corp/set',
  summary: { zh: '修改企业', en: 'Change a corp' },
  scope: 'admin:sync',
  point: 'corp:edit',
  reach: 'corp',
  outgoing: 'handler',
  input: {
    settings: structured(
      { zh: '要改的设置；没有写的不变', en: 'The settings to change; what is left out stays' },
      Type.Partial(Type.Object({ ...schemasOf(corpSettings), ...schemasOf(corpSecrets) }), {
        additionalProperties: false,
        minProperties: 1,
      }),
    ),
  },
  output: outcomeShape,
  errors: ['upstream'],
  sample: { saved: true, checks: [] },
  sampleInput: { settings: { requestLogDays: 3 } },
  async handle(ctx: Needs & { wecomOptions: WecomOptions }, { corpId, input, caller, language, goOut }) {
    if (input.settings.contactSecret !== undefined) await goOut()
    return changeCorp(ctx, caller.actor, corpId, input.settings, { language, force: false })
  },
})

export const adminDoctor = adminCall({
  method: 'POST',
  path: '/api/admin/corp/doctor',
  summary: { zh: '体检', en: 'Check-up of a corp' },
  description: {
    zh: '检查密钥、可信 IP、可见范围、回调与时钟，最长 45 秒。',
    en: 'Checks secrets, trusted addresses, what agents see, the callback and the clock; takes 45 s at most.',
  },
  scope: 'admin:sync',
  point: 'corp:edit',
  reach: 'corp',
  outgoing: true,
  input: {},
  output: Type.Object({ ok: Type.Boolean(), checks: Type.Array(checkSchema) }),
  errors: ['upstream'],
  sample: {
    ok: true,
    checks: [{ id: 'clock', ok: true, state: 'ok', title: '时钟', detail: '与企业微信相差不到 1 秒' }],
  },
  async handle(ctx: DoctorNeeds, { corpId, language }) {
    const { ok, checks } = await runDoctor(ctx, corpId, language)
    return { ok, checks }
  },
})
