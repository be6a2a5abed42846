import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { optionalIds, optionalInteger, optionalText, structured, text } from '../../../platform/http/input.ts'
import { optionalInstant, optionalYes, withRule, wrongInput } from '../../../platform/http/input-rules.ts'
import { time } from '../../../platform/http/output.ts'
import { appIdInput } from '../../apps/admin/app-calls.ts'
import type { QuietHoursOfCorps } from '../../quiet-hours/catalog.ts'
import { quietShape, quietWire } from '../../quiet-hours/quiet-calls.ts'
import { personOf } from '../console/todo-list-calls.ts'
import { listDelegations } from '../delegations/delegation-store.ts'
import { addDelegation, endDelegation } from '../delegations/delegations.ts'
import { estateOf, passOn } from '../delegations/pass-on.ts'
import type { SettleNeeds } from '../delegations/settle-holders.ts'
import { peopleOf } from '../people/people.ts'
import { inWechatShape, setTodoCards } from '../settings/card-settings.ts'
import { setTodoAppSettings, todoApp } from '../settings/settings.ts'
import { ofApp, todoAppChange, todoAppShape } from '../settings/settings-calls.ts'

const settingsSchema = Type.Object({ appId: Type.String(), ...todoAppShape })
const sampleSettings = {
  appId: 'app3f9c2a7be1d0',
  remindMinutes: [-1440, 0],
  escalateMinutes: 2880,
  mayPassOn: true,
  inWecom: false,
  notify: false,
}

export const adminTodoSettings = adminCall({
  method: 'GET',
  path: '/api/admin/todo/settings',
  summary: { zh: '待办设置', en: 'Settings of to-dos' },
  description: {
    zh: '全企业的免打扰和在哪里收消息，以及一个应用或全部应用的设置。',
    en: 'The quiet hours of the corp and where its people read, and what is set for one app or all.',
  },
  scope: 'admin:read',
  point: 'todo:read',
  reach: 'corp',
  input: {
    appId: optionalText({ zh: '应用 id，不填为全部', en: 'Id of the app; all without it' }, { max: 64 }),
  },
  output: Type.Object({ quietHours: quietShape, inWechat: inWechatShape, apps: Type.Array(settingsSchema) }),
  errors: [],
  sample: { quietHours: null, inWechat: false, apps: [sampleSettings] },
  sampleInput: { appId: '{appId}' },
  handle(
    ctx: Pick<SettleNeeds, 'apps' | 'todoSettings'> & { quietHours: QuietHoursOfCorps },
    { corpId, input },
  ) {
    const all = ctx.apps.ofCorp(corpId).filter(app => app.builtin === null)
    const apps = input.appId === undefined ? all : [todoApp(ctx, corpId, input.appId)]
    return {
      quietHours: quietWire(ctx.quietHours.of(corpId)),
      inWechat: ctx.todoSettings.inWechat(corpId),
      apps: apps.map(({ id }) => ({ appId: id, ...ofApp(ctx, id) })),
    }
  },
})

export const adminSetTodoSettings = adminCall({
  method: 'POST',
  path: '/api/admin/todo/settings/set',
  summary: { zh: '修改应用的待办设置', en: "Change an app's settings of to-dos" },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  input: {
    appId: appIdInput,
    settings: structured(
      { zh: '要改的设置；没有写的不变', en: 'The settings to change; what is left out stays' },
      todoAppChange,
    ),
  },
  output: settingsSchema,
  errors: [],
  sample: sampleSettings,
  sampleInput: { appId: '{appId}', settings: { remindMinutes: [-60] } },
  async handle(ctx: Omit<SettleNeeds, 'mirrors'>, { corpId, input, caller }) {
    const set = await setTodoAppSettings(ctx, caller.actor, corpId, input.appId, input.settings)
    return { appId: input.appId, ...set }
  },
})

export const adminSetTodoCards = adminCall({
  method: 'POST',
  path: '/api/admin/todo/cards',
  summary: { zh: '设置待办卡片', en: 'Set the cards of to-dos' },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  input: {
    inWechat: optionalYes({
      zh: '成员在微信里收消息：待办发普通卡片，不随状态改变；默认 false',
      en: 'People read in WeChat: they are told of to-dos by plain cards, which do not change; false by default',
    }),
  },
  output: Type.Object({ inWechat: inWechatShape }),
  errors: [],
  sample: { inWechat: true },
  sampleInput: { inWechat: true },
  async handle(ctx: Omit<SettleNeeds, 'mirrors'>, { corpId, input, caller }) {
    await setTodoCards(ctx, caller.actor, corpId, { inWechat: input.inWechat })
    return { inWechat: ctx.todoSettings.inWechat(corpId) }
  },
})

const delegationSchema = Type.Object({
  id: Type.Integer(),
  from: Type.String({ about: { zh: '委托人的 userId', en: 'userId of whose to-dos they are' } }),
  to: Type.String({ about: { zh: '受托人的 userId', en: 'userId of who does them' } }),
  startsAt: time,
  endsAt: time,
})
const sampleDelegation = {
  id: 12,
  from: 'zhangsan',
  to: 'lisi',
  startsAt: '2026-12-01T00:00:00.000Z',
  endsAt: '2026-12-07T16:00:00.000Z',
}

export const adminDelegations = adminCall({
  method: 'GET',
  path: '/api/admin/todo/delegations',
  summary: { zh: '待办委托列表', en: 'Delegations of to-dos' },
  description: { zh: '没有结束的委托，最多 1000 个。', en: 'Those that have not ended, 1,000 at most.' },
  scope: 'admin:read',
  point: 'todo:read',
  reach: 'corp',
  directory: true,
  input: {
    userId: optionalText({ zh: '委托人或受托人', en: 'Whose they are, or who does them' }, { max: 64 }),
  },
  output: Type.Object({ list: Type.Array(delegationSchema) }),
  errors: ['unknownMember'],
  sample: { list: [sampleDelegation] },
  async handle(ctx: SettleNeeds, { corpId, input }) {
    const person = input.userId === undefined ? undefined : await personOf(ctx, corpId, input.userId)
    const filter = { personId: person?.id, now: new Date(ctx.now()) }
    const { rows } = await listDelegations(ctx.db, corpId, filter, { limit: 1000, offset: 0 })
    const nameOf = await peopleOf(
      ctx,
      corpId,
      rows.flatMap(one => [one.fromId, one.toId]),
    )
    return {
      list: rows.map(({ id, fromId, toId, startsAt, endsAt }) => ({
        id,
        startsAt,
        endsAt,
        from: nameOf(fromId).userId,
        to: nameOf(toId).userId,
      })),
    }
  },
})

const member = (zh: string, en: string) => text({ zh, en }, { max: 64 })

export const adminDelegate = adminCall({
  method: 'POST',
  path: '/api/admin/todo/delegate',
  summary: { zh: '委托待办', en: 'Delegate to-dos' },
  description: {
    zh: '一段时间里由别人处理一个人在允许委托的应用里的待办；到期后未办的回到本人。',
    en: 'For a time somebody else has what one person has to do in the apps that allow it; what is left goes back afterwards.',
  },
  scope: 'admin:directory',
  point: 'todo:delegate',
  reach: 'corp',
  directory: true,
  input: {
    from: member('委托人的 userId', 'userId of whose to-dos they are'),
    to: member('受托人的 userId', 'userId of who does them'),
    startsAt: optionalInstant({
      zh: '从什么时候，默认现在；带时区',
      en: 'From when, now by default; with its zone',
    }),
    endsAt: withRule(
      optionalInstant({ zh: '到什么时候；必填，带时区', en: 'Until when; required, with its zone' }),
      (value, name) => {
        if (value === undefined) throw wrongInput(name, '必填', 'is required')
      },
    ),
  },
  output: Type.Object({
    id: Type.Integer({ about: { zh: '委托编号', en: 'Number of the delegation' } }),
    moved: Type.Integer({ about: { zh: '已转给受托人几条', en: 'How many were handed over' } }),
  }),
  errors: ['unknownMember'],
  sample: { id: 12, moved: 3 },
  sampleInput: { from: 'zhangsan', to: 'lisi', endsAt: '2026-12-08T00:00:00+08:00' },
  handle(ctx: SettleNeeds & { corps: Corps }, { corpId, input, caller }) {
    const { endsAt, ...rest } = input
    if (!endsAt) throw wrongInput('endsAt', '必填', 'is required')
    return addDelegation(ctx, caller.actor, corpId, { ...rest, endsAt })
  },
})

export const adminEndDelegation = adminCall({
  method: 'POST',
  path: '/api/admin/todo/delegation/end',
  summary: { zh: '结束待办委托', en: 'End a delegation of to-dos' },
  scope: 'admin:directory',
  point: 'todo:delegate',
  reach: 'corp',
  directory: true,
  input: {
    id: optionalInteger({ zh: '委托编号', en: 'Number of the delegation' }, { min: 1, max: 2 ** 53 - 1 }),
  },
  output: Type.Object({
    moved: Type.Integer({ about: { zh: '回到本人几条', en: 'How many went back' } }),
  }),
  errors: [],
  sample: { moved: 2 },
  sampleInput: { id: 12 },
  handle: (ctx: SettleNeeds, { corpId, input, caller }) =>
    endDelegation(ctx, caller.actor, corpId, input.id ?? 0),
})

const estateApp = Type.Object({
  appId: Type.String(),
  appName: Type.String(),
  count: Type.Integer({ about: { zh: '待处理几条', en: 'How many are open' } }),
  mayPassOn: Type.Boolean({ about: { zh: '应用是否允许移交', en: 'Whether the app allows it' } }),
})

export const adminLeaver = adminCall({
  method: 'GET',
  path: '/api/admin/todo/leaver',
  summary: { zh: '离职人员的待办', en: 'What a leaver has to do' },
  scope: 'admin:read',
  point: 'todo:read',
  reach: 'corp',
  directory: true,
  input: { userId: member('离职人员的 userId', 'userId of who has left') },
  output: Type.Object({ apps: Type.Array(estateApp) }),
  errors: ['unknownMember'],
  sample: { apps: [{ appId: 'app3f9c2a7be1d0', appName: 'OA', count: 7, mayPassOn: true }] },
  sampleInput: { userId: 'zhaoliu' },
  async handle(ctx: SettleNeeds, { corpId, input }) {
    return { apps: (await estateOf(ctx, corpId, input)).apps }
  },
})

export const adminPassOn = adminCall({
  method: 'POST',
  path: '/api/admin/todo/passOn',
  summary: { zh: '移交离职人员的待办', en: 'Pass on what a leaver has to do' },
  description: {
    zh: '编号不变，应用仍按原来的 userId 更新和办结。不填 appIds 时移交全部允许的应用。to 与 from 相同时，视为本人回来：交还给现在使用该 userId 的成员，不限应用。',
    en: 'Numbers stay, and the app still updates and finishes them by the first userId. Without appIds in all apps that allow it. With the same userId as from and to, the member who has it now counts as the same person, and gets them back in every app.',
  },
  scope: 'admin:directory',
  point: 'todo:delegate',
  reach: 'corp',
  directory: true,
  input: {
    from: member('离职人员的 userId', 'userId of who has left'),
    to: member('接手人的 userId', 'userId of who gets them'),
    appIds: optionalIds({ zh: '应用', en: 'Apps' }, { max: 500 }),
  },
  output: Type.Object({
    passedOn: Type.Integer({ about: { zh: '移交几条', en: 'How many were passed on' } }),
  }),
  errors: ['unknownMember'],
  sample: { passedOn: 7 },
  sampleInput: { from: 'zhaoliu', to: 'lisi' },
  handle(ctx: SettleNeeds & { corps: Corps }, { corpId, input, caller }) {
    const appIds = input.appIds.length > 0 ? input.appIds : undefined
    return passOn(ctx, caller.actor, corpId, { from: { userId: input.from }, to: input.to, appIds })
  },
})
