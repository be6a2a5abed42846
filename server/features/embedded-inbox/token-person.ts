import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import { viewOf, visibleMember } from '../../organisation/directory/read/view.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { holderOfToken, type TokenNeeds } from '../oidc/access-token.ts'

/** A person whose access token proves who they are, and when it expires, in ms since the epoch. */
export type TokenPerson = { member: MemberCore; expiresAt: number }

/**
 * Returns the person who signed in to an app of this developer, by the hash of the access token that the app got; or why it opens
 * no inbox.
 */
export async function personOfToken(
  ctx: TokenNeeds,
  developer: Caller,
  hash: string,
  isUse: boolean,
): Promise<TokenPerson | ApiError> {
  const holder = await holderOfToken(ctx, developer.corpId, hash, isUse)
  if (!holder)
    return new ApiError('forbidden', {
      zh: 'accessToken 已失效：不是本企业签发的、已过期或被撤销、登录会话已结束，或此人不能再进入应用；请此人重新登录',
      en: 'accessToken is not valid: this corp did not issue it, it expired or was revoked, its session ended, or the person may no longer enter the app; have the person sign in again',
    })
  if (holder.app.devId !== developer.devId)
    return new ApiError('forbidden', {
      zh: 'accessToken 是其他开发者的应用取得的：应用的“开发者”须是调用者',
      en: 'accessToken was issued to an app of another developer: the developer of the app must be the caller',
    })
  const member = visibleMember(viewOf(ctx, developer), holder.member)
  if (!member)
    return new ApiError('forbidden', {
      zh: 'accessToken 的登录者在开发者的数据范围之外',
      en: 'the person of accessToken is outside the data scope of the developer',
    })
  return { member, expiresAt: holder.expiresAt }
}
