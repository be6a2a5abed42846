import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { fieldsOf } from '../../../platform/http/wire.ts'
import { pushesById } from '../../../platform/inbox/push-store.ts'
import {
  type EventContents,
  entriesOf,
  type NumberedEvent,
} from '../../../platform/manifest/event-content.ts'
import { pushWire } from './push-wire.ts'

/** The contents of `official.event`. */
export async function readPushes(
  ctx: Core,
  { corpId }: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  const own = rows.filter(row => row.type === 'official.event')
  const plain = await pushesById(
    ctx.db,
    corpId,
    own.map(row => Number(row.data['id'])),
  )
  return entriesOf(own, row => {
    const text = plain.get(Number(row.data['id']))
    return text === undefined
      ? undefined
      : { type: row.type, wire: fieldsOf(pushWire(Number(row.data['id']), text)) }
  })
}
