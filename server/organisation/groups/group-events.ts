import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { fieldsOf } from '../../platform/http/wire.ts'
import { type EventContents, entriesOf, type NumberedEvent } from '../../platform/manifest/event-content.ts'
import { seesGroup } from '../directory/permissions/data-scope.ts'

const groupChanged = 'group.changed'

/** Contents of events about groups that the developer still may know of. */
export async function readGroupEvents(
  _ctx: Core,
  developer: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  return entriesOf(rows, ({ type, data }) =>
    type === groupChanged && seesGroup(developer, Number(data['groupId']))
      ? { type, wire: fieldsOf(data) }
      : undefined,
  )
}
