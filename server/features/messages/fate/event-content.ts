import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { fieldsOf } from '../../../platform/http/wire.ts'
import {
  type EventContent,
  type EventContents,
  entriesOf,
  type NumberedEvent,
} from '../../../platform/manifest/event-content.ts'
import { findMessages } from '../parts/store.ts'
import { statusOf } from './status.ts'

/** The names of more receivers than this are left to the call that tells a message's status. */
const failedAtMost = 100

/** The contents of `message.result`. */
export async function readResults(
  ctx: Core,
  caller: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  const own = rows.filter(row => row.type === 'message.result')
  const ids = [...new Set(own.map(row => String(row.data['msgId'])))]
  const messages = await findMessages(ctx.db, caller.corpId, ids)
  const contents = new Map<string, EventContent>()
  for (const message of messages.values()) {
    const { attempts: _, failed, ...status } = await statusOf(ctx, message, 'zh')
    const value = { ...status, requestId: message.requestId ?? '', failed: failed.slice(0, failedAtMost) }
    contents.set(message.id, { type: 'message.result', wire: fieldsOf(value) })
  }
  return entriesOf(own, row => contents.get(String(row.data['msgId'])))
}
