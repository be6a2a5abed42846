import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { optionalInteger } from '../../../platform/http/input.ts'
import { ready } from '../../../platform/http/output.ts'
import { feedRange, readChanges } from '../feed-store.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { sampleDepartment } from './samples.ts'
import { movesScope, seenChanges } from './seen-changes.ts'
import { livingMember, personalDataOf, viewOf } from './view.ts'

const changeSchema = Type.Object({
  seq: Type.Integer({
    about: { zh: '变更序号，按提交顺序递增', en: 'Number of the change, rising in the order of commits' },
  }),
  kind: Type.String({ about: { zh: 'department、member 或 tag', en: 'department, member or tag' } }),
  op: Type.String({
    about: {
      zh: 'put-新增或修改；drop-删除；rename-成员账号变更',
      en: 'put: new or changed; drop: gone; rename: a member has another userid',
    },
  }),
  id: Type.String(),
  oldId: Type.Optional(Type.String({ about: { zh: 'rename 时的旧账号', en: 'The old userid of a rename' } })),
  value: Type.Optional(
    Type.Unknown({
      about: {
        zh: 'put、rename 时的当前数据：部门、成员（含 orgList）或标签（tagName、userIds、orgIds）',
        en: 'What is so now, for put and rename: a department, a member (with orgList), or a tag (tagName, userIds, orgIds)',
      },
    }),
  ),
})

export const directoryChanges = endpoint({
  methods: ['GET'],
  path: '/api/directory/changes',
  section: 'wisp',
  summary: { zh: '通讯录变更流', en: 'Changes of the address book' },
  description: {
    zh: '返回序号大于 since 的变更，每条一次，附当前数据。保存 next 作为下次的 since；more 为 true 时立即再取。resync 为 true 时变更已不完整（超过 30 天或数据范围已变），请全量读取后从 next 继续。',
    en: 'Changes with a number above since, each once, with what is so now. Keep next as the next since; when more is true ask again at once. When resync is true the changes are not whole (older than 30 days, or the data scope changed): read everything, then go on from next.',
  },
  access: { by: 'developer', scope: 'directory:read' },
  directory: true,
  input: {
    since: optionalInteger(
      { zh: '上次的 next，首次为 0', en: 'The last next; 0 at first' },
      { min: 0, max: Number.MAX_SAFE_INTEGER },
    ),
    limit: optionalInteger(
      { zh: '最多条数，默认 500', en: 'At most so many; 500 by default' },
      { min: 1, max: 1000 },
    ),
  },
  logged: ['since', 'limit'],
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
    const { first, seq: last } = await feedRange(ctx.db, corpId)
    const found = await readChanges(ctx.db, corpId, since, limit + 1)
    const changes = found.slice(0, limit)
    // Values must be at least as new as the changes that they are sent with.
    if (ctx.mirrors.of(corpId).seq < (changes.at(-1)?.seq ?? 0)) await ctx.mirrors.refresh(corpId)
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
    const seen = await seenChanges(ctx, view, changes)
    const given = seen.flatMap(({ change, op }) =>
      change.kind === 'member' && op !== 'drop' ? (livingMember(view, change.entityId) ?? []) : [],
    )
    const rows = seen.map(
      ({ change, op, wire }) => `{"seq":${change.seq},"kind":"${change.kind}","op":"${op}",${wire}}`,
    )
    return ready({
      wire: `{"list":[${rows.join()}],"next":${next},"more":${found.length > limit},"resync":false}`,
      people: personalDataOf(view, [...new Set(given)]),
    })
  },
})
