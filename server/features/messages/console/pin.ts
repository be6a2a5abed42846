import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { ReceiverInput } from '../../../organisation/directory/read/audience.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalStructured } from '../../../platform/http/input.ts'
import { announcementOfMessage } from '../../announcements/announcements.ts'
import { toEveryone, visibilityOf } from '../../apps/visibility.ts'
import type { SendManner } from '../waiting/for-approval/needs-approval.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

const pinSchema = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 64 }),
    content: Type.String({ maxLength: 2000 }),
    /** ISO 8601. */
    until: Type.String({ maxLength: 40 }),
  },
  { additionalProperties: false },
)
type Pin = Static<typeof pinSchema>

/** The announcement that goes with a message. */
export const pinField = optionalStructured('同时置顶为公告：标题、正文，显示到什么时候', pinSchema)

/**
 * Sends a message and pins it as an announcement for its receivers, in one commit. What is wrong with the announcement is found before the
 * message leaves. A repetition of a message that was sent without one pins it.
 */
export async function sendPinned<A extends { msgId: string }>(
  ctx: Needs,
  by: { actor: string; corpId: string },
  { pin, receivers }: { pin: Pin | undefined; receivers: ReceiverInput },
  send: (manner: SendManner) => Promise<A>,
): Promise<A> {
  if (!pin) return send({})
  const { actor, corpId } = by
  const settings = await announcementOf(ctx, corpId, pin, receivers)
  const announcement = await announcementOfMessage(ctx, actor, corpId, settings)
  try {
    const answer = await send({ pin: announcement })
    await ctx.db.transaction().execute(tx => announcement.write(tx, answer.msgId))
    return answer
  } finally {
    await ctx.reloadConfig(corpId)
  }
}

async function announcementOf(
  ctx: Needs,
  corpId: string,
  pin: Pin,
  { toUser, toParty, toTag, toGroup = [] }: ReceiverInput,
) {
  if (toUser.length + toParty.length + toTag.length + toGroup.length === 0)
    throw new ApiError('badParameter', {
      zh: '发给名单的消息各人不同，不能置顶为公告',
      en: 'a message to a list differs from person to person, and cannot be pinned as an announcement',
    })
  const everyone = toUser.includes('@all')
  const given = {
    everyone,
    departments: toParty.map(Number),
    userIds: everyone ? [] : toUser,
    tags: toTag.map(Number),
    groups: toGroup.map(Number),
  }
  const visibility = await visibilityOf(ctx, corpId, given, toEveryone)
  const { title, content } = pin
  const until = new Date(pin.until)
  if (Number.isNaN(until.getTime()))
    throw new ApiError('badParameter', {
      zh: 'pin.until 应为 ISO 8601 的时间，如 2026-12-24T09:00:00+08:00',
      en: 'pin.until should be an ISO 8601 time, such as 2026-12-24T09:00:00+08:00',
    })
  return { title, content, isImportant: false, visibility, from: undefined, until }
}
