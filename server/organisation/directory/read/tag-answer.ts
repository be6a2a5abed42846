import { ApiError } from '../../../platform/http/errors.ts'
import { ready } from '../../../platform/http/output.ts'
import { told } from '../../../platform/http/told.ts'
import { toWire } from '../../../platform/http/wire.ts'
import type { Tag } from '../entities.ts'
import { seesTag } from '../permissions/data-scope.ts'
import { departmentLevel, level } from '../permissions/sight.ts'
import { livingMember, type View } from './view.ts'

/** Throws 1006. */
export function visibleTag(view: View, tagId: string): Tag {
  const tag = /^\d{1,10}$/.test(tagId) ? view.mirror.tags.get(Number(tagId)) : undefined
  if (!tag || !seesTag(view.developer, tag.id)) throw new ApiError('unknownTag', told`${tagId}`)
  return tag
}

export function tagAnswer(view: View, tagId: string) {
  const tag = visibleTag(view, tagId)
  const cores = tag.userKeys.flatMap(key => livingMember(view, key) ?? [])
  const userList = cores.map(core => ({ userId: core.userId, userName: core.name }))
  const orgList = tag.departments.flatMap(id => {
    const node = view.tree.get(id)
    if (!node || departmentLevel(view.sight, node) === level.none) return []
    return { orgId: String(id), orgName: node.department.name }
  })
  const answer = { tagId: String(tag.id), tagName: tag.name, userList, orgList }
  return ready({
    wire: toWire(JSON.stringify(answer)),
    people: { memberIds: cores.map(core => core.id), fields: ['userName'] },
  })
}
