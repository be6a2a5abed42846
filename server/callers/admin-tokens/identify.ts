/**
 * An admin token is its maker at that moment, and less. Every call asks the database for the token and for what its maker is
 * now; nothing of it is kept in memory. Its calls are declared beside those of developers and pages (`adminCall`, a room's
 * `admin/`) and take their rules from the room. None of them gives roles, tokens, second factors or a jessionId.
 * test/admin-commands.table.ts has a call for each command, or the reason why there is none.
 *
 * A call of management, such as `POST /api/admin/developer/set`: `http/admin/admin-call.ts` → this file (the token's row, its
 * maker, the address, calls a minute; all before the body is read) → `callers/gate/admin-gate.ts` (scope, corp) → the function
 * that console and command line call, with the maker as the actor and the token beside the maker in the audit log.
 */

import type { FastifyRequest } from 'fastify'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import { inNetworks, parseNetworks } from '../../platform/config.ts'
import type { Core } from '../../platform/core.ts'
import type { AdminCaller } from '../../platform/http/admin/admin-gate.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { describeError } from '../../platform/operation/log.ts'
import { type AttemptLimit, createFloodLimit } from '../../platform/security/counters.ts'
import { actorOf, makerOf } from './makers.ts'
import { hashOf, isToken } from './token.ts'
import * as store from './token-store.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; roles: Roles }

/** Finds who calls by an admin token. Throws 1001, 1004, 1009, 1010. */
export type IdentifyAdmin = (request: FastifyRequest) => Promise<AdminCaller>

const guesses: AttemptLimit = { purpose: 'admin-token', atMost: 10, windowMs: 60_000 }
const calls: AttemptLimit = { purpose: 'admin-call', atMost: 300, windowMs: 60_000 }
const touchEveryMs = 60_000

/**
 * Returns what finds the caller of an admin token. Each call asks the database, so that a revoked token ends at once on every
 * node. The result throws ApiError 1001 (no token), 1004 (unknown, expired or revoked), 1009 (address, account not ready), 1010
 * (too many calls or guesses).
 */
export function createIdentify(ctx: Needs): IdentifyAdmin {
  const countGuess = createFloodLimit(ctx, guesses)
  const countCall = createFloodLimit(ctx, calls)

  async function refuseUnknown(address: string): Promise<never> {
    const { isOver, retryAfterSeconds } = await countGuess({ corpId: '', of: address })
    if (!isOver) throw dead()
    const words = {
      zh: told`管理令牌一分钟内错误超过 ${own(guesses.atMost)} 次，请 ${own(retryAfterSeconds)} 秒后再试`,
      en: told`more than ${own(guesses.atMost)} wrong admin tokens in a minute: try again in ${own(retryAfterSeconds)} s`,
    }
    throw new ApiError('tooManyRequests', words, { retryAfterSeconds })
  }

  return async request => {
    const token = bearerOf(request)
    const row = isToken(token) ? await store.tokenByHash(ctx.db, hashOf(token)) : undefined
    if (!row) return refuseUnknown(request.ip)
    const now = ctx.now()
    const isOver = row.revokedAt !== null || row.expiresAt.getTime() <= now
    const person = isOver ? undefined : await makerOf(ctx, row)
    if (!person) throw dead()
    checkAddress(row.addresses, request.ip)
    checkMaker(row)
    const counted = await countCall({ corpId: row.corpId ?? '', of: String(row.id) })
    if (counted.isOver) throw tooMany(counted.retryAfterSeconds)
    touch(ctx, row, now)
    return {
      tokenId: row.id,
      tokenName: row.name,
      corpId: row.corpId ?? undefined,
      scopes: new Set(row.scopes),
      person,
      actor: actorOf(person),
    }
  }
}

function touch(ctx: Core, { id, lastUsedAt }: store.TokenRow, now: number): void {
  if (lastUsedAt && now - lastUsedAt.getTime() < touchEveryMs) return
  store
    .touchToken(ctx.db, id, new Date(now))
    .catch(error => ctx.log.warn(describeError(error), 'admin token not touched'))
}

function bearerOf({ headers: { authorization } }: FastifyRequest): string {
  const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined)
    throw new ApiError('missingParameter', {
      zh: 'Authorization：请以“Authorization: Bearer 管理令牌”发送；地址和请求体中的不接受',
      en: 'Authorization: send the admin token as "Authorization: Bearer <token>"; it is not accepted in the query or the body',
    })
  return token
}

function dead(): ApiError {
  return new ApiError('deadToken', {
    zh: '管理令牌不存在、已到期或已停用，或创建它的人不再有创建管理令牌的权限',
    en: 'the admin token does not exist, has expired or was revoked, or its maker may no longer make admin tokens',
  })
}

function checkAddress(addresses: string[], address: string): void {
  if (inNetworks(parseNetworks(addresses, 'addresses'), address)) return
  throw new ApiError('forbidden', {
    zh: told`地址 ${address} 不在管理令牌的地址范围内，请从这些地址调用，或另建令牌`,
    en: told`address ${address} is not in the address ranges of the admin token: call from one of these, or make another token`,
  })
}

/** What an account has yet to do on pages, its tokens wait for too. */
function checkMaker({ mustChange, mustEnrol }: { mustChange: boolean; mustEnrol: boolean }): void {
  if (!mustChange && !mustEnrol) return
  throw new ApiError('forbidden', {
    zh: '创建管理令牌的账号须先登录控制台修改密码或设置两步验证，之后令牌恢复可用',
    en: 'the account that made the admin token has to change its password or set up its second factor in the console; the token works again after that',
  })
}

function tooMany(retryAfterSeconds: number): ApiError {
  const words = {
    zh: told`每个管理令牌每分钟最多调用 ${own(calls.atMost)} 次，请 ${own(retryAfterSeconds)} 秒后再试`,
    en: told`an admin token may make ${own(calls.atMost)} calls per minute: try again in ${own(retryAfterSeconds)} s`,
  }
  return new ApiError('tooManyRequests', words, { retryAfterSeconds })
}
