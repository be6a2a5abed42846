import { agentCalls } from './agent.ts'
import { appchatCalls } from './appchat.ts'
import { authCalls } from './auth.ts'
import type { Call } from './call.ts'
import { departmentCalls } from './department.ts'
import { jsTicketCalls } from './js-tickets.ts'
import { mediaCalls } from './media.ts'
import { menuCalls } from './menu.ts'
import { messageCalls } from './message.ts'
import { approvalCalls } from './oa/approval.ts'
import { officeCalls } from './oa/office.ts'
import { tagCalls } from './tag.ts'
import { tokenCalls } from './token.ts'
import { userReads, userWrites } from './user.ts'
import { workbenchCalls } from './workbench.ts'

/** Every /cgi-bin call that the sandbox answers. The routes are generated from this list. */
export const calls: readonly Call[] = [
  ...tokenCalls,
  ...departmentCalls,
  ...userReads,
  ...userWrites,
  ...tagCalls,
  ...agentCalls,
  ...jsTicketCalls,
  ...authCalls,
  ...mediaCalls,
  ...messageCalls,
  ...appchatCalls,
  ...menuCalls,
  ...officeCalls,
  ...approvalCalls,
  ...workbenchCalls,
]
