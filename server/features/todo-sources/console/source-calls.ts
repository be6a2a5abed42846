import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { choice, flag, integer, optionalIds, optionalText, text } from '../../../platform/http/input.ts'
import { onPage, paging } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { Sources } from '../catalog.ts'
import { type Source, sourceKinds, sourceMatches } from '../source.ts'
import { addSource, baseOfSource, removeSource, rotateSource, setSource } from '../sources.ts'
import { countsOfSources } from '../unrecognised/store.ts'

type NamingNeeds = Core & { apps: Apps; corps: Corps; sources: Sources }
type AddNeeds = NamingNeeds & { developers: Developers; mirrors: Mirrors }

const sourceSchema = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...sourceKinds]),
  name: Type.String(),
  appId: Type.String(),
  appName: Type.String(),
  match: Type.Enum([...sourceMatches]),
  enabled: Type.Boolean(),
  addresses: Type.Array(Type.String()),
  systems: Type.Array(Type.String()),
  pcPrefix: Type.String(),
  appPrefix: Type.String(),
  takesUnknownSender: Type.Boolean(),
  userName: Type.String(),
  hasPassword: Type.Boolean(),
  version: Type.Number(),
  /** '' when it has never sent anything. */
  pushedAt: Type.String(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
  /** Pushes that were not understood, and those that wait for their to-do. */
  unrecognised: Type.Number(),
  waiting: Type.Number(),
})
export type SourceRow = Static<typeof sourceSchema>

function rowOf(
  { apps }: NamingNeeds,
  source: Source,
  { kept = 0, waiting = 0 }: { kept?: number; waiting?: number } = {},
): SourceRow {
  const { id, kind, name, appId, match, enabled, addresses, systems, pcPrefix, appPrefix, version } = source
  const { takesUnknownSender, userName, password, pushedAt, updatedAt, updatedBy } = source
  return {
    id,
    kind,
    name,
    appId,
    match,
    enabled,
    addresses: [...addresses],
    systems: [...systems],
    version,
    pcPrefix,
    appPrefix,
    takesUnknownSender,
    userName,
    hasPassword: password !== '',
    updatedBy,
    appName: apps.find(appId)?.name ?? appId,
    pushedAt: pushedAt?.toISOString() ?? '',
    updatedAt: updatedAt.toISOString(),
    unrecognised: kept,
    waiting,
  }
}

export const listSourcesCall = pageCall({
  method: 'GET',
  path: '/web/todos/sources',
  access: administrator('super'),
  point: 'todo:read',
  input: paging,
  output: Type.Object({ list: Type.Array(sourceSchema), total: Type.Number() }),
  async handle(ctx: NamingNeeds, { input, corpId }) {
    const counts = await countsOfSources(ctx.db, corpId)
    const sources = ctx.sources.ofCorp(corpId)
    const list = onPage(sources, input).map(one => rowOf(ctx, one, counts.get(one.id)))
    return { list, total: sources.length }
  },
})

const id = text('来源', { max: 64 })
const settings = {
  name: text('名称', { max: 64 }),
  match: choice('对方用什么指人', sourceMatches),
  addresses: optionalIds('允许的 IP 或网段', { max: 200 }),
  systems: optionalIds('系统标识', { max: 50 }),
  pcPrefix: optionalText('电脑地址的前缀', { max: 500 }),
  appPrefix: optionalText('手机地址的前缀', { max: 500 }),
  unknownSender: flag('1：发起人不在通讯录也接收'),
  userName: optionalText('账号', { max: 64 }),
  password: optionalText('密码；不填不变', { max: 128 }),
}

type SourceInput = {
  name: string
  match: (typeof sourceMatches)[number]
  addresses: string[]
  systems: string[]
  pcPrefix: string | undefined
  appPrefix: string | undefined
  unknownSender: boolean
  userName: string | undefined
  password: string | undefined
}

/** Without a user name there is no password either. */
function settingsOf({
  unknownSender,
  userName = '',
  password,
  pcPrefix = '',
  appPrefix = '',
  ...rest
}: SourceInput) {
  const secret = userName === '' ? { password: '' } : password === undefined ? {} : { password }
  return { ...rest, pcPrefix, appPrefix, userName, takesUnknownSender: unknownSender, ...secret }
}

export const addSourceCall = pageCall({
  method: 'POST',
  path: '/web/todos/sources/add',
  access: administrator('super'),
  point: 'todo:settings',
  directory: true,
  input: {
    kind: choice('泛微、致远、蓝凌', sourceKinds),
    appId: optionalText('应用；不填则创建同名的应用', { max: 64 }),
    ...settings,
  },
  output: Type.Object({ source: sourceSchema, base: Type.String() }),
  async handle(ctx: AddNeeds, { input, visitor, corpId }) {
    const { kind, appId, ...given } = input
    const wanted = { kind, appId, ...settingsOf(given) }
    const { source, base } = await addSource(ctx, visitor.actor, corpId, wanted)
    return { source: rowOf(ctx, source), base }
  },
})

export const saveSourceCall = pageCall({
  method: 'POST',
  path: '/web/todos/sources/save',
  access: administrator('super'),
  point: 'todo:settings',
  input: {
    id,
    version: integer('打开表单时的 version；他人在此后保存过则拒绝', { min: 1, max: 2_147_483_647 }),
    ...settings,
  },
  output: sourceSchema,
  async handle(ctx: NamingNeeds, { input, visitor, corpId }) {
    const { id, version, ...given } = input
    return rowOf(ctx, await setSource(ctx, visitor.actor, corpId, id, settingsOf(given), version))
  },
})

export const switchSourceCall = pageCall({
  method: 'POST',
  path: '/web/todos/sources/switch',
  access: administrator('super'),
  point: 'todo:settings',
  input: { id, enabled: flag('1 启用；0 停用') },
  output: sourceSchema,
  async handle(ctx: NamingNeeds, { input, visitor, corpId }) {
    const { id, enabled } = input
    return rowOf(ctx, await setSource(ctx, visitor.actor, corpId, id, { enabled }))
  },
})

/** Shows a source. Its address lets a program send, so that looking at it is recorded in the audit log. */
export const showSourceCall = pageCall({
  method: 'POST',
  path: '/web/todos/sources/address',
  access: administrator('super'),
  point: 'todo:settings',
  input: { id },
  output: Type.Object({ base: Type.String() }),
  async handle(ctx: NamingNeeds, { input, visitor, corpId }) {
    const source = ctx.sources.get(corpId, input.id)
    const entry = { act: 'todo-source.show' as const, target: source.id, targetName: source.name }
    await record(ctx.db, ctx, { ...entry, corpId, actor: visitor.actor, detail: {} })
    return { base: baseOfSource(ctx, source) }
  },
})

export const rotateSourceCall = pageCall({
  method: 'POST',
  path: '/web/todos/sources/rotate',
  access: administrator('super'),
  point: 'todo:settings',
  input: { id },
  output: Type.Object({ base: Type.String() }),
  handle: (ctx: NamingNeeds, { input, visitor, corpId }) =>
    rotateSource(ctx, visitor.actor, corpId, input.id),
})

export const removeSourceCall = pageCall({
  method: 'POST',
  path: '/web/todos/sources/remove',
  access: administrator('super'),
  point: 'todo:settings',
  input: { id },
  output: Type.Object({}),
  async handle(ctx: NamingNeeds, { input, visitor, corpId }) {
    await removeSource(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})
