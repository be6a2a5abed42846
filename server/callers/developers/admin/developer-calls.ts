import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { schemasOf } from '../../../platform/acts/settings.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { optionalInteger, optionalStructured, structured, text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkDeveloper } from '../console/developers.ts'
import {
  addDeveloper,
  removeDeveloper,
  revokeOldSecret,
  rotateSecret,
  setDeveloper,
} from '../developer-admin.ts'
import type { Developers } from '../developers.ts'
import { describeDeveloper, describeDevelopers, developerUsage } from '../overview.ts'
import { developerSettings, developerSettingsOf, initialSettings } from './settings.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  mirrors: Pick<Mirrors, 'load'>
  offered: FeatureOffers
}

export const devIdInput = text({ zh: '开发者 devId', en: 'devId of the developer' }, { max: 64 })

const developerShape = Type.Object({
  devId: Type.String(),
  ...schemasOf(developerSettings),
  membersVisible: Type.Number({
    about: { zh: '数据范围内现有的成员数', en: 'Members within the data scope now' },
  }),
  secrets: Type.Array(
    Type.Object({
      createdAt: time,
      lastUsedAt: Type.Union([time, Type.Null()], {
        about: { zh: '最近换取 devToken', en: 'When a devToken was last asked for with it' },
      }),
    }),
    { about: { zh: '有效的密钥；密钥本身不返回', en: 'Its live secrets, without what they are' } },
  ),
  createdAt: time,
})

const sampleDeveloper = {
  devId: 'wd3f9c2a7be1d04865',
  ...initialSettings,
  name: '报修系统',
  scopes: ['directory:read', 'message:send'],
  membersVisible: 60,
  secrets: [{ createdAt: '2026-11-26T08:00:00.000Z', lastUsedAt: null }],
  createdAt: '2026-11-26T08:00:00.000Z',
}

type View = Awaited<ReturnType<typeof describeDeveloper>>

function shown(view: View) {
  const { devId, membersVisible, secrets, createdAt } = view
  return { devId, ...developerSettingsOf(view), membersVisible, secrets, createdAt }
}

export const adminDevelopers = adminCall({
  method: 'GET',
  path: '/api/admin/developers',
  summary: { zh: '开发者列表', en: 'Developers' },
  scope: 'admin:read',
  point: 'developer:read',
  reach: 'corp',
  input: {},
  output: Type.Object({ list: Type.Array(developerShape) }),
  errors: [],
  sample: { list: [sampleDeveloper] },
  handle: async (ctx: Core & { corps: Corps; developers: Developers }, { corpId }) => ({
    list: (await describeDevelopers(ctx, corpId)).map(shown),
  }),
})

export const adminDeveloper = adminCall({
  method: 'GET',
  path: '/api/admin/developer',
  summary: { zh: '一个开发者', en: 'One developer' },
  scope: 'admin:read',
  point: 'developer:read',
  reach: 'corp',
  input: { devId: devIdInput },
  output: developerShape,
  errors: ['unknownDeveloper'],
  sample: sampleDeveloper,
  sampleInput: { devId: '{devId}' },
  async handle(ctx: Core & { corps: Corps; developers: Developers }, { corpId, input }) {
    checkDeveloper(ctx, corpId, input.devId)
    return shown(await describeDeveloper(ctx, input.devId))
  },
})

/** A token moves no money, so that people alone say how much a developer may refund. */
const { refundLimits: _ofPeople, ...changeable } = schemasOf(developerSettings)
const { name: newName, enabled: _enabled, ...newSettings } = changeable

export const adminAddDeveloper = adminCall({
  method: 'POST',
  path: '/api/admin/developer/add',
  summary: { zh: '创建开发者', en: 'Make a developer' },
  description: {
    zh: 'devSecret 只返回这一次。',
    en: 'The devSecret is returned here and never again.',
  },
  scope: 'admin:developers',
  point: 'developer:edit',
  reach: 'corp',
  input: {
    name: structured({ zh: '名称', en: 'Name' }, newName),
    settings: optionalStructured(
      { zh: '其余设置；没有写的取默认值', en: 'The other settings; what is left out has its usual value' },
      Type.Partial(Type.Object(newSettings), { additionalProperties: false }),
    ),
  },
  output: Type.Object({
    devId: Type.String(),
    devSecret: Type.String({ about: { zh: '只返回这一次', en: 'Returned only here' } }),
  }),
  errors: ['unknownDepartment', 'unknownTag', 'unknownMember'],
  sample: { devId: 'wd3f9c2a7be1d04865', devSecret: 'Zb0…' },
  sampleInput: { name: '报修系统', settings: { scopes: ['directory:read'] } },
  handle: (ctx: Needs, { corpId, input, caller }) =>
    addDeveloper(
      ctx,
      caller.actor,
      corpId,
      { ...input.settings, name: input.name },
      caller.person.member?.id,
    ),
})

export const adminSetDeveloper = adminCall({
  method: 'POST',
  path: '/api/admin/developer/set',
  summary: { zh: '修改、启用或停用开发者', en: 'Change, enable or disable a developer' },
  scope: 'admin:developers',
  point: 'developer:edit',
  reach: 'corp',
  input: {
    devId: devIdInput,
    settings: structured(
      { zh: '要改的设置；没有写的不变', en: 'The settings to change; what is left out stays' },
      Type.Partial(Type.Object(changeable), { additionalProperties: false, minProperties: 1 }),
    ),
  },
  output: developerShape,
  errors: ['unknownDeveloper', 'unknownDepartment', 'unknownTag', 'unknownMember'],
  sample: sampleDeveloper,
  sampleInput: { devId: '{devId}', settings: { enabled: false } },
  async handle(ctx: Needs, { corpId, input, caller }) {
    checkDeveloper(ctx, corpId, input.devId)
    await setDeveloper(ctx, caller.actor, input.devId, input.settings)
    return shown(await describeDeveloper(ctx, input.devId))
  },
})

export const adminRotate = adminCall({
  method: 'POST',
  path: '/api/admin/developer/rotate',
  summary: { zh: '再给开发者一个密钥', en: 'Give a developer another secret' },
  description: {
    zh: '旧的继续有效，至多两个；revoke 为 true 时立即吊销旧的。devSecret 只返回这一次。',
    en: 'The old one stays good, and there are two at most; with revoke it ends at once. The devSecret is returned only here.',
  },
  scope: 'admin:developers',
  point: 'developer:secret',
  reach: 'corp',
  input: {
    devId: devIdInput,
    revoke: optionalStructured(
      { zh: '立即吊销旧密钥及其 devToken', en: 'End the old secrets, and their devTokens, at once' },
      Type.Boolean(),
    ),
  },
  output: Type.Object({
    devId: Type.String(),
    devSecret: Type.String(),
    revoked: Type.Number({ about: { zh: '吊销了几个', en: 'How many were ended' } }),
  }),
  errors: ['unknownDeveloper'],
  sample: { devId: 'wd3f9c2a7be1d04865', devSecret: 'Zb0…', revoked: 0 },
  sampleInput: { devId: '{devId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    checkDeveloper(ctx, corpId, input.devId)
    return rotateSecret(ctx, caller.actor, input.devId, input.revoke ?? false, caller.person.member?.id)
  },
})

export const adminRevoke = adminCall({
  method: 'POST',
  path: '/api/admin/developer/revoke',
  summary: { zh: '吊销较旧的密钥', en: 'End the older of two secrets' },
  scope: 'admin:developers',
  point: 'developer:secret',
  reach: 'corp',
  input: { devId: devIdInput },
  output: Type.Object({ revoked: Type.Number({ about: { zh: '吊销了几个', en: 'How many were ended' } }) }),
  errors: ['unknownDeveloper'],
  sample: { revoked: 1 },
  sampleInput: { devId: '{devId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    checkDeveloper(ctx, corpId, input.devId)
    return revokeOldSecret(ctx, caller.actor, input.devId)
  },
})

export const adminRemoveDeveloper = adminCall({
  method: 'POST',
  path: '/api/admin/developer/remove',
  summary: { zh: '删除开发者', en: 'Delete a developer' },
  description: {
    zh: '连同密钥、Webhook 和设备；devToken 立即失效。30 天内可以用 /api/admin/developer/restore 恢复，编号和密钥不变。',
    en: 'With its secrets, webhooks and devices; its devTokens end at once. /api/admin/developer/restore brings it back within 30 days, with the same id and secrets.',
  },
  scope: 'admin:developers',
  point: 'developer:edit',
  reach: 'corp',
  input: { devId: devIdInput },
  output: Type.Object({}),
  errors: ['unknownDeveloper'],
  sample: {},
  sampleInput: { devId: '{devId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    await removeDeveloper(ctx, caller.actor, corpId, input.devId)
    return {}
  },
})

export const adminUsage = adminCall({
  method: 'GET',
  path: '/api/admin/developer/usage',
  summary: { zh: '开发者每天的调用', en: 'Calls of a developer by day' },
  scope: 'admin:read',
  point: 'developer:read',
  reach: 'corp',
  input: {
    devId: devIdInput,
    days: optionalInteger({ zh: '最近几天，默认 7', en: 'Days; 7 unless given' }, { min: 1, max: 366 }),
  },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        day: Type.String(),
        endpoint: Type.String({ about: { zh: '接口', en: 'Call' } }),
        calls: Type.Number(),
        failures: Type.Number(),
      }),
    ),
  }),
  errors: ['unknownDeveloper'],
  sample: { list: [{ day: '2026-11-26', endpoint: '/api/user/get', calls: 12, failures: 1 }] },
  sampleInput: { devId: '{devId}' },
  async handle(ctx: Needs, { corpId, input }) {
    checkDeveloper(ctx, corpId, input.devId)
    return { list: await developerUsage(ctx, input.devId, input.days ?? 7) }
  },
})
