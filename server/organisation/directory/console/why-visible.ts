import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { text } from '../../../platform/http/input.ts'
import { administrator, pageCall, refused } from '../../../platform/http/page-call.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import type { MemberCore } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { ancestors, type DepartmentNode } from '../mirror/tree.ts'
import { scopeSight } from '../permissions/data-scope.ts'
import {
  entitledDepartments,
  memberPerson,
  personSight,
  type Roles,
  roleLevel,
} from '../permissions/person.ts'
import { departmentLevel, isEverything, level, type Sight, seesMember } from '../permissions/sight.ts'
import {
  departmentNameSchema,
  nameOf,
  pathOf,
  seenDepartment,
  seenMember,
  shownDepartments,
  type Viewer,
  viewerOf,
} from './viewer.ts'

const whySchema = Type.Object({
  viewer: Type.Object({
    kind: Type.Enum(['member', 'developer']),
    id: Type.String(),
    name: Type.String(),
    roleLevel: Type.Number(),
  }),
  target: Type.Object({
    kind: Type.Enum(['member', 'department']),
    id: Type.String(),
    name: Type.String(),
  }),
  level: Type.Enum(['manage', 'view', 'none']),
  /**
   * Why the target is visible. `everything`: a super administrator, or a developer without a data scope. `assigned`: a graded
   * administrator's nearest assignment. `own`: a plain member's own department. `scope`, `tag`: a developer's data scope.
   * `missing`: nothing makes it visible.
   */
  rule: Type.Enum(['scope', 'everything', 'assigned', 'own', 'tag', 'group', 'missing']),
  /**
   * The department that gives the permission, and the path from it down to the target's department. Left out when the
   * administrator who asks does not see that department.
   */
  from: Type.Optional(
    Type.Object({
      orgId: Type.String(),
      orgName: Type.String(),
      way: Type.Array(departmentNameSchema),
    }),
  ),
  /** The tag of a developer's data scope that includes the target. */
  tag: Type.Optional(
    Type.Object({
      tagId: Type.String(),
      tagName: Type.String(),
    }),
  ),
  /** What the viewer has instead, as far as the asker sees it: departments with permissions, or the tags of a data scope. */
  has: Type.Object({
    departments: Type.Array(
      Type.Object({
        orgId: Type.String(),
        orgName: Type.String(),
        manage: Type.Boolean(),
      }),
    ),
    tags: Type.Array(
      Type.Object({
        tagId: Type.String(),
        tagName: Type.String(),
      }),
    ),
  }),
})
export type VisibilityReason = Static<typeof whySchema>

export const directoryWhy = pageCall({
  method: 'GET',
  path: '/web/directory/why',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: {
    viewer: text('谁：成员账号或 devId', { max: 128 }),
    target: text('看谁：成员账号或部门 id', { max: 128 }),
  },
  output: whySchema,
  async handle(
    ctx: Core & { developers: { get(devId: string): Caller | undefined }; mirrors: Mirrors; roles: Roles },
    { input, visitor, corpId },
  ): Promise<VisibilityReason> {
    const asking = viewerOf(ctx, corpId, visitor)
    const target = await findTarget(ctx, asking, input.target)
    const developer = ctx.developers.get(input.viewer)
    if (developer && developer.corpId === corpId) {
      if (visitor.roleLevel === roleLevel.graded)
        throw refused({
          zh: '只有超级管理员可以查看开发者的数据范围',
          en: 'only a super administrator may see the data scope of a developer',
        })
      return whyDeveloper(asking, developer, target)
    }
    const core = await seenMember(ctx, asking, input.viewer)
    return whyPerson(asking, core, memberPerson(ctx, corpId, core), target)
  },
})

type Target = { node: DepartmentNode; core?: undefined } | { core: MemberCore; node?: undefined }

/** A userid may look like a department id, so members are searched first. */
async function findTarget(ctx: Core, asking: Viewer, id: string): Promise<Target> {
  try {
    return { core: await seenMember(ctx, asking, id) }
  } catch (error) {
    if (!(error instanceof ApiError) || !/^\d{1,10}$/.test(id)) throw error
    return { node: seenDepartment(asking, id) }
  }
}

function targetOf(target: Target): VisibilityReason['target'] {
  if (target.core) return { kind: 'member', id: target.core.userId, name: target.core.name }
  return { kind: 'department', id: String(target.node.department.id), name: target.node.department.name }
}

/** The departments that can make the target visible: itself, or the departments of the member. */
function nodesOf({ tree }: Viewer, target: Target): DepartmentNode[] {
  return target.core ? target.core.departments.flatMap(id => tree.get(id) ?? []) : [target.node]
}

function whyPerson(asking: Viewer, core: MemberCore, person: Person, target: Target): VisibilityReason {
  const { tree } = asking
  const sight = personSight(tree, person)
  const viewer = {
    kind: 'member',
    id: core.userId,
    name: core.name,
    roleLevel: person.roleLevel,
  } as const
  const managed = new Set(person.assigned.filter(one => one.manage).map(one => one.departmentId))
  const entitled = entitledDepartments(tree, person).flatMap(id => tree.get(id) ?? [])
  const has = {
    departments: entitled.filter(shownDepartments(asking)).map(node => ({
      ...nameOf(node),
      manage: isEverything(sight) || managed.has(node.department.id),
    })),
    tags: [],
  }
  const common = { viewer, target: targetOf(target), has }
  if (isEverything(sight)) return { ...common, level: 'manage', rule: 'everything' }
  const found = nearest(asking, sight, target, new Set(entitled.map(node => node.department.id)))
  if (!found) return { ...common, level: 'none', rule: 'missing' }
  const rule = person.roleLevel === roleLevel.graded ? 'assigned' : 'own'
  return { ...common, level: found.level, rule, ...(found.isShown ? { from: found.from } : {}) }
}

function whyDeveloper(asking: Viewer, developer: Caller, target: Target): VisibilityReason {
  const { tree, mirror } = asking
  const { dataScope } = developer
  const viewer = { kind: 'developer', id: developer.devId, name: developer.name, roleLevel: 0 } as const
  const tags = (dataScope?.tags ?? []).flatMap(id => mirror.tags.get(id) ?? [])
  const nodes = (dataScope?.departments ?? []).flatMap(id => tree.get(id) ?? [])
  const has = {
    departments: nodes.map(node => ({ ...nameOf(node), manage: true })),
    tags: tags.map(tag => ({ tagId: String(tag.id), tagName: tag.name })),
  }
  const common = { viewer, target: targetOf(target), has }
  if (!dataScope) return { ...common, level: 'manage', rule: 'everything' }
  const sight = scopeSight(mirror, developer)
  const tagOf = (test: (tag: (typeof tags)[number]) => boolean) => {
    const tag = tags.find(test)
    return tag && { tagId: String(tag.id), tagName: tag.name }
  }
  const direct = nearest(asking, sight, target, new Set(dataScope.departments))
  if (direct) return { ...common, level: direct.level, rule: 'scope', from: direct.from }
  const viaTag = nearest(asking, sight, target, new Set(tags.flatMap(tag => tag.departments)))
  if (viaTag) {
    const tag = tagOf(one => one.departments.includes(Number(viaTag.from.orgId)))
    return { ...common, level: viaTag.level, rule: 'tag', from: viaTag.from, ...(tag ? { tag } : {}) }
  }
  const { core } = target
  if (core && seesMember(sight, tree, core)) {
    const tag = tagOf(one => one.userKeys.includes(core.key))
    if (!tag && sight.groups?.has(core.id)) return { ...common, level: 'manage', rule: 'group' }
    return { ...common, level: 'manage', rule: 'tag', ...(tag ? { tag } : {}) }
  }
  return { ...common, level: 'none', rule: 'missing' }
}

/**
 * The path from an entitled department down to the target that gives the most; among equal ones, one that the asker sees,
 * then the shortest.
 */
function nearest(asking: Viewer, sight: Sight, target: Target, entitled: ReadonlySet<number>) {
  const shown = shownDepartments(asking)
  const ways = nodesOf(asking, target).flatMap(node => {
    const own = departmentLevel(sight, node)
    const top = [node, ...ancestors(node)].find(one => entitled.has(one.department.id))
    if (own === level.none || !top) return []
    const way = pathOf(node).slice(pathOf(top).length - 1)
    return { own, isShown: shown(node), from: { ...nameOf(top), way } }
  })
  ways.sort(
    (a, b) => b.own - a.own || Number(b.isShown) - Number(a.isShown) || a.from.way.length - b.from.way.length,
  )
  const best = ways[0]
  return best && { ...best, level: best.own === level.manage ? ('manage' as const) : ('view' as const) }
}
