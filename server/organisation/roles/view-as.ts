/**
 * 「以…的身份看」: a super administrator looks at the console with what another role would show. A call records who looks as what and
 * signs a view; pages send it with each call of that tab. It only ever takes away: nothing is changed, and nothing of a person's own,
 * their messages and their to-dos is shown (`callers/gate/view-as.ts`).
 */

import { Buffer } from 'node:buffer'
import type { FastifyRequest } from 'fastify'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { Grant } from '../../platform/http/admin/grant.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { refused } from '../../platform/http/page-call.ts'
import { told } from '../../platform/http/told.ts'
import type { Person, Visitor } from '../../platform/http/visitor.ts'
import { roleLevel } from '../directory/permissions/person.ts'
import type { OwnRoles } from './kept-roles.ts'
import { type RoleNeeds, unknownRole } from './own-roles.ts'

export type ViewNeeds = Pick<Core, 'seal' | 'now'> & { ownRoles: OwnRoles }

/** As what somebody looks: an own role, a graded administrator of these departments, or the help desk. */
export type ViewTarget =
  | { role: number }
  | { level: 'graded'; departments: { departmentId: number; manage: boolean }[] }
  | { level: 'helpDesk' }

/** What the looker has in the place of their own rights. */
type ShownRights = Pick<Person, 'roleLevel' | 'assigned'> & { isHelpDesk?: true; grants?: readonly Grant[] }
type View = { corpId: string; sessionId: string; endsAt: number; target: ViewTarget }

const viewMs = 3_600_000
const purpose = 'view-as'
export const viewedDepartmentsAtMost = 50

/** Begins a view, records it, and returns what pages send with their calls. Throws 1000, 1005. */
export async function beginView(
  ctx: RoleNeeds & ViewNeeds,
  visitor: Visitor,
  corpId: string,
  target: ViewTarget,
): Promise<{ view: string; endsAt: Date }> {
  const role = 'role' in target ? ctx.ownRoles.find(corpId, target.role) : undefined
  if ('role' in target && !role) throw unknownRole(target.role)
  const departments = 'level' in target && target.level === 'graded' ? target.departments : []
  if ('level' in target && target.level === 'graded') checkDepartments(ctx, corpId, departments)
  const endsAt = ctx.now() + viewMs
  const view: View = { corpId, sessionId: visitor.sessionId, endsAt, target }
  await ctx.db.transaction().execute(async tx => {
    const detail = { departments: departments.map(one => one.departmentId), until: new Date(endsAt) }
    const entry = { corpId, actor: visitor.actor, act: 'own-role.view' as const }
    const named = 'role' in target ? String(target.role) : target.level
    await record(tx, ctx, { ...entry, target: named, targetName: role?.name ?? named, detail })
  })
  const text = Buffer.from(JSON.stringify(view)).toString('base64url')
  return { view: `${text}.${ctx.seal.sign(purpose, text)}`, endsAt: new Date(endsAt) }
}

/** Names the view in the header of a call. */
const header = 'x-wisp-view-as'

/** The visitor with nothing but the viewed role, and its corp; undefined where nobody looks as another. Throws 403. */
export function viewedAs(
  ctx: ViewNeeds,
  visitor: Visitor,
  request: FastifyRequest,
): { corpId: string; endsAt: number; visitor: Visitor } | undefined {
  const text = request.headers[header]
  if (typeof text !== 'string' || text === '') return undefined
  const isSuper = visitor.roleLevel === roleLevel.system || visitor.roleLevel === roleLevel.superAdministrator
  const view = isSuper ? readView(ctx, visitor.sessionId, text) : undefined
  if (!view)
    throw refused({ zh: '此次查看已结束，请重新选择角色', en: 'this view has ended: choose a role again' })
  const { grants: _grants, isHelpDesk: _isHelpDesk, ...person } = visitor
  return { corpId: view.corpId, endsAt: view.endsAt, visitor: { ...person, ...view.shown } }
}

/** Undefined for one that is over, of another session, of a role that is gone, or not signed by wisp. */
function readView(
  { seal, now, ownRoles }: ViewNeeds,
  sessionId: string,
  given: string,
): { corpId: string; endsAt: number; shown: ShownRights } | undefined {
  const [text = '', signature = ''] = given.split('.')
  if (!seal.isSigned(purpose, text, signature)) return undefined
  const { target, endsAt, ...view } = JSON.parse(Buffer.from(text, 'base64url').toString()) as View
  if (view.sessionId !== sessionId || endsAt <= now()) return undefined
  const { corpId } = view
  const nothing = { roleLevel: roleLevel.member, assigned: [] }
  if ('role' in target) {
    const grant = ownRoles.find(corpId, target.role)
    return grant && { corpId, endsAt, shown: { ...nothing, grants: [grant] } }
  }
  if (target.level === 'helpDesk') return { corpId, endsAt, shown: { ...nothing, isHelpDesk: true } }
  return { corpId, endsAt, shown: { roleLevel: roleLevel.graded, assigned: target.departments } }
}

function checkDepartments(
  { mirrors }: RoleNeeds,
  corpId: string,
  departments: readonly { departmentId: number }[],
): void {
  if (departments.length === 0) throw new ApiError('missingParameter', 'departments')
  const { tree } = mirrors.of(corpId)
  const unknown = departments.filter(one => !tree.get(one.departmentId)).map(one => one.departmentId)
  if (unknown.length > 0)
    throw new ApiError('unknownDepartment', {
      zh: told`${unknown.join('、')}`,
      en: told`${unknown.join(', ')}`,
    })
}
