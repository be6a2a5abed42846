import { type Call, done, get, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { objects, text } from '../input.ts'
import type { Account } from '../state/account.ts'
import type { Follower } from '../state/followers.ts'

/** user/get, user/info and what belongs to them (docs/upstream/official-followers.md#followers). */
export const userCalls: readonly Call[] = [
  get('/cgi-bin/user/get', ({ platform, account, input }) => {
    const followers = account.followers.subscribed()
    const page = pageAfter(account, followers, text(input, 'next_openid'), platform.rules.followersPerPage)
    return { total: followers.length, ...page }
  }),
  get('/cgi-bin/user/info', ({ account, input }) => infoOf(followerOf(account, input))),
  post('/cgi-bin/user/info/batchget', ({ platform, account, input }) => {
    const asked = objects(input, 'user_list')
    if (asked.length > platform.rules.followersPerInfo) throw new OfficialError(40032)
    return { user_info_list: asked.map(one => infoOf(followerOf(account, one))) }
  }),
  post('/cgi-bin/user/info/updateremark', ({ platform, account, input }) => {
    const follower = followerOf(account, input)
    const remark = text(input, 'remark') ?? ''
    if ([...remark].length > platform.rules.remarkChars) throw new OfficialError(40097, 'remark')
    follower.remark = remark
    account.followers.save(follower)
    return done
  }),
]

/** Somebody who follows or once followed; 40003 for anybody else. */
export function followerOf(account: Account, input: Input, key = 'openid'): Follower {
  const openid = text(input, key, 40003)
  if (!openid) throw new OfficialError(key === 'openid' ? 41009 : 40003)
  const follower = account.followers.get(openid)
  if (!follower) throw new OfficialError(40003)
  return follower
}

/** A page in the order of user/get; `data` is missing when it is empty. */
export function pageAfter(
  account: Account,
  followers: readonly Follower[],
  openid: string | undefined,
  size: number,
): Input {
  const last = openid ? account.followers.get(openid) : undefined
  if (openid && !last) throw new OfficialError(40003)
  // The list is in the order of the indexes, and a page may begin after somebody who has left since.
  let start = last ? followers.length : 0
  if (last) {
    let low = 0
    while (low < start) {
      const middle = (low + start) >> 1
      if (followers[middle]!.index <= last.index) low = middle + 1
      else start = middle
    }
  }
  const page = followers.slice(start, start + size).map(follower => follower.openid)
  if (page.length === 0) return { count: 0, next_openid: '' }
  return { count: page.length, data: { openid: page }, next_openid: page.at(-1) }
}

/** A follower as WeChat tells since 2021-12-27: without name and picture. */
function infoOf(follower: Follower): Input {
  const { openid, subscribed } = follower
  if (!subscribed) return { subscribe: 0, openid }
  const scene = follower.qrScene
  return {
    subscribe: 1,
    openid,
    language: 'zh_CN',
    subscribe_time: follower.subscribedAt,
    ...(follower.unionid && { unionid: follower.unionid }),
    remark: follower.remark,
    groupid: follower.tags[0] ?? 0,
    tagid_list: follower.tags,
    subscribe_scene: follower.scene,
    qr_scene: typeof scene === 'number' ? scene : 0,
    qr_scene_str: typeof scene === 'string' ? scene : '',
  }
}
