import type { Account } from '../state/account.ts'
import { type KfSession, kfAccountsOf, kfSessionsOf, kfWaitingOf } from '../state/kf.ts'
import { type Pushes, pushEvent } from './event.ts'

/** Begins a session and says so to the account's server. */
export function openSession(
  platform: Pushes,
  account: Account,
  openid: string,
  kfAccount: string,
): KfSession {
  kfWaitingOf(account).delete(openid)
  const createtime = Math.floor(platform.now() / 1000)
  const session = kfSessionsOf(account).set(openid, { openid, kf_account: kfAccount, createtime })
  // The delivery is written down by the platform.
  void pushEvent(platform, account, openid, 'kf_create_session', { KfAccount: kfAccount })
  return session
}

export function closeSession(platform: Pushes, account: Account, openid: string): void {
  const session = kfSessionsOf(account).get(openid)
  if (!session) return
  kfSessionsOf(account).delete(openid)
  // As above.
  void pushEvent(platform, account, openid, 'kf_close_session', {
    KfAccount: session.kf_account,
    CloseType: 'KF',
  })
}

/** Hands a follower over to a worker (transfer_customer_service): the one named, else any who is online. */
export function transfer(platform: Pushes, account: Account, openid: string, kfAccount: unknown): void {
  if (kfSessionsOf(account).has(openid)) return
  const worker = kfAccountsOf(account)
    .values()
    .find(one => one.online && (kfAccount === undefined || one.kf_account === kfAccount))
  if (worker) openSession(platform, account, openid, worker.kf_account)
  else kfWaitingOf(account).set(openid, { openid, latest_time: Math.floor(platform.now() / 1000) })
}
