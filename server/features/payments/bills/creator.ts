import { managesMember, type Viewer } from '../../../organisation/directory/console/viewer.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import {
  departmentLevel,
  isEverything,
  level,
  type Sight,
} from '../../../organisation/directory/permissions/sight.ts'
import { namedMembers, type View, viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { BillReach } from './store.ts'

type Needs = Core & { mirrors: Mirrors }

/** Who makes bills. `devId` is '' for the console and the command line. */
export type Creator = {
  corpId: string
  devId: string
  actor: string
  /** The listed members with these userids, present or former, who may be billed by the creator; keyed as called. */
  payersOf(userIds: readonly string[]): Promise<Map<string, MemberCore>>
}

export function developerAsCreator(ctx: Needs, developer: Caller): Creator {
  const { corpId, devId } = developer
  return {
    corpId,
    devId,
    actor: `developer:${devId}`,
    payersOf: ids => namedMembers(ctx, viewOf(ctx, developer), ids),
  }
}

/** A graded administrator bills members of the departments that they manage. */
export function administratorAsCreator(ctx: Needs, viewer: Viewer<Visitor>): Creator {
  return {
    corpId: viewer.corpId,
    devId: '',
    actor: viewer.visitor.actor,
    async payersOf(userIds) {
      const found = await namedMembers(ctx, viewer, userIds)
      return new Map([...found].filter(([, member]) => managesMember(viewer, member)))
    },
  }
}

/** Whose bills an administrator sees who sees this much of the address book. */
export function reachOf({ tree, sight }: Pick<View, 'tree' | 'sight'>): BillReach {
  return isEverything(sight)
    ? undefined
    : {
        departments: departmentsOf(tree, sight),
        memberKeys: [...sight.memberKeys],
        groups: sight.groups?.ids ?? [],
      }
}

function departmentsOf(tree: View['tree'], sight: Sight): number[] {
  return tree.order.flatMap(node => (departmentLevel(sight, node) > level.none ? [node.department.id] : []))
}
