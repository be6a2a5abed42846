import { signal } from '../../../platform/storage/bus.ts'
import type { Effect } from '../callback/process-inbound.ts'
import { notePushed } from './store.ts'

/** The first push proves the original id, which no call of WeChat tells. */
export const notePushes: Effect = async (tx, account, [first]) => {
  if (!first || (account.hasPushed && account.seenOriginalId === null)) return
  await notePushed(tx, account.corpId, account.originalId, first.receivedAt)
  await signal(tx, 'wisp_config', account.corpId)
}
