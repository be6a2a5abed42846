import { Type } from 'typebox'
import { findConsents } from '../../../callers/consents/store.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { adminPaging } from '../../../platform/http/admin/paging.ts'
import { integer, optionalChoice, optionalInteger, text, time } from '../../../platform/http/input.ts'
import { pageOf } from '../../../platform/http/list-input.ts'
import { time as timeShape } from '../../../platform/http/output.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import {
  consentShape,
  consentView,
  holdShape,
  holdView,
  registerShape,
  registerView,
  requestShape,
  requestView,
} from '../console/shapes.ts'
import { askErasure } from '../erasure/erase.ts'
import { findPerson } from '../find-person.ts'
import { findHolds } from '../holds/hold-store.ts'
import { endHold, holdPerson, holdReasonAtMost } from '../holds/holds.ts'
import { type RegisterNeeds, registerOf } from '../register.ts'
import { eraseDaysOf, findRequests } from '../request-store.ts'
import { eraseDays, setEraseDays } from '../settings.ts'

const anyNumber = { min: 1, max: Number.MAX_SAFE_INTEGER }
const ofPerson = {
  userId: text({ zh: '账号', en: 'Userid' }, { max: 64 }),
  id: optionalInteger(
    {
      zh: '人员编号，几个已离职的人用过同一账号时须填',
      en: 'Number of the person, where several left with the userid',
    },
    anyNumber,
  ),
}
const userId = 'lisi'
const at = '2026-12-02T01:00:00.000Z'

export const adminPersonRegister = adminCall({
  method: 'GET',
  path: '/api/admin/person/register',
  summary: { zh: '个人信息登记册', en: 'The register of personal data' },
  description: {
    zh: '哪个开发者、哪个应用按什么权限得到哪些字段，近 30 天多少次、多少人。',
    en: 'Which developer and app gets which fields by which scope, how often and of how many people in 30 days.',
  },
  scope: 'admin:read',
  point: 'person:read',
  reach: 'corp',
  input: {},
  output: Type.Object({
    list: Type.Array(registerShape),
    countedAt: Type.Union([timeShape, Type.Null()], {
      about: {
        zh: '统计于；早于 10 分钟时这次调用使它在后台重新统计，null 为还没有统计过',
        en: 'When it was counted; where that is over 10 minutes ago this call has it counted anew in the background; null: not yet',
      },
    }),
  }),
  errors: [],
  sample: {
    list: [
      {
        kind: 'developer',
        id: 'wd3f9c2a7be1d04865',
        name: '报修系统',
        by: ['directory:read'],
        fields: ['userName'],
        since: '2026-11-01',
        last: '2026-12-01',
        times: 41,
        people: 90,
      },
    ],
    countedAt: at,
  },
  async handle(ctx: RegisterNeeds, { corpId }) {
    const { rows, countedAt } = await registerOf(ctx, corpId)
    return { list: rows.map(registerView), countedAt }
  },
})

export const adminPersonRequests = adminCall({
  method: 'GET',
  path: '/api/admin/person/requests',
  summary: { zh: '副本与删除的申请', en: 'Requests for copies and erasures' },
  scope: 'admin:read',
  point: 'person:read',
  reach: 'corp',
  input: { kind: optionalChoice({ zh: '只看', en: 'Only' }, ['copy', 'erase']), ...adminPaging },
  output: Type.Object({ list: Type.Array(requestShape), total: Type.Integer() }),
  errors: [],
  sample: {
    list: [
      {
        id: 3,
        kind: 'erase',
        memberId: 41,
        userId,
        name: '李四',
        state: 'asked',
        cause: 'asked',
        reason: '本人申请',
        askedBy: 'wangwu',
        askedAt: at,
        endedAt: null,
        rows: 0,
        why: null,
      },
    ],
    total: 1,
  },
  async handle(ctx: Core, { corpId, input }) {
    const { list, total } = await findRequests(ctx.db, { corpId, kind: input.kind }, pageOf(input))
    return { list: list.map(requestView), total }
  },
})

export const adminPersonErase = adminCall({
  method: 'POST',
  path: '/api/admin/person/erase',
  summary: { zh: '删除离职人员的个人信息', en: 'Erase somebody who left' },
  description: {
    zh: '只用于已离开企业微信的人；在保全中或有未付账单的拒绝。由后台任务执行，不可恢复。',
    en: 'Only for people who left WeCom; refused under a hold and with open bills. A task does it, and nothing brings it back.',
  },
  scope: 'admin:directory',
  point: 'person:erase',
  reach: 'corp',
  input: { ...ofPerson, reason: text({ zh: '原因', en: 'Reason' }, { max: holdReasonAtMost }) },
  output: Type.Object({ id: Type.Integer({ about: { zh: '申请的编号', en: 'Number of the request' } }) }),
  errors: ['unknownMember'],
  sample: { id: 3 },
  sampleInput: { userId, reason: '本人申请' },
  async handle(ctx: Core & { offered: FeatureOffers }, { corpId, input, caller }) {
    const person = await findPerson(ctx, corpId, input)
    const asked = { cause: 'asked' as const, reason: input.reason }
    return { id: await askErasure(ctx, caller.actor, corpId, person, asked) }
  },
})

const daysShape = Type.Union(
  [Type.Integer({ minimum: eraseDays.min, maximum: eraseDays.max }), Type.Null()],
  {
    about: { zh: '离职多少天后删除；null 为不自动删除', en: 'Days after leaving; null: only when asked for' },
  },
)

export const adminPersonSettings = adminCall({
  method: 'POST',
  path: '/api/admin/person/settings',
  summary: { zh: '设置离职多少天后删除', en: 'Set after how many days leavers are erased' },
  scope: 'admin:directory',
  point: 'person:erase',
  reach: 'corp',
  input: {
    eraseDays: optionalInteger(
      { zh: '天数；不填为不自动删除', en: 'Days; not given: not by itself' },
      eraseDays,
    ),
  },
  output: Type.Object({ eraseDays: daysShape }),
  errors: [],
  sample: { eraseDays: 180 },
  sampleInput: { eraseDays: 180 },
  async handle(ctx: Core, { corpId, input, caller }) {
    await setEraseDays(ctx, caller.actor, corpId, input.eraseDays)
    return { eraseDays: (await eraseDaysOf(ctx.db, corpId)) ?? null }
  },
})

export const adminPersonHolds = adminCall({
  method: 'GET',
  path: '/api/admin/person/holds',
  summary: { zh: '保全', en: 'Legal holds' },
  scope: 'admin:read',
  point: 'person:read',
  reach: 'corp',
  input: adminPaging,
  output: Type.Object({ list: Type.Array(holdShape), total: Type.Integer() }),
  errors: [],
  sample: {
    list: [
      {
        id: 2,
        memberId: 41,
        userId,
        name: '李四',
        reason: '劳动仲裁',
        heldBy: 'wangwu',
        heldAt: at,
        until: '2027-06-01T00:00:00.000Z',
        keptAt: at,
        endedAt: null,
      },
    ],
    total: 1,
  },
  async handle(ctx: Core, { corpId, input }) {
    const { list, total } = await findHolds(ctx.db, { corpId }, pageOf(input))
    return { list: list.map(holdView), total }
  },
})

export const adminPersonHold = adminCall({
  method: 'POST',
  path: '/api/admin/person/hold',
  summary: { zh: '保全一个人的记录', en: 'Hold the records of somebody' },
  description: {
    zh: '到期前不删除；每晚留存会被清理的记录。',
    en: 'Nothing is erased until its end; each night puts by what would be pruned.',
  },
  scope: 'admin:directory',
  point: 'person:hold',
  reach: 'corp',
  input: {
    ...ofPerson,
    reason: text({ zh: '原因', en: 'Reason' }, { max: holdReasonAtMost }),
    until: time({ zh: '到何时', en: 'Until when' }),
  },
  output: Type.Object({ id: Type.Integer({ about: { zh: '保全的编号', en: 'Number of the hold' } }) }),
  errors: ['unknownMember'],
  sample: { id: 2 },
  sampleInput: { userId, reason: '劳动仲裁', until: '2027-06-01T00:00:00+08:00' },
  async handle(ctx: Core, { corpId, input, caller }) {
    const person = await findPerson(ctx, corpId, input)
    return { id: await holdPerson(ctx, caller.actor, corpId, person, input) }
  },
})

export const adminPersonHoldEnd = adminCall({
  method: 'POST',
  path: '/api/admin/person/hold/end',
  summary: { zh: '结束保全', en: 'End a hold' },
  scope: 'admin:directory',
  point: 'person:hold',
  reach: 'corp',
  input: { id: integer({ zh: '保全的编号', en: 'Number of the hold' }, anyNumber) },
  output: Type.Object({}),
  errors: [],
  sample: {},
  sampleInput: { id: 2 },
  async handle(ctx: Core, { corpId, input, caller }) {
    await endHold(ctx, caller.actor, corpId, input.id)
    return {}
  },
})

export const adminPersonConsents = adminCall({
  method: 'GET',
  path: '/api/admin/person/consents',
  summary: { zh: '同意的记录', en: 'The ledger of consents' },
  scope: 'admin:read',
  point: 'person:read',
  reach: 'corp',
  directory: true,
  input: adminPaging,
  output: Type.Object({ list: Type.Array(consentShape), total: Type.Integer() }),
  errors: [],
  sample: {
    list: [
      {
        id: 7,
        memberId: 41,
        person: '李四',
        purpose: 'app',
        subject: 'wa41',
        name: '体检预约',
        claims: ['profile'],
        textHash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        how: 'page',
        givenAt: at,
        withdrawnAt: null,
      },
    ],
    total: 1,
  },
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors }, { corpId, input }) {
    const { list, total } = await findConsents(ctx.db, { corpId }, pageOf(input))
    const { members } = ctx.mirrors.of(corpId)
    return { list: list.map(one => consentView(one, members.byId(one.memberId)?.name ?? '')), total }
  },
})
