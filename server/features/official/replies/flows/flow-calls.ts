import { type Static, Type } from 'typebox'
import type { Corps } from '../../../../organisation/corps/corps.ts'
import type { Core } from '../../../../platform/core.ts'
import {
  optionalInteger,
  optionalStructured,
  optionalText,
  optionalTime,
  structured,
} from '../../../../platform/http/input.ts'
import { requiredId } from '../../../../platform/http/list-input.ts'
import { time } from '../../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../../platform/http/page-call.ts'
import { languageOf } from '../../../../platform/http/words.ts'
import type { Offered } from '../../../../platform/manifest/offered.ts'
import { flowVersion } from '../../../auto-replies/edit.ts'
import type { Incoming } from '../../../auto-replies/match.ts'
import { ruleKinds } from '../../../auto-replies/rule.ts'
import { simulate } from '../../../auto-replies/simulate.ts'
import { flowsOf, rulesOf } from '../../../auto-replies/store.ts'
import { whyNot } from '../../accounts/abilities.ts'
import { accountFor } from '../../accounts/access.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { hashesOf } from '../../media/store.ts'
import { accountKind, flowFields, newFlowSchema, ownerOf, type Replies } from '../account-rules.ts'
import { answerOf, type Content, contentSchema } from '../content.ts'
import { addFlow, removeFlow, setFlow } from '../edit.ts'
import { messageTypes } from '../incoming.ts'
import { originalId } from '../rule-calls.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: Offered }

const graded = administrator('graded')

const flowRowSchema = Type.Object({
  ...flowFields,
  id: Type.Number(),
  version: Type.String(),
  updatedAt: time,
  updatedBy: Type.String(),
  /** The names of the rules that begin it. */
  begunBy: Type.Array(Type.String()),
})
export type FlowRow = Static<typeof flowRowSchema>

export const listFlows = pageCall({
  method: 'GET',
  path: '/web/official/replies/flows',
  access: graded,
  input: { originalId },
  output: Type.Object({ list: Type.Array(flowRowSchema), total: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const owner = ownerOf(account)
    const flows = await flowsOf<Content>(ctx.db, owner)
    const rules = await rulesOf<Content>(ctx.db, owner)
    const list = flows.map(flow => ({
      ...flow,
      version: flowVersion(flow),
      begunBy: rules.filter(rule => rule.flowId === flow.id).map(rule => rule.name),
    }))
    return { list, total: list.length }
  },
})

export const saveFlow = pageCall({
  method: 'POST',
  path: '/web/official/replies/flows/save',
  access: graded,
  input: {
    originalId,
    id: optionalInteger('流程；空为新建', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    version: optionalText('打开表单时的版本', { max: 64 }),
    flow: structured('流程', newFlowSchema),
  },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const by = { actor: visitor.actor, account: accountFor(ctx, visitor, corpId, input.originalId) }
    if (input.id === undefined) return { id: await addFlow(ctx, by, input.flow) }
    await setFlow(ctx, by, input.id, input.flow, input.version)
    return { id: input.id }
  },
})

export const removeFlowCall = pageCall({
  method: 'POST',
  path: '/web/official/replies/flows/remove',
  access: graded,
  input: { originalId, id: requiredId('流程') },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await removeFlow(ctx, { actor: visitor.actor, account }, input.id)
    return { id: input.id }
  },
})

/** Where the follower is in a flow, as the last answer of the simulator said. */
const placeSchema = Type.Object({
  flowId: Type.Integer(),
  stepId: Type.String({ maxLength: 32 }),
  taken: Type.Integer(),
  expiresAt: Type.String({ maxLength: 40 }),
})

const eventSchema = Type.Object({
  /** `silence` waits until the time for an answer is up. */
  kind: Type.Enum(['message', 'menu', 'subscribe', 'unsubscribe', 'silence']),
  /** Of a message. */
  type: Type.Optional(Type.Enum(messageTypes)),
  /** The text of a message, or the menu's key. */
  text: Type.Optional(Type.String({ maxLength: 2048 })),
})

/** What a follower would be answered now, or at another time. Nothing is written. */
export const simulateReply = pageCall({
  method: 'POST',
  path: '/web/official/replies/simulate',
  access: graded,
  input: {
    originalId,
    event: structured('粉丝做了什么', eventSchema),
    at: optionalTime('什么时间，默认现在'),
    place: optionalStructured('在流程的哪一步', placeSchema),
  },
  output: Type.Object({
    /** The rule or flow that answers; '' when nothing does. */
    by: Type.String(),
    contents: Type.Array(contentSchema),
    /** The stored files of those media that were uploaded here. */
    files: Type.Array(Type.Object({ mediaId: Type.String(), hash: Type.String() })),
    /** The conversation is handed to a person in 会话. */
    person: Type.Boolean(),
    /** What the follower was told before, because the time for an answer was up; '' for nothing. */
    timeout: Type.String(),
    place: Type.Union([placeSchema, Type.Null()]),
    flow: Type.String(),
    rules: Type.Array(
      Type.Object({
        id: Type.Number(),
        name: Type.String(),
        kind: Type.Enum(ruleKinds),
        answers: Type.Boolean(),
        why: Type.String(),
      }),
    ),
  }),
  async handle(ctx: Needs & { replies: Replies }, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const language = languageOf(request.headers['accept-language'])
    const before = input.place && { ...input.place, expiresAt: new Date(input.place.expiresAt) }
    const silentUntil = input.event.kind === 'silence' ? before?.expiresAt : undefined
    const at = silentUntil ?? input.at ?? new Date(ctx.now())
    const book = ctx.replies.of(ownerOf(account))
    const { decision, verdicts, timeout } = simulate(accountKind, book, incomingOf(input.event), before, at)
    const { place = before ?? null, flow } = decision
    const answer = answerOf(decision)
    const contents = answer ? [...(answer.passive ? [answer.passive] : []), ...answer.later] : []
    const mediaIds = contents.flatMap(one => ('mediaId' in one ? [one.mediaId] : []))
    const hashes = await hashesOf(ctx.db, account, mediaIds)
    return {
      by: answer?.by ?? '',
      contents,
      files: [...hashes].map(([mediaId, hash]) => ({ mediaId, hash })),
      person: answer?.person ?? false,
      timeout: whyNot(account, 'customMessage') ? '' : timeout,
      place: place && { ...place, expiresAt: place.expiresAt.toISOString() },
      flow: flow?.name ?? '',
      rules: verdicts.map(({ rule: { id, name, kind }, answers, why }) => ({
        ...{ id, name, kind, answers },
        why: why[language],
      })),
    }
  },
})

function incomingOf({ kind, type = 'text', text = '' }: Static<typeof eventSchema>): Incoming {
  if (kind === 'message') return { kind, type, text }
  if (kind === 'silence') return { kind: 'other' }
  return kind === 'menu' ? { kind, key: text } : { kind }
}
