import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { namedMembers, type View, viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { fieldsOf } from '../../../platform/http/wire.ts'
import { pushesById } from '../../../platform/inbox/push-store.ts'
import {
  type EventContents,
  entriesOf,
  type NumberedEvent,
} from '../../../platform/manifest/event-content.ts'
import { type AgentPush, parseAgentPush } from '../../../upstream/wecom/agent-push.ts'
import type { Apps } from '../../apps/catalog.ts'
import { isLinked } from './linked.ts'
import { isLocation, pushWire } from './push-wire.ts'

type Needs = Core & { apps: Apps; mirrors: Mirrors }

/** The contents of the events whose type begins with `agent.`. */
export async function readHeard(
  ctx: Needs,
  caller: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  const own = rows.filter(row => row.type === 'agent.message' || row.type === 'agent.event')
  if (own.length === 0) return []
  const plain = await pushesById(
    ctx.db,
    caller.corpId,
    own.map(row => Number(row.data['id'])),
  )
  const pushes = new Map([...plain].map(([id, text]) => [id, parseAgentPush(text)]))
  const memberOf = await membersOf(ctx, viewOf(ctx, caller), [...pushes.values()])
  return entriesOf(own, row => {
    const about = { id: Number(row.data['id']), agentId: Number(row.data['agentId']) }
    const push = pushes.get(about.id)
    const member = push && memberOf(push)
    if (!member || !isLinked(ctx, caller, about.agentId)) return undefined
    if (isLocation(push) && !caller.scopes.has('agent:location')) return undefined
    return { type: row.type, wire: fieldsOf(pushWire(about, push, member)) }
  })
}

type NamedMember = { userId: string; userName: string }

/** Who did it, as the developer sees them; undefined for somebody who is not within its data scope. */
async function membersOf(
  ctx: Core,
  view: View,
  pushes: readonly AgentPush[],
): Promise<(push: AgentPush) => NamedMember | undefined> {
  const names = [...new Set(pushes.map(push => push.fromUserName))]
  const members = await namedMembers(ctx, view, names)
  return ({ fromUserName }) => {
    if (fromUserName === '' || fromUserName === 'sys') return { userId: '', userName: '' }
    const member = members.get(fromUserName)
    if (member) return { userId: member.userId, userName: member.name }
    // Who left is in nobody's data scope any more, but for those who see everybody.
    return view.developer.dataScope === undefined ? { userId: fromUserName, userName: '' } : undefined
  }
}
