import type { Arrival } from '../../../platform/manifest/access-end.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { TodoSettings } from '../settings/catalog.ts'
import * as store from './holder-store.ts'
import { tellOfTransfers } from './tell-of-transfers.ts'

type Needs = { apps: Apps; todoSettings: TodoSettings }

/**
 * Who comes back under their userid and with their mobile number has what is still open of theirs again. What was passed on stays with
 * whoever has it.
 */
export const giveBackTodos: Arrival<Needs> = async (ctx, tx, corpId, memberIds, at) => {
  const moved = await store.giveBack(tx, corpId, memberIds)
  await tellOfTransfers(tx, ctx, corpId, moved, at)
}
