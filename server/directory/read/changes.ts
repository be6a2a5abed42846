import { Type } from 'typebox'
import type { Core } from '../../core.ts'
import { endpoint } from '../../http/endpoint.ts'
import { optionalInteger } from '../../http/input.ts'
import { ready } from '../../http/output.ts'
import { parseWire, toWire } from '../../http/wire.ts'
import { type Change, feedRange, readChanges } from '../feed-store.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { seesTag } from '../permissions/data-scope.ts'
import { departmentLevel, level } from '../permissions/sight.ts'
import { sampleDepartment } from './samples.ts'
import { livingMember, type View, viewOf, withMembers } from './view.ts'

const changeSchema = Type.Object({
  seq: Type.Integer({ description: '变更序号，按提交顺序递增' }),
  kind: Type.String({ description: 'department、member 或 tag' }),
  op: Type.String({ description: 'put-新增或修改；drop-删除；rename-成员账号变更' }),
  id: Type.String(),
  oldId: Type.Optional(Type.String({ description: 'rename 时的旧账号' })),
  value: Type.Optional(
    Type.Unknown({
      description: 'put、rename 时的当前数据：部门、成员（含 orgList）或标签（tagName、userIds、orgIds）',
    }),
  ),
})

export const directoryChanges = endpoint({
  methods: ['GET'],
  path: '/api/directory/changes',
  section: 'wisp',
  summary: '通讯录变更流',
  description:
    '返回序号大于 since 的变更，每条一次，附当前数据。保存 next 作为下次的 since；more 为 true 时立即再取。resync 为 true 时变更已不完整（超过 30 天或数据范围已变），请全量读取后从 next 继续。',
  access: { by: 'developer', scope: 'directory:read' },
  directory: true,
  input: {
    since: optionalInteger('上次的 next，首次为 0', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    limit: optionalInteger('最多条数，默认 500', { min: 1, max: 1000 }),
  },
  output: Type.Object({
    list: Type.Array(changeSchema),
    next: Type.Integer(),
    more: Type.Boolean(),
    resync: Type.Boolean(),
  }),
  errors: [],
  sample: {
    list: [{ seq: 42, kind: 'department', op: 'put', id: '12', value: sampleDepartment }],
    next: 42,
    more: false,
    resync: false,
  },
  sampleInput: { since: 0, limit: 10 },
  async handle(ctx: Core & { mirrors: Mirrors }, { input, developer }) {
    const since = input.since ?? 0
    const limit = input.limit ?? 500
    const { corpId } = developer
    const { first, last } = await feedRange(ctx.db, corpId)
    const changes = await readChanges(ctx.db, corpId, since, limit)
    // Values must be at least as new as the changes that they are sent with.
    const wanted = Math.max(last, changes.at(-1)?.seq ?? 0)
    if (ctx.mirrors.of(corpId).seq < wanted) await ctx.mirrors.refresh(corpId)
    const view = viewOf(ctx, developer)
    const isScoped = developer.dataScope !== undefined
    const hasLostTrack = since + 1 < first || since > last
    if (
      hasLostTrack ||
      (isScoped && (developer.scopeSeq > since || changes.some(one => movesScope(view, one))))
    ) {
      return { list: [], next: last, more: false, resync: true }
    }
    const next = changes.at(-1)?.seq ?? since
    const rows = await changeRows(ctx, view, changes)
    return ready({ wire: `{"list":[${rows.join()}],"next":${next},"more":${next < last},"resync":false}` })
  },
})

/** Whether members may have entered or left the scope without a change of their own: its tag or the tree has changed. */
function movesScope(view: View, change: Change): boolean {
  if (change.op === 'move') return true
  return change.kind === 'tag' && view.developer.dataScope?.tags.includes(Number(change.entityId)) === true
}

async function changeRows(ctx: Core, view: View, changes: Change[]): Promise<string[]> {
  const cores = changes.flatMap(one =>
    one.kind === 'member' ? (livingMember(view, one.entityId) ?? []) : [],
  )
  const unique = [...new Map(cores.map(core => [core.key, core])).values()]
  const texts = await withMembers(ctx, view, unique, true, list => list)
  const members = new Map(texts.map(text => [(parseWire(text) as { userId: string }).userId, text]))
  return changes.flatMap(change => {
    if (change.kind === 'scope') return []
    const value = currentValue(view, change, members)
    if (value === undefined && !sawBefore(view, change)) return []
    const op = value === undefined ? 'drop' : change.op === 'rename' ? 'rename' : 'put'
    const old = op === 'rename' ? `,"oldId":${toWire(JSON.stringify(change.oldId))}` : ''
    // If a member was renamed and then dropped, a follower of the feed knows only the old userid.
    const isGone = op === 'drop' && change.oldId !== null
    const id = toWire(JSON.stringify(isGone ? change.oldId : change.entityId))
    return `{"seq":${change.seq},"kind":"${change.kind}","op":"${op}","id":${id}${old}${value ? `,"value":${value}` : ''}}`
  })
}

/** The entity's current value in wire form, or undefined when the developer does not see it. */
function currentValue(view: View, change: Change, members: Map<string, string>): string | undefined {
  const { tree } = view
  const { tags } = view.mirror
  const id = Number(change.entityId)
  if (change.kind === 'department') {
    const node = tree.get(id)
    return node && departmentLevel(view.sight, node) > level.none ? node.wire : undefined
  }
  if (change.kind === 'member') return members.get(livingMember(view, change.entityId)?.userId ?? '')
  const tag = tags.get(id)
  if (!tag || !seesTag(view.developer, id)) return undefined
  const userIds = tag.userKeys.flatMap(key => livingMember(view, key)?.userId ?? [])
  const orgIds = tag.departments.flatMap(one => (tree.get(one) ? String(one) : []))
  return toWire(JSON.stringify({ tagId: String(id), tagName: tag.name, userIds, orgIds }))
}

/** Whether the developer could see the entity before; only then may it be told that the entity is gone. */
function sawBefore({ developer, mirror }: View, change: Change): boolean {
  const { dataScope } = developer
  if (!dataScope) return true
  if (change.kind === 'tag') return seesTag(developer, Number(change.entityId))
  const tops = new Set([
    ...dataScope.departments,
    ...dataScope.tags.flatMap(id => mirror.tags.get(id)?.departments ?? []),
  ])
  return change.departmentsBefore?.some(id => tops.has(id)) ?? false
}
