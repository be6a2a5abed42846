import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { agentIdOf } from '../../auto-replies/conversation-owner.ts'
import * as flows from '../../auto-replies/flows/time-outs.ts'
import { agentKind } from './agent-rules.ts'
import { putSends } from './sends.ts'

/** Tells members who have not answered a flow in time. */
export function handleTimeOuts(ctx: Core & { corps: Corps; queue: Queue }): void {
  flows.handleTimeOuts(ctx, agentKind.stream, ({ corpId, ownerId }) => {
    const agentId = agentIdOf(ownerId)
    const isKnown = ctx.corps.find(corpId)?.agents.some(one => one.agentId === agentId)
    if (agentId === null || !isKnown) return undefined
    return (tx, { person, text, endedAt }) => {
      const content = { type: 'text' as const, content: text }
      const originKey = `time-out ${person} ${endedAt.toISOString()}`
      return putSends(tx, ctx, { corpId, agentId }, [{ userId: person, originKey, content }])
    }
  })
}
