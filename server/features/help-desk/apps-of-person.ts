import { type Static, Type } from 'typebox'
import { seenDepartments, type Viewer } from '../../organisation/directory/console/viewer.ts'
import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import { isListed } from '../../organisation/directory/mirror/members.ts'
import type { App } from '../apps/app.ts'
import type { Apps } from '../apps/catalog.ts'
import { visibilityFor } from '../apps/visibility.ts'

export const appOfPersonSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** `off`: switched off for everybody; `addressless`: has no page to open; `outside`: the member is not among those who see it. */
  why: Type.Enum(['open', 'off', 'addressless', 'outside']),
  /** For `outside`: names of departments and tags that see the app, the first few. */
  seenBy: Type.Array(Type.String()),
  /** For `outside`: how many members are named one by one. */
  named: Type.Number(),
})
export type AppOfPerson = Static<typeof appOfPersonSchema>

const namesAtMost = 5

/** Every app of the corp, and why the member does not see it; those that do not open come first. */
export function appsOfPerson(ctx: { apps: Apps }, viewer: Viewer, member: MemberCore): AppOfPerson[] {
  const sees = visibilityFor(viewer.mirror, member)
  const told = ctx.apps.ofCorp(viewer.corpId).map(app => {
    const why = whyOf(app, sees(app.visibility))
    const { departments, memberIds, tags } = app.visibility
    const names = [
      ...seenDepartments(viewer, departments).map(node => node.department.name),
      ...tags.flatMap(id => viewer.mirror.tags.get(id)?.name ?? []),
    ]
    const listed = memberIds.filter(id => {
      const named = viewer.mirror.members.byId(id)
      return named !== undefined && isListed(named)
    })
    const isOutside = why === 'outside'
    return {
      id: app.id,
      name: app.name,
      why,
      seenBy: isOutside ? names.slice(0, namesAtMost) : [],
      named: isOutside ? listed.length : 0,
    }
  })
  return told.toSorted((a, b) => Number(a.why === 'open') - Number(b.why === 'open'))
}

function whyOf(app: App, isSeen: boolean): AppOfPerson['why'] {
  if (!app.enabled) return 'off'
  if (!app.homeUrl && !app.mobileUrl) return 'addressless'
  return isSeen ? 'open' : 'outside'
}
