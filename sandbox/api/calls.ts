import { agentCalls } from './agent.ts'
import { authCalls } from './auth.ts'
import type { Call } from './call.ts'
import { departmentCalls } from './department.ts'
import { messageCalls } from './message.ts'
import { tagCalls } from './tag.ts'
import { tokenCalls } from './token.ts'
import { userReads, userWrites } from './user.ts'

/** Every call of /cgi-bin that the sandbox answers; the routes are made from it. */
export const calls: readonly Call[] = [
  ...tokenCalls,
  ...departmentCalls,
  ...userReads,
  ...userWrites,
  ...tagCalls,
  ...agentCalls,
  ...authCalls,
  ...messageCalls,
]
