import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { languageOf } from '../../../platform/words.ts'
import { replyCalls, rulesInput, simulatorInput } from '../../auto-replies/reply-calls.ts'
import { ruleFieldsOf } from '../../auto-replies/rule.ts'
import { ruleKinds } from '../../auto-replies/rule-kinds.ts'
import { ruleList, ruleListOf, simulatedFields, tryBook } from '../../auto-replies/views.ts'
import { whyNot } from '../accounts/abilities.ts'
import { accountCall } from '../accounts/account-call.ts'
import { hashesOf } from '../media/store.ts'
import { accountKind, ownerOf, type Replies } from './account-rules.ts'
import { answerOf, type Content, contentSchema } from './content.ts'
import { accountEdits } from './edit.ts'
import { importSite, readSite } from './import.ts'
import { messageTypes } from './incoming.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

/** The rules in the order in which they are asked. */
const listRules = accountCall({
  method: 'GET',
  path: '/replies/rules',
  right: 'read',
  input: rulesInput({ ruleKinds }),
  output: Type.Object({
    ...ruleListOf(contentSchema),
    /** Why only one message can be answered; '' where more may follow as customer-service messages. */
    onlyOne: Type.String(),
  }),
  async handle(ctx: Core & { replies: Replies }, { input, of, request }) {
    const language = languageOf(request.headers['accept-language'])
    const owner = ownerOf(of)
    const rules = await ruleList<Content>(ctx.db, ctx.replies.of(owner), owner, input, language)
    return { ...rules, onlyOne: whyNot(of, 'customMessage')?.[language] ?? '' }
  },
})

/** What a follower would be answered now, or at another time. Nothing is written. */
const simulateReply = accountCall({
  method: 'POST',
  path: '/replies/simulate',
  right: 'content',
  input: simulatorInput({ messageTypes }),
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
  async handle(ctx: Core & { replies: Replies }, { input, of, request }) {
    const language = languageOf(request.headers['accept-language'])
    const book = ctx.replies.of(ownerOf(of))
    const { decision, told } = tryBook(accountKind, book, input, new Date(ctx.now()), language)
    const answer = answerOf(decision)
    const contents = answer ? [...(answer.passive ? [answer.passive] : []), ...answer.later] : []
    const mediaIds = contents.flatMap(one => ('mediaId' in one ? [one.mediaId] : []))
    const hashes = await hashesOf(ctx.db, of, mediaIds)
    return {
      by: answer?.by ?? '',
      contents,
      files: [...hashes].map(([mediaId, hash]) => ({ mediaId, hash })),
      person: answer?.person ?? false,
      ...told,
      timeout: whyNot(of, 'customMessage') ? '' : told.timeout,
    }
  },
})

/** What was set up on WeChat's own site, and what of it can be taken over. */
const previewImport = accountCall({
  method: 'GET',
  path: '/replies/import',
  right: 'content',
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.String(),
        words: Type.Array(Type.String()),
        contents: ruleFieldsOf(contentSchema).contents,
        /** Why it is not taken over; '' when it is. */
        why: Type.String(),
        notes: Type.Array(Type.String()),
      }),
    ),
  }),
  async handle(ctx: Needs, { of, request }) {
    const language = languageOf(request.headers['accept-language'])
    const found = await readSite(ctx, of)
    return {
      list: found.map(({ name, rule, why, notes }) => ({
        name,
        kind: rule?.kind ?? '',
        words: rule?.words ?? [],
        contents: rule?.contents ?? [],
        why: why?.[language] ?? '',
        notes: notes.map(note => note[language]),
      })),
    }
  },
})

const applyImport = accountCall({
  method: 'POST',
  path: '/replies/import/apply',
  right: 'content',
  output: Type.Object({ added: Type.Number() }),
  async handle(ctx: Needs, { of, visitor }) {
    return { added: await importSite(ctx, { actor: visitor.actor, account: of }) }
  },
})

export const accountReplyCalls = [
  listRules,
  ...replyCalls(accountCall, accountEdits, contentSchema, {
    ownerOf,
    by: (actor, account) => ({ actor, account }),
  }),
  previewImport,
  applyImport,
  simulateReply,
] as const
