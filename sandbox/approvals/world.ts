import type { AgentWorld } from '../agents/world.ts'
import type { Approvals } from './approvals.ts'

/** What 审批 and its part of the telephone use of the corp. */
export interface ApprovalWorld extends AgentWorld {
  readonly approvals: Approvals
}
