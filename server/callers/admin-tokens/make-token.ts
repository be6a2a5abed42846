import type { Corps } from '../../organisation/corps/corps.ts'
import { record } from '../../platform/audit/audit.ts'
import { boundGrants } from '../../platform/audit/grants.ts'
import type { Core } from '../../platform/core.ts'
import { type AdminScope, adminScopes } from '../../platform/http/admin/admin-scope.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { refused } from '../../platform/http/page-call.ts'
import { readName } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { FactorHolder } from '../../platform/manifest/factor-reset.ts'
import type { Db } from '../../platform/storage/db.ts'
import { readNetworks } from '../developers/networks.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { checkCode } from '../sign-in/factor/check-code.ts'
import { ownerOf } from '../sign-in/factor/factor-owner.ts'
import { secondFactorStatus } from '../sign-in/factor/second-factor.ts'
import { tokenGrants, tokenKey } from './granted-store.ts'
import { hashOf, newToken } from './token.ts'
import * as store from './token-store.ts'

type Needs = Core & { corps: Corps; sessions: Sessions }

export const daysAtMost = 90
const liveAtMost = 100
const dayMs = 86_400_000

export type NewToken = {
  name: string
  scopes: readonly string[]
  /** Addresses and networks; at least one. */
  addresses: readonly string[]
  days: number
  /** Undefined: every corp, and the installation. */
  corpId: string | undefined
}

/** Whether somebody has the second factor that making tokens takes. */
export async function mayMakeTokens(ctx: Core, visitor: Visitor): Promise<boolean> {
  return (await secondFactorStatus(ctx, ownerOf(visitor))).isOn
}

/**
 * Makes an admin token after a code of the second factor; it is returned once and never again. Members make them for their own corp
 * alone. Throws 1000, 1001, 1009, 1010.
 */
export async function makeToken(
  ctx: Needs,
  visitor: Visitor,
  given: NewToken,
  code: string,
): Promise<{ id: number; token: string; expiresAt: Date }> {
  const checked = checkToken(ctx, given)
  await checkMayMake(ctx, visitor, given.corpId)
  await checkCode(ctx, ownerOf(visitor), code)
  const now = ctx.now()
  const token = newToken()
  const expiresAt = new Date(now + given.days * dayMs)
  const corpId = given.corpId ?? null
  const { name, scopes, addresses } = checked
  const row = { ...checked, corpId, ...makerOf(visitor), createdAt: new Date(now), expiresAt }
  const id = await ctx.db.transaction().execute(async tx => {
    await store.lockTokens(tx)
    if ((await store.countLiveTokens(tx, new Date(now))) >= liveAtMost) throw tooManyTokens()
    const made = await store.insertToken(tx, { ...row, hash: hashOf(token) })
    await record(tx, ctx, {
      corpId,
      actor: visitor.actor,
      act: 'admin-token.add',
      target: String(made),
      targetName: name,
      detail: {
        scopes,
        allowedIps: addresses,
        expiresAt,
        grants: await boundTokens(tx, corpId, [{ ...row, id: made }]),
      },
    })
    return made
  })
  return { id, token, expiresAt }
}

/** Ends a token at once, on every node. `corpId`: only one of this corp. Throws 1000. */
export async function endToken(
  ctx: Core,
  actor: string,
  id: number,
  corpId: string | undefined,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const ended = await store.endToken(tx, id, corpId, new Date(ctx.now()))
    if (!ended)
      throw new ApiError('badParameter', {
        zh: told`没有管理令牌 ${id}，或它已停用`,
        en: told`there is no admin token ${id}, or it was revoked`,
      })
    await record(tx, ctx, {
      corpId: ended.corpId,
      actor,
      act: 'admin-token.end',
      target: String(id),
      targetName: ended.name,
      detail: { grants: await boundTokens(tx, ended.corpId, [ended]) },
    })
  })
}

/** Ends what somebody made while they had the second factor that was reset. */
export async function endTokensOf(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  actor: string,
  holder: FactorHolder,
): Promise<void> {
  await recordEnds(tx, ctx, actor, await store.endTokensOf(tx, holder, new Date(ctx.now())))
}

/** How many live tokens reach one corp alone or, with undefined, were made by a local account. */
export async function liveTokens(ctx: Core, corpId: string | undefined): Promise<number> {
  return store.countLiveIn(ctx.db, corpId, new Date(ctx.now()))
}

/** Ends these: their makers hold less from now on. */
export async function endTokensIn(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  actor: string,
  corpId: string | undefined,
): Promise<void> {
  await recordEnds(tx, ctx, actor, await store.endLiveIn(tx, corpId, new Date(ctx.now())))
}

async function recordEnds(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  actor: string,
  ended: readonly store.EndedToken[],
): Promise<void> {
  for (const { id, corpId, name, memberId } of ended)
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'admin-token.end',
      target: String(id),
      targetName: name,
      detail: { grants: await boundTokens(tx, corpId, [{ id, memberId }]) },
    })
}

const boundTokens = (tx: Db, corpId: string | null, tokens: readonly Parameters<typeof tokenKey>[0][]) =>
  boundGrants(tx, tokenGrants, corpId, tokens.map(tokenKey))

function makerOf({ member, ...visitor }: Visitor): { adminName: string | null; memberId: number | null } {
  return member
    ? { adminName: null, memberId: member.id }
    : { adminName: 'adminName' in visitor ? visitor.adminName : null, memberId: null }
}

async function checkMayMake(ctx: Core, visitor: Visitor, corpId: string | undefined): Promise<void> {
  if (visitor.member && corpId !== visitor.corpId)
    throw refused({
      zh: '只能为本企业创建管理令牌',
      en: 'you can make admin tokens for your own corp alone',
    })
  if (await mayMakeTokens(ctx, visitor)) return
  throw new ApiError('badParameter', {
    zh: '请先为您的账号设置两步验证',
    en: 'set up the second factor of your account first',
  })
}

function checkToken(ctx: Needs, given: NewToken) {
  if (given.corpId !== undefined) ctx.corps.get(given.corpId)
  const name = readName(given.name)
  const unknown = given.scopes.filter(one => !adminScopes.includes(one as AdminScope))
  if (unknown.length > 0)
    throw new ApiError('badParameter', {
      zh: told`没有这样的权限: ${unknown.join('、')}；可用: ${own(adminScopes.join('、'))}`,
      en: told`no such scope: ${unknown.join(', ')}; there are: ${own(adminScopes.join(', '))}`,
    })
  if (given.scopes.length === 0) throw new ApiError('missingParameter', 'scopes')
  const addresses = readNetworks(given.addresses)
  if (addresses.length === 0) throw new ApiError('missingParameter', 'addresses')
  if (!Number.isInteger(given.days) || given.days < 1 || given.days > daysAtMost)
    throw new ApiError('badParameter', {
      zh: told`days 应为 1 到 ${own(daysAtMost)} 的整数`,
      en: told`days should be an integer from 1 to ${own(daysAtMost)}`,
    })
  return { name, scopes: adminScopes.filter(one => given.scopes.includes(one)), addresses }
}

function tooManyTokens(): ApiError {
  return new ApiError('badParameter', {
    zh: told`已有 ${own(liveAtMost)} 个有效的管理令牌，请先停用不用的`,
    en: told`there are ${own(liveAtMost)} valid admin tokens: revoke unused ones first`,
  })
}
