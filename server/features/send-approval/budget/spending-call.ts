import { Type } from 'typebox'
import { checkDeveloper } from '../../../callers/developers/console/developers.ts'
import { text } from '../../../platform/http/input.ts'
import { owner, pageCall } from '../../../platform/http/page-call.ts'
import { type SpendingNeeds, spendingOf, spendingSchema } from './spending.ts'

/** Shows what is used of a developer's own budget this month. */
export const readDeveloperSpending = pageCall({
  method: 'GET',
  path: '/web/developers/sms-spending',
  access: owner,
  point: 'developer:read',
  input: { devId: text('devId', { max: 64 }) },
  output: Type.Object({ spending: spendingSchema }),
  async handle(ctx: SpendingNeeds, { corpId, input: { devId } }) {
    checkDeveloper(ctx, corpId, devId)
    return { spending: await spendingOf(ctx, corpId, devId) }
  },
})
