import { type Static, Type } from 'typebox'
import type { Core } from '../core.ts'
import { ApiError } from '../http/errors.ts'
import { optionalChoice, optionalText, optionalTime } from '../http/input.ts'
import { orderOf, pageOf, paging, requiredId, sorting } from '../http/list-input.ts'
import { administrator, pageCall } from '../http/page-call.ts'
import { roleLevel } from '../people/people.ts'
import type { Visitor } from '../people/sessions.ts'
import * as store from './store.ts'

const auditRowSchema = Type.Object({
  id: Type.Number(),
  /** Null when the act concerned the installation. */
  corpId: Type.Union([Type.String(), Type.Null()]),
  actor: Type.String(),
  act: Type.String(),
  target: Type.String(),
  at: Type.String(),
  detail: Type.Unknown(),
})
export type AuditRow = Static<typeof auditRowSchema>

const scope = optionalChoice('corp：当前企业；all：所有企业，只对系统超级管理员', ['corp', 'all'])

export const auditList = pageCall({
  method: 'GET',
  path: '/web/audit',
  access: administrator('super'),
  input: {
    ...paging,
    sort: sorting,
    scope,
    actor: optionalText('谁', { max: 64 }),
    act: optionalText('操作，或其前一段', { max: 64 }),
    target: optionalText('对象', { max: 128 }),
    from: optionalTime('从何时，ISO 时间'),
    to: optionalTime('到何时（不含），ISO 时间'),
  },
  output: Type.Object({
    list: Type.Array(auditRowSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Core, { input, visitor, corpId }) {
    const { descending } = orderOf(input.sort, ['at'], '-at')
    const filter = {
      ...reach(visitor, corpId, input.scope),
      actor: input.actor,
      act: input.act,
      target: input.target,
      from: input.from,
      to: input.to,
    }
    const { list, total } = await store.auditEntries(ctx.db, filter, { ...pageOf(input), descending })
    return { list: list.map(rowOf), total }
  },
})

export const auditOne = pageCall({
  method: 'GET',
  path: '/web/audit/entry',
  access: administrator('super'),
  input: { id: requiredId('记录编号') },
  output: auditRowSchema,
  async handle(ctx: Core, { input, visitor, corpId }): Promise<AuditRow> {
    const entry = await store.auditEntry(ctx.db, input.id)
    const isOwn = entry?.corpId === corpId || visitor.roleLevel === roleLevel.system
    if (!entry || !isOwn)
      throw new ApiError('badParameter', {
        zh: `没有审计记录 ${input.id}`,
        en: `there is no audit entry ${input.id}`,
      })
    return rowOf(entry)
  },
})

export const auditActs = pageCall({
  method: 'GET',
  path: '/web/audit/acts',
  access: administrator('super'),
  input: { scope },
  output: Type.Object({
    list: Type.Array(Type.String()),
  }),
  handle: async (ctx: Core, { input, visitor, corpId }) => ({
    list: await store.auditedActs(ctx.db, reach(visitor, corpId, input.scope)),
  }),
})

/**
 * A super administrator sees the acts of their own corp. The system super administrator also sees those of the
 * installation, or all of them.
 */
function reach(visitor: Visitor, corpId: string, wanted: 'corp' | 'all' | undefined) {
  const isSystem = visitor.roleLevel === roleLevel.system
  return { corpId: isSystem && wanted === 'all' ? undefined : corpId, withInstallation: isSystem }
}

function rowOf(entry: store.AuditEntry): AuditRow {
  return { ...entry, at: entry.at.toISOString() }
}
