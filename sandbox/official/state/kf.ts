import type { Account } from './account.ts'
import type { Records } from './records.ts'

/** A customer-service account in WeChat's own field names (docs/upstream/official-customer-service.md#accounts). */
export interface KfAccount {
  kf_account: string
  kf_nick: string
  kf_id: string
  kf_headimgurl: string
  /** The worker's 微信号, once the invitation was accepted. */
  kf_wx?: string
  invite_wx?: string
  /** In seconds. */
  invite_expire_time?: number
  invite_status?: 'waiting' | 'rejected' | 'expired'
  online: boolean
}

/** A conversation with a worker; messages are not pushed while it lasts. */
export interface KfSession {
  openid: string
  kf_account: string
  /** In seconds. */
  createtime: number
}

export const kfAccountsOf = (account: Account): Records<KfAccount> =>
  account.collection<KfAccount>('kfAccounts')
export const kfSessionsOf = (account: Account): Records<KfSession> =>
  account.collection<KfSession>('kfSessions')
/** Who waits for a worker: since when, in seconds. */
export const kfWaitingOf = (account: Account): Records<{ openid: string; latest_time: number }> =>
  account.collection('kfWaiting')
