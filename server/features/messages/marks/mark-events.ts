import { Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { viewWithExternal, visibleMember } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { fieldsOf } from '../../../platform/http/wire.ts'
import {
  type EventContents,
  entriesOf,
  type NumberedEvent,
} from '../../../platform/manifest/event-content.ts'
import type { EventTypes } from '../../../platform/manifest/event-type.ts'
import { findMessages } from '../parts/store.ts'
import { marksOf } from './mark-store.ts'

const about = (zh: string, en: string) => ({ about: { zh, en } })

const data = Type.Object({
  msgId: Type.String(about('消息 id', 'Id of the message')),
  requestId: Type.String(
    about('发送时的 requestId，没有则为空', 'The requestId of the send; empty without one'),
  ),
  userId: Type.String(about('成员', 'The member')),
  at: Type.String(about('时间，ISO 8601', 'When, ISO 8601')),
})
const sample = {
  msgId: 'mZ3k9w…',
  requestId: 'leave-2026-1024',
  userId: 'zhangsan',
  at: '2026-12-01T08:00:00.000Z',
}

/** What people do with a developer's own messages. */
export const markEvents = {
  'message.read': {
    title: { zh: '有人读了消息', en: 'Somebody read a message' },
    when: {
      zh: '接收人登录后在工作台打开消息时，每人每条消息一次；数据范围之外的成员不通知。在企业微信、短信中看到消息不产生此事件',
      en: 'When a receiver, signed in, opens the message on the portal or the phone, once for each person and message; not for members outside the data scope. Seeing it in WeCom or as an SMS is not reported',
    },
    data,
    sample,
  },
  'message.acknowledged': {
    title: { zh: '有人确认收到消息', en: 'Somebody acknowledged a message' },
    when: {
      zh: '接收人在卡片或工作台点「收到」时，每人每条消息一次；数据范围之外的成员不通知',
      en: 'When a receiver presses 收到 (received) on the card, the portal or the phone, once for each person and message; not for members outside the data scope',
    },
    data,
    sample,
  },
} as const satisfies EventTypes

/** The contents of both, as the caller may be told them. */
export async function readMarks(
  ctx: Core & { mirrors: Mirrors },
  caller: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  const own = rows.filter(row => Object.hasOwn(markEvents, row.type))
  if (own.length === 0) return []
  const msgIds = [...new Set(own.map(row => String(row.data['msgId'])))]
  const memberIds = [...new Set(own.map(row => Number(row.data['memberId'])))]
  const marks = await marksOf(ctx.db, caller.corpId, msgIds, memberIds)
  const markOf = new Map(marks.map(one => [`${one.messageId} ${one.memberId}`, one]))
  const messages = await findMessages(ctx.db, caller.corpId, msgIds)
  const view = viewWithExternal(ctx, caller)
  return entriesOf(own, row => {
    const [msgId, memberId] = [String(row.data['msgId']), Number(row.data['memberId'])]
    const mark = markOf.get(`${msgId} ${memberId}`)
    const at = row.type === 'message.read' ? mark?.readAt : mark?.acknowledgedAt
    const person = visibleMember(view, view.mirror.members.byId(memberId))
    if (!at || !person) return undefined
    const requestId = messages.get(msgId)?.requestId ?? ''
    const wire = fieldsOf({ msgId, requestId, userId: person.userId, at: at.toISOString() })
    return { type: row.type, wire }
  })
}
