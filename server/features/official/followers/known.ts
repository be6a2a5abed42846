import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Account } from '../accounts/accounts.ts'
import { knownOpenids } from './list/store.ts'

const openidsAtMost = 500

/** Throws 1000 for an empty list, for too many at once, and for openids that were never seen. */
export async function checkFollowers(ctx: Core, account: Account, openids: readonly string[]): Promise<void> {
  if (openids.length === 0 || openids.length > openidsAtMost)
    throw new ApiError('badParameter', {
      zh: `请选择 1 到 ${openidsAtMost} 个粉丝`,
      en: `choose 1 to ${openidsAtMost} followers`,
    })
  const known = new Set(await knownOpenids(ctx.db, account, openids))
  const unknown = openids.find(openid => !known.has(openid))
  if (unknown !== undefined)
    throw new ApiError('badParameter', {
      zh: told`没有粉丝 ${unknown}，请刷新列表；没有改动`,
      en: told`there is no follower ${unknown}: reload the list; nothing was changed`,
    })
}

export function* inChunks<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size)
}
