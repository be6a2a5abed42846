import { type Static, Type } from 'typebox'
import type { Corps } from '../../../../organisation/corps/corps.ts'
import type { Core } from '../../../../platform/core.ts'
import { text } from '../../../../platform/http/input.ts'
import { time } from '../../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../../platform/manifest/offered.ts'
import { type Language, languageOf } from '../../../../platform/words.ts'
import { accountFor } from '../../accounts/access.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { requestPull, whyStopped } from './pull.ts'
import { findPull, type Pull } from './store.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: FeatureOffers }

const access = administrator('graded')
const originalId = text('原始 ID（gh_…）', { max: 64 })

const pullSchema = Type.Object({
  state: Type.Enum(['running', 'done', 'failed']),
  /** Followers by WeChat's count; null before its first answer. */
  total: Type.Union([Type.Integer(), Type.Null()]),
  read: Type.Integer(),
  /** Those who were found to follow no more. */
  gone: Type.Integer(),
  /** Why it waits or stopped; '' when nothing is wrong. */
  why: Type.String(),
  startedAt: time,
  endedAt: Type.Union([time, Type.Null()]),
})
export type PullView = Static<typeof pullSchema>

export const showPull = pageCall({
  method: 'GET',
  path: '/web/official/follower-pull',
  point: 'follower:read',
  access,
  input: { originalId },
  output: Type.Object({ pull: Type.Union([pullSchema, Type.Null()]) }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const pull = await findPull(ctx.db, accountFor(ctx, visitor, corpId, input.originalId))
    return { pull: pull ? viewOf(pull, languageOf(request.headers['accept-language'])) : null }
  },
})

export const startPull = pageCall({
  method: 'POST',
  path: '/web/official/follower-pull/start',
  point: 'follower:edit',
  access,
  input: { originalId },
  output: pullSchema,
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const pull = await requestPull(ctx, visitor.actor, account)
    return viewOf(pull, languageOf(request.headers['accept-language']))
  },
})

function viewOf(pull: Pull, language: Language): PullView {
  const { state, total, read, gone, startedAt, endedAt } = pull
  return { state, total, read, gone, startedAt, endedAt, why: whyStopped(pull)?.[language] ?? '' }
}
