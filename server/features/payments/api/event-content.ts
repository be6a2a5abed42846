import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { fieldsOf } from '../../../platform/http/wire.ts'
import {
  type EventContents,
  entriesOf,
  type NumberedEvent,
} from '../../../platform/manifest/event-content.ts'
import { reachOf } from '../bills/creator.ts'
import { findBill, transactionIdsOf } from '../bills/store.ts'
import { billWire } from './bills-api.ts'

/** The contents of the events whose type begins with `bill.`. */
export async function readBills(
  ctx: Core & { mirrors: Mirrors },
  caller: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  const own = rows.filter(row => row.type.startsWith('bill.'))
  if (own.length === 0) return []
  const view = viewOf(ctx, caller)
  const reach = reachOf(view)
  const contents = new Map<number, string>()
  for (const id of new Set(own.map(row => Number(row.data['billId'])))) {
    const bill = await findBill(ctx.db, caller.corpId, { id }, reach)
    if (!bill) continue
    const transactions = await transactionIdsOf(ctx.db, [bill])
    contents.set(id, fieldsOf(billWire(view, bill, transactions.get(id) ?? '')))
  }
  return entriesOf(own, row => {
    const wire = contents.get(Number(row.data['billId']))
    return wire === undefined ? undefined : { type: row.type, wire }
  })
}
