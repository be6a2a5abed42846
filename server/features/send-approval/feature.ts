import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import type { Setups } from '../channels/channel.ts'
import * as calls from './approval-calls.ts'
import { pruneSpent } from './budget/budget-store.ts'
import { smsBudgetUsedUp } from './budget/causes.ts'
import { checkDeveloperBudget } from './budget/change-budget.ts'
import { readDeveloperSpending } from './budget/spending-call.ts'
import { createSendApproval, type SendApproval } from './catalog.ts'
import { approvalCommands } from './commands.ts'
import { setSendApproval } from './set-approval.ts'
import { approvalShape } from './settings.ts'

type Needs = Core & { corps: Corps; developers: Developers; messageSettings: Setups }

const section = settingsSection({
  shape: approvalShape,
  read: async (ctx: Needs & { sendApproval: SendApproval }, corpId) => [ctx.sendApproval.of(corpId)],
  set: (ctx, actor, corpId, _key, change) => setSendApproval(ctx, actor, corpId, change),
})

/** Which sends of a corp wait until somebody else has approved them. Who waits, and the decision, is in the room of messages. */
export const sendApprovalFeature = feature<Needs, { sendApproval: SendApproval }>()({
  name: 'send-approval',
  pageCalls: [calls.readSendApproval, calls.saveSendApproval, readDeveloperSpending],
  adminCalls: [calls.adminReadSendApproval, calls.adminSetSendApproval],
  commands: approvalCommands,
  settings: { sendApproval: section },
  tables: [
    { table: 'send_approval', isBounded: true, because: 'one row per corp' },
    {
      table: 'sms_spent',
      keptDays: 400,
      countedFrom: 'the end of the month',
      prune: pruneSpent,
    },
  ],
  causes: { smsBudgetUsedUp },
  checkSmsBudget: checkDeveloperBudget,
  create: ctx => ({ sendApproval: createSendApproval(ctx) }),
  readers: ({ sendApproval }) => [sendApproval],
})
