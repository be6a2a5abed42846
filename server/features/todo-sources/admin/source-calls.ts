import { Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import {
  choice,
  optionalInteger,
  optionalStructured,
  optionalText,
  structured,
  text,
} from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { Sources } from '../catalog.ts'
import { type ReplayNeeds, replayAll, replayOne } from '../replay.ts'
import { sourceSettingsOf, sourceShape } from '../settings-section.ts'
import { type Source, sourceKinds, sourceMatches } from '../source.ts'
import { addSource, removeSource, rotateSource, setSource } from '../sources.ts'

type NamingNeeds = Core & { apps: Apps; corps: Corps; sources: Sources }
type Needs = NamingNeeds & { developers: Developers; mirrors: Mirrors }

const id = text({ zh: '来源 id', en: 'Id of the source' }, { max: 64 })

const shape = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...sourceKinds], { about: { zh: '泛微、致远、蓝凌', en: '泛微, 致远 or 蓝凌' } }),
  app: Type.String({ about: { zh: '待办所属的应用', en: 'The app that its to-dos belong to' } }),
  ...sourceShape,
  pushedAt: Type.Union([time, Type.Null()], {
    about: { zh: '最近一次推送，到分钟', en: 'When it last sent something, to the minute' },
  }),
  createdAt: time,
  updatedAt: time,
})

const sample = {
  id: 'src3f9c2a7be1d0',
  kind: 'weaver' as const,
  app: 'app3f9c2a7be1d0',
  name: '泛微 OA',
  match: 'userid' as const,
  enabled: true,
  addresses: ['10.0.0.8'],
  systems: [],
  pcPrefix: 'https://oa.example.com',
  appPrefix: '',
  takesUnknownSender: false,
  userName: '',
  pushedAt: '2026-11-29T08:00:00.000Z',
  createdAt: '2026-11-26T08:00:00.000Z',
  updatedAt: '2026-11-26T08:00:00.000Z',
}

function shown(source: Source) {
  const { id, kind, appId, pushedAt, createdAt, updatedAt } = source
  return { id, kind, app: appId, ...sourceSettingsOf(source), pushedAt, createdAt, updatedAt }
}

const base = Type.String({
  about: {
    zh: '要填在对方系统里的地址，等同密码，只返回这一次',
    en: 'The address to enter at the sender; as good as a password, and returned once',
  },
})

export const adminSources = adminCall({
  method: 'GET',
  path: '/api/admin/todo/sources',
  summary: { zh: '待办来源列表', en: 'Sources of to-dos' },
  scope: 'admin:read',
  point: 'todo:read',
  reach: 'corp',
  input: {},
  output: Type.Object({ list: Type.Array(shape) }),
  errors: [],
  sample: { list: [sample] },
  async handle(ctx: NamingNeeds, { corpId }) {
    return { list: ctx.sources.ofCorp(corpId).map(shown) }
  },
})

const { name: _name, match: _match, enabled: _enabled, ...rest } = sourceShape
const password = Type.String({
  maxLength: 128,
  about: { zh: '致远、蓝凌：推送方使用的密码；"" 去掉', en: "致远, 蓝凌: the password; '' takes it away" },
})

export const adminAddSource = adminCall({
  method: 'POST',
  path: '/api/admin/todo/source/add',
  summary: { zh: '添加待办来源', en: 'Add a source of to-dos' },
  description: {
    zh: '泛微、致远或蓝凌把待办推到返回的地址，后面接它自己的路径。不给 app 时创建一个同名的应用。',
    en: '泛微, 致远 or 蓝凌 sends its to-dos to the address that is returned, with its own paths behind. Without `app` an app of that name is made.',
  },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  directory: true,
  input: {
    kind: choice(
      { zh: '泛微 weaver，致远 seeyon，蓝凌 landray', en: 'weaver (泛微), seeyon (致远) or landray (蓝凌)' },
      sourceKinds,
    ),
    name: text({ zh: '名称', en: 'Name' }, { max: 64 }),
    match: choice({ zh: '对方用什么指人', en: 'What it calls people by' }, sourceMatches),
    app: optionalText({ zh: '待办所属的应用', en: 'The app that its to-dos belong to' }, { max: 64 }),
    settings: optionalStructured(
      { zh: '其余设置', en: 'The other settings' },
      Type.Partial(Type.Object({ ...rest, password }), { additionalProperties: false }),
    ),
  },
  output: Type.Object({ ...shape.properties, base }),
  errors: [],
  sample: { ...sample, base: 'https://wisp.example.com/api/todo/source/8d1f…' },
  sampleInput: { kind: 'weaver', name: '泛微 OA', match: 'userid', app: '{appId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const { kind, name, match, app, settings = {} } = input
    const wanted = { ...settings, kind, name, match, appId: app }
    const { source, base } = await addSource(ctx, caller.actor, corpId, wanted)
    return { ...shown(source), base }
  },
})

export const adminSetSource = adminCall({
  method: 'POST',
  path: '/api/admin/todo/source/set',
  summary: { zh: '修改、启用或停用待办来源', en: 'Change, enable or disable a source of to-dos' },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  input: {
    id,
    settings: structured(
      { zh: '要改的设置；没有写的不变', en: 'The settings to change; what is left out stays' },
      Type.Partial(Type.Object({ ...sourceShape, password }), {
        additionalProperties: false,
        minProperties: 1,
      }),
    ),
  },
  output: shape,
  errors: [],
  sample,
  sampleInput: { id: 'src3f9c2a7be1d0', settings: { enabled: true } },
  async handle(ctx: NamingNeeds, { corpId, input, caller }) {
    return shown(await setSource(ctx, caller.actor, corpId, input.id, input.settings))
  },
})

export const adminRotateSource = adminCall({
  method: 'POST',
  path: '/api/admin/todo/source/rotate',
  summary: { zh: '更换待办来源的地址', en: 'Give a source of to-dos another address' },
  description: {
    zh: '旧的地址立即失效，要在对方系统里改填。',
    en: 'The one before is dead at once: enter the new one at the sender.',
  },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  input: { id },
  output: Type.Object({ base }),
  errors: [],
  sample: { base: 'https://wisp.example.com/api/todo/source/8d1f…' },
  sampleInput: { id: 'src3f9c2a7be1d0' },
  async handle(ctx: NamingNeeds, { corpId, input, caller }) {
    return rotateSource(ctx, caller.actor, corpId, input.id)
  },
})

export const adminRemoveSource = adminCall({
  method: 'POST',
  path: '/api/admin/todo/source/remove',
  summary: { zh: '删除待办来源', en: 'Remove a source of to-dos' },
  description: {
    zh: '未识别的推送一起删除；已收到的待办保留。',
    en: 'With its pushes that were not understood. Its to-dos stay.',
  },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  input: { id },
  output: Type.Object({}),
  errors: [],
  sample: {},
  sampleInput: { id: 'src3f9c2a7be1d0' },
  async handle(ctx: Core, { corpId, input, caller }) {
    await removeSource(ctx, caller.actor, corpId, input.id)
    return {}
  },
})

export const adminReplaySources = adminCall({
  method: 'POST',
  path: '/api/admin/todo/source/replay',
  summary: { zh: '重放未识别的推送', en: 'Replay pushes that were not understood' },
  description: {
    zh: '通讯录或来源的设置改正以后：一条，一个来源的，或全部。',
    en: 'After the address book or a source was corrected: one of them, those of a source, or all.',
  },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  directory: true,
  input: {
    number: optionalInteger(
      { zh: '只重放这一条', en: 'This one alone' },
      { min: 1, max: Number.MAX_SAFE_INTEGER },
    ),
    source: optionalText({ zh: '只重放这个来源的', en: 'Those of this source' }, { max: 64 }),
  },
  output: Type.Object({
    applied: Type.Integer({ about: { zh: '现在识别了的', en: 'Understood now' } }),
    left: Type.Integer({ about: { zh: '仍未识别的', en: 'Still not understood' } }),
  }),
  errors: [],
  sample: { applied: 12, left: 1 },
  sampleInput: { number: 42 },
  async handle(ctx: ReplayNeeds, { corpId, input, caller }) {
    if (input.number !== undefined) return replayOne(ctx, caller.actor, corpId, input.number)
    const filter = { sourceId: input.source, reason: undefined, words: '', isWithoutWaiting: false }
    return replayAll(ctx, caller.actor, corpId, filter)
  },
})
