import { Type } from 'typebox'
import { optionalText } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf } from '../../../platform/words.ts'
import { confirmGrants } from '../grants/check.ts'
import { type GrantsNeeds, grantsShape, grantsView } from '../grants/grants-view.ts'
import { scope, treeOf } from './tree-calls.ts'

type Needs = GrantsNeeds

export const showGrants = pageCall({
  method: 'GET',
  path: '/web/audit/grants',
  access: administrator('super'),
  point: 'audit:read',
  input: { scope },
  output: grantsShape,
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    return grantsView(ctx, treeOf(visitor, corpId, input.scope), language)
  },
})

export const confirmGrantsCall = pageCall({
  method: 'POST',
  path: '/web/audit/grants/confirm',
  access: administrator('super'),
  point: 'audit:settings',
  input: { scope, version: optionalText('所见清单的版本', { max: 64 }) },
  output: Type.Object({ confirmed: Type.Integer() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    return confirmGrants(ctx, visitor.actor, treeOf(visitor, corpId, input.scope), input.version)
  },
})
