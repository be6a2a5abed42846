import { type Static, Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { type Roles, roleLevel } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { adminScopes } from '../../platform/http/admin/admin-scope.ts'
import { choice, integer, optionalIds, text } from '../../platform/http/input.ts'
import { pageOf, paging, requiredId } from '../../platform/http/list-input.ts'
import { time } from '../../platform/http/output.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { daysAtMost, endToken, makeToken, mayMakeTokens } from './make-token.ts'
import { actorOf, makerOf } from './makers.ts'
import { pageTokens, type TokenRow } from './token-store.ts'

export type ViewNeeds = Core & { corps: Corps; mirrors: Pick<Mirrors, 'load'>; roles: Roles }

const access = administrator('super')

const tokenViewSchema = Type.Object({
  id: Type.Number(),
  name: Type.String(),
  /** Null: every corp, and the installation. */
  corpId: Type.Union([Type.String(), Type.Null()]),
  corpName: Type.String(),
  /** '' for who is in the address book no more. */
  maker: Type.String(),
  scopes: Type.Array(Type.String()),
  addresses: Type.Array(Type.String()),
  /** `idle`: its maker is no super administrator any more. */
  state: Type.Enum(['live', 'idle', 'expired', 'ended']),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: Type.Union([time, Type.Null()]),
})
export type TokenView = Static<typeof tokenViewSchema>

export const tokenList = pageCall({
  method: 'GET',
  path: '/web/admin-tokens',
  point: 'role:read',
  directory: 'handler',
  access,
  input: paging,
  output: Type.Object({
    list: Type.Array(tokenViewSchema),
    total: Type.Number(),
    /** The viewer has the second factor that making one takes. */
    mayMake: Type.Boolean(),
    scopes: Type.Array(Type.Enum(adminScopes)),
    daysAtMost: Type.Number(),
  }),
  async handle(ctx: ViewNeeds & { mirrors: Mirrors }, { visitor, corpId, input }) {
    const found = await pageTokens(ctx.db, reachOf(visitor, corpId), pageOf(input))
    const list = await Promise.all(found.list.map(row => viewOf(ctx, row)))
    const mayMake = await mayMakeTokens(ctx, visitor)
    return { list, total: found.total, mayMake, scopes: [...adminScopes], daysAtMost }
  },
})

export async function viewOf(ctx: ViewNeeds, row: TokenRow): Promise<TokenView> {
  const { id, name, corpId, scopes, addresses, createdAt, expiresAt, lastUsedAt } = row
  const maker = await makerOf(ctx, row)
  const isExpired = expiresAt.getTime() <= ctx.now()
  return {
    id,
    name,
    corpId,
    scopes,
    addresses,
    createdAt,
    expiresAt,
    lastUsedAt,
    corpName: corpId === null ? '' : (ctx.corps.find(corpId)?.name ?? ''),
    maker: maker ? (maker.member?.name ?? actorOf(maker)) : '',
    state: row.revokedAt ? 'ended' : isExpired ? 'expired' : maker ? 'live' : 'idle',
  }
}

/** The system account sees and ends all of them, other super administrators those of their corp. */
function reachOf(visitor: Visitor, corpId: string): string | undefined {
  return visitor.roleLevel === roleLevel.system ? undefined : corpId
}

export const tokenAdd = pageCall({
  method: 'POST',
  path: '/web/admin-tokens/add',
  point: 'role:token',
  access,
  input: {
    name: text('名称', { max: 64 }),
    scopes: optionalIds('权限', { max: adminScopes.length }),
    addresses: optionalIds('可使用的地址或网段', { max: 200 }),
    days: integer('有效天数', { min: 1, max: daysAtMost }),
    reach: choice('corp: 只用于当前企业；all: 所有企业与平台', ['corp', 'all']),
    code: text('验证码或恢复码', { max: 64 }),
  },
  output: Type.Object({
    id: Type.Number(),
    /** Shown here and never again. */
    token: Type.String(),
    expiresAt: time,
  }),
  handle(ctx: Core & { corps: Corps; sessions: Sessions }, { input, visitor, corpId }) {
    const { reach, code, ...given } = input
    const token = { ...given, corpId: reach === 'corp' ? corpId : undefined }
    return makeToken(ctx, visitor, token, code)
  },
})

export const tokenEnd = pageCall({
  method: 'POST',
  path: '/web/admin-tokens/end',
  point: 'role:token',
  access,
  input: { id: requiredId('令牌编号') },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await endToken(ctx, visitor.actor, input.id, reachOf(visitor, corpId))
    return {}
  },
})
