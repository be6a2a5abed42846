import { signal } from '../../../platform/storage/bus.ts'
import { notePushed } from '../accounts/store.ts'
import type { Effect } from './process-inbound.ts'

/** The first push proves the original id, which no call of WeChat tells. */
export const notePushes: Effect = async (tx, account, [first]) => {
  if (!first || (account.hasPushed && account.seenOriginalId === null)) return
  await notePushed(tx, account.corpId, account.originalId, first.receivedAt)
  await signal(tx, 'wisp_config', account.corpId)
}
