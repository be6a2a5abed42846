import type { Context } from '../../../server/context.ts'
import { groupsOf } from '../../../server/organisation/groups/group-store.ts'
import { addGroup } from '../../../server/organisation/groups/groups.ts'

const name = '在职成员'

/** Makes the sample group, to which the sample developer can write, unless an earlier start has; returns its id. */
export async function addMemberGroup(ctx: Context, actor: string, corpId: string): Promise<string> {
  const known = (await groupsOf(ctx.db, corpId)).find(one => one.name === name)
  if (known) return String(known.id)
  const rule = { field: 'status', op: 'is', values: ['active'] }
  return String(await addGroup(ctx, { actor }, corpId, { name, note: '示例', rule, userIds: [] }))
}
