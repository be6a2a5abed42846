import { type Static, Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import { userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { namedMembers, type View } from '../../organisation/directory/read/view.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, ownWords, told } from '../../platform/http/told.ts'
import { type Language, wordsIn } from '../../platform/words.ts'
import { isAnswerable } from '../../upstream/wecom/cards/check-card.ts'
import type { CardWarning } from '../../upstream/wecom/cards/template-card.ts'
import type { MessageRow } from '../channels/part.ts'
import { wordsOf } from '../channels/telling.ts'
import { warningsIn, warningsSchema } from '../channels/warnings.ts'
import { type CardChanges, changeCards, wantedAmong } from '../channels/wecom/cards/change-cards.ts'
import { checkFits, readChange } from '../channels/wecom/cards/content.ts'
import { type CardPart, cardParts } from '../channels/wecom/cards/receiver-store.ts'
import { personId, personsOf, type Receiver } from '../channels/wecom/cards/receivers.ts'
import { askedCard } from './answers/answers.ts'
import { seenPersons } from './seen-persons.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

export type UpdateInput = {
  userIds: readonly string[]
  replaceName?: string | undefined
  card?: unknown
  replaceText?: string | undefined
}

export const updateAnswerSchema = Type.Object({
  updated: Type.Integer({
    about: { zh: '多少人的卡片已更新', en: "How many people's cards were changed" },
  }),
  invaliduser: Type.String({
    about: { zh: '企业微信不接受的用户，| 分隔', en: 'Members whom WeCom refused, separated by |' },
  }),
  failed: Type.Array(
    Type.Object({
      userId: Type.String({ about: { zh: '用户', en: 'The member' } }),
      reason: Type.String({ about: { zh: '没有更新的原因', en: 'Why the card was not changed' } }),
    }),
    { about: { zh: '没有更新的成员（最多 1000 个）', en: 'Whose cards were not changed (at most 1000)' } },
  ),
  warnings: Type.Optional(warningsSchema),
})
export type UpdateAnswer = Static<typeof updateAnswerSchema>

const failedAtMost = 1000

/**
 * Changes the cards of all who got the message and its reminders, or of those named. Throws 1000 for people who never got it, and where
 * no card can be changed, saying why; 1008 where WeCom refuses all.
 */
export async function updateCards(
  ctx: Needs,
  view: View,
  message: MessageRow,
  input: UpdateInput,
  by: { actor: string; language: Language },
): Promise<UpdateAnswer> {
  const asked = await askedCard(ctx, message)
  const { content, sent } = asked
  const warnings: CardWarning[] = []
  const change = readChange(input, '', warnings)
  checkFits(change, content.card, 'replaceName')
  if (!isAnswerable(content.card))
    throw new ApiError('badParameter', {
      zh: '这张卡片没有按钮，也没有 action_menu，企业微信不能更新；没有更新',
      en: 'this card has neither buttons nor action_menu, so WeCom cannot change it; nothing was changed',
    })
  const parts = await cardParts(
    ctx.db,
    message.corpId,
    sent.filter(one => one.recalledAt === null).map(one => one.messageId),
  )
  if (parts.length === 0)
    throw new ApiError('badParameter', {
      zh: told`没有可以更新的卡片：消息 ${message.id} 没有发出，或已经撤回`,
      en: told`there is no card to change: the message ${message.id} was not sent, or was recalled`,
    })
  const isMeant = await meant(ctx, view, parts, input.userIds)
  const wanted = wantedAmong(view, parts, isMeant)
  const done = await changeCards(ctx, asked.message, wanted, change)
  if (done.changed.size === 0) throw noneChanged(done)
  await record(ctx.db, ctx, auditOf(asked.message, by.actor, done))
  return answerOf(done, by.language, warnings)
}

/** Whose cards are meant: those named, or all whom the view shows. Throws 1000 for people who never got it. */
async function meant(
  ctx: Core,
  view: View,
  parts: readonly CardPart[],
  userIds: readonly string[],
): Promise<(receiver: Receiver) => boolean> {
  const seen = seenPersons(view)
  if (userIds.length === 0) return receiver => seen(receiver) !== undefined
  const persons = personsOf(view, parts)
  const byKey = new Map([...persons.values()].map(one => [userKey(one.userId), one.id]))
  const named = await namedMembers(ctx, view, userIds)
  const ids = new Map(
    userIds.map(userId => {
      const core = named.get(userId)
      const id = core ? personId(core.id, userId) : byKey.get(userKey(userId))
      const receiver = id === undefined ? undefined : persons.get(id)
      return [userId, receiver && seen(receiver) ? id : undefined] as const
    }),
  )
  const strange = userIds.filter(userId => ids.get(userId) === undefined)
  if (strange.length > 0)
    throw new ApiError('badParameter', {
      zh: told`这些成员没有收到这张卡片：${strange.slice(0, 20).join('|')}；没有更新`,
      en: told`these members did not get this card: ${strange.slice(0, 20).join('|')}; nothing was changed`,
    })
  const wanted = new Set(ids.values())
  return receiver => wanted.has(receiver.id)
}

/** The commonest reason, which is that of all for most cards. */
function noneChanged({ failed }: CardChanges): ApiError {
  const reasons = Map.groupBy(failed.values(), one => JSON.stringify(one.reason))
  const [most] = [...reasons.values()].sort((a, b) => b.length - a.length)
  const reason = most?.[0]
  if (!reason)
    return new ApiError('badParameter', { zh: '没有要更新的卡片', en: 'there is no card to change' })
  const words = wordsOf(reason.reason)
  const all = {
    zh: told`没有卡片可以更新：${own(wordsIn('zh', words))}`,
    en: told`no card can be changed: ${own(wordsIn('en', words))}`,
  }
  if (reason.reason.code === 'wecomCardNoCode') return new ApiError('badParameter', all)
  const isAway = reason.reason.code === 'wecomSilent' || reason.reason.code === 'wecomUnreachable'
  return new ApiError(isAway ? 'upstream' : 'messageCentre', ownWords(words))
}

function auditOf(message: MessageRow, actor: string, done: CardChanges) {
  const { corpId, id: target } = message
  const detail = { receivers: done.changed.size }
  return { corpId, actor, act: 'message.card.update' as const, target, detail }
}

function answerOf(done: CardChanges, language: Language, warnings: CardWarning[]): UpdateAnswer {
  return {
    updated: done.changed.size,
    invaliduser: done.invalid.join('|'),
    failed: [...done.failed.values()].slice(0, failedAtMost).map(({ receiver, reason }) => ({
      userId: receiver.userId,
      reason: wordsIn(language, wordsOf(reason)),
    })),
    ...warningsIn(language, warnings),
  }
}
