import { Type } from 'typebox'
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
import { administrator, pageCall } from '../../../../platform/http/page-call.ts'
import { languageOf } from '../../../../platform/http/words.ts'
import type { Offered } from '../../../../platform/manifest/offered.ts'
import {
  eventFields,
  flowList,
  flowListOf,
  placeSchema,
  simulatedFields,
  tryBook,
} from '../../../auto-replies/views.ts'
import { whyNot } from '../../accounts/abilities.ts'
import { accountFor } from '../../accounts/access.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { hashesOf } from '../../media/store.ts'
import { accountKind, newFlowSchema, ownerOf, type Replies } from '../account-rules.ts'
import { answerOf, type Content, contentSchema } from '../content.ts'
import { addFlow, removeFlow, setFlow } from '../edit.ts'
import { messageTypes } from '../incoming.ts'
import { originalId } from '../rule-calls.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: Offered }

const graded = administrator('graded')

export const listFlows = pageCall({
  method: 'GET',
  path: '/web/official/replies/flows',
  access: graded,
  point: 'official:read',
  input: { originalId },
  output: Type.Object(flowListOf(contentSchema)),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return flowList<Content>(ctx.db, ownerOf(account))
  },
})

export const saveFlow = pageCall({
  method: 'POST',
  path: '/web/official/replies/flows/save',
  access: graded,
  point: 'official:content',
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
  point: 'official:content',
  input: { originalId, id: requiredId('流程') },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await removeFlow(ctx, { actor: visitor.actor, account }, input.id)
    return { id: input.id }
  },
})

const eventSchema = Type.Object({ ...eventFields, type: Type.Optional(Type.Enum(messageTypes)) })

/** What a follower would be answered now, or at another time. Nothing is written. */
export const simulateReply = pageCall({
  method: 'POST',
  path: '/web/official/replies/simulate',
  access: graded,
  point: 'official:content',
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
    ...simulatedFields,
  }),
  async handle(ctx: Needs & { replies: Replies }, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const language = languageOf(request.headers['accept-language'])
    const book = ctx.replies.of(ownerOf(account))
    const now = new Date(ctx.now())
    const { decision, told } = tryBook(accountKind, book, input, now, language)
    const answer = answerOf(decision)
    const contents = answer ? [...(answer.passive ? [answer.passive] : []), ...answer.later] : []
    const mediaIds = contents.flatMap(one => ('mediaId' in one ? [one.mediaId] : []))
    const hashes = await hashesOf(ctx.db, account, mediaIds)
    return {
      by: answer?.by ?? '',
      contents,
      files: [...hashes].map(([mediaId, hash]) => ({ mediaId, hash })),
      person: answer?.person ?? false,
      ...told,
      timeout: whyNot(account, 'customMessage') ? '' : told.timeout,
    }
  },
})
