import { pushToAgent } from '../agents/push.ts'
import type { AgentWorld } from '../agents/world.ts'
import type { EventName } from './approvals.ts'
import type { Approval } from './records.ts'
import { eventOf } from './wire.ts'

/** Pushes an act to every application with a receive URL: those that 审批 lists at 可调用接口的应用. */
export function tellAgents(world: AgentWorld, approval: Approval, happening: EventName): void {
  const nameOf = (userid: string) => {
    const slot = world.state.slotOf(userid)
    return slot === undefined ? '' : world.state.nameOf(slot)
  }
  const fields = eventOf(approval, happening, nameOf)
  // It never rejects: what was not delivered is in the list of pushes.
  for (const agentId of Object.keys(world.settings.agentCallbacks))
    void pushToAgent(world, Number(agentId), fields)
}
