import { text } from '../../../platform/http/input.ts'
import { administrator } from '../../../platform/http/page-call.ts'
import { callsAbout } from '../../../platform/http/pages/calls-about.ts'
import { accountFor } from './access.ts'
import type { Accounts } from './accounts.ts'

/** Declares page calls about an account that the administrator may work with. */
export const accountCall = callsAbout({
  base: '/web/official',
  access: administrator('graded'),
  points: {
    read: 'official:read',
    content: 'official:content',
    inspect: 'official:inspect',
    replay: 'official:replay',
  },
  input: { originalId: text('原始 ID（gh_…）', { max: 64 }) },
  find: (ctx: { accounts: Accounts }, { input, visitor, corpId }) =>
    accountFor(ctx, visitor, corpId, input.originalId),
})
