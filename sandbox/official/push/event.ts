import type { Account, Fields, StoredPush } from '../state/account.ts'
import type { Delivery } from './pusher.ts'

/** The part of the platform that pushes. */
export interface Pushes {
  now: () => number
  push(account: Account, push: Omit<StoredPush, 'id'>): Promise<Delivery>
}

/** Pushes an event that WeChat itself makes, such as the end of a mass message. */
export function pushEvent(
  platform: Pushes,
  account: Account,
  openid: string,
  name: string,
  fields: Fields,
): Promise<Delivery> {
  return platform.push(account, {
    name,
    openid,
    notice: false,
    fields: {
      ToUserName: account.profile.originalId,
      FromUserName: openid,
      CreateTime: Math.floor(platform.now() / 1000),
      MsgType: 'event',
      Event: name,
      ...fields,
    },
  })
}
