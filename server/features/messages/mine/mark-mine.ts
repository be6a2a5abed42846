import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import type { Language } from '../../../platform/words.ts'
import type { Setups } from '../../channels/channel.ts'
import type { MessageRow } from '../../channels/part.ts'
import { asksReceipt } from '../../channels/part.ts'
import { openContent } from '../../channels/sealed.ts'
import type { MediaFile } from '../../message-media/media.ts'
import { filesOf } from '../../message-media/message-files.ts'
import { place } from '../marks/mark-store.ts'
import { noteAcknowledged, noteRead, tellInboxes } from '../marks/marks.ts'
import { findMessage } from '../parts/store.ts'
import { isOf, type MyMessage, myMessage } from './my-messages.ts'
import { type MyRow, mineById } from './my-messages-store.ts'

/** Where a person puts a message. */
export const shelvesOfPlace = ['inbox', 'archived', 'later'] as const

type Mine = { message: MessageRow; row: MyRow; memberId: number }

/** Throws 1000 for a message that the person did not get, or that is not of this developer, whether there is one or not. */
async function mine(
  ctx: Core,
  corpId: string,
  person: Person,
  { msgId, devId }: { msgId: string; devId?: string | undefined },
): Promise<Mine> {
  const memberId = person.member?.id
  const [row] = memberId === undefined ? [] : await mineById(ctx.db, { corpId, memberId }, [msgId])
  // One that carries a text is marked as the message that is listed.
  const message = row && (await findMessage(ctx.db, { corpId, id: row.id }))
  if (!message || memberId === undefined || !isOf(devId, row))
    throw new ApiError('badParameter', {
      zh: told`您的消息中没有 ${msgId}：它可能已过保存期，或者是发给别人的`,
      en: told`there is no message ${msgId} among yours: its retention may be over, or it was sent to another person`,
    })
  return { message, row, memberId }
}

/** Notes that the person has read a message, and returns it whole. What they had put off stays in the inbox from then on. Throws 1000. */
export async function openMine(
  ctx: Core & { messageSettings: Setups },
  corpId: string,
  person: Person,
  msgId: string,
  { readAt, language, devId }: { readAt: Date | null; language: Language; devId?: string | undefined },
): Promise<MyMessage> {
  const { message, row, memberId } = await mine(ctx, corpId, person, { msgId, devId })
  const at = new Date(ctx.now())
  const cameBack = row.laterUntil !== null && row.laterUntil <= at
  // What was recalled has no words any more that could be read.
  const isNew = row.readAt === null && row.recalledAt === null
  if (isNew || cameBack)
    await ctx.db.transaction().execute(async tx => {
      if (cameBack)
        await place(tx, { corpId, messageId: message.id, memberId }, { archivedAt: null, laterUntil: null })
      if (isNew) await noteRead(tx, message, memberId, at)
    })
  const opened = await myMessage(ctx, { corpId, memberId }, msgId, readAt, language)
  if (!opened) throw new Error('a message went while it was opened')
  return opened
}

/** The files of a message of theirs; none of one that was recalled. Throws 1000 like `openMine`. */
export async function filesOfMine(
  ctx: Core,
  corpId: string,
  person: Person,
  msgId: string,
): Promise<readonly MediaFile[]> {
  const { row } = await mine(ctx, corpId, person, { msgId })
  const { content, recalledAt } = row
  return recalledAt === null && content !== null ? filesOf(openContent(ctx, { content })) : []
}

/** Notes that the person has received a message. A repetition changes nothing. Throws 1000, also for one that was recalled or asks for no receipt. */
export async function acknowledgeMine(
  ctx: Core,
  corpId: string,
  person: Person,
  msgId: string,
  devId?: string,
): Promise<void> {
  const { message, row, memberId } = await mine(ctx, corpId, person, { msgId, devId })
  if (row.acknowledgedAt !== null) return
  if (row.recalledAt !== null)
    throw new ApiError('badParameter', {
      zh: '这条消息已撤回，不需要确认收到',
      en: 'this message was recalled and needs no receipt',
    })
  if (row.content === null || !asksReceipt(openContent(ctx, { content: row.content })))
    throw new ApiError('badParameter', {
      zh: told`消息 ${msgId} 没有要求回执`,
      en: told`the message ${msgId} asks for no receipt`,
    })
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(tx => noteAcknowledged(tx, message, memberId, at))
}

const laterAtMostMs = 90 * 86_400_000

/** Throws 1000 and 1001. */
export async function placeMine(
  ctx: Core,
  corpId: string,
  person: Person,
  given: {
    msgId: string
    place: (typeof shelvesOfPlace)[number]
    until: Date | undefined
    devId?: string | undefined
  },
): Promise<void> {
  const { place: where, until } = given
  const now = ctx.now()
  if (where === 'later' && !until) throw new ApiError('missingParameter', 'until')
  if (where !== 'later' && until)
    throw new ApiError('badParameter', {
      zh: 'until 只与 place 为 later 时一起使用',
      en: 'until is only for the place later',
    })
  if (until && (until.getTime() <= now || until.getTime() > now + laterAtMostMs))
    throw new ApiError('badParameter', {
      zh: 'until 应为 90 天以内的将来时间',
      en: 'until should be in the future, within 90 days',
    })
  const { message, memberId } = await mine(ctx, corpId, person, given)
  const archivedAt = where === 'archived' ? new Date(now) : null
  await ctx.db.transaction().execute(async tx => {
    await place(tx, { corpId, messageId: message.id, memberId }, { archivedAt, laterUntil: until ?? null })
    await tellInboxes(tx, corpId, memberId)
  })
}
