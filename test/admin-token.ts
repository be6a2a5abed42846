import { hashOf, newToken } from '../server/callers/admin-tokens/token.ts'
import { insertToken } from '../server/callers/admin-tokens/token-store.ts'
import { insertAdminAccount } from '../server/callers/sign-in/account-store.ts'
import { hashPassword } from '../server/callers/sign-in/passwords.ts'
import type { Context } from '../server/context.ts'
import { type AdminScope, adminScopes } from '../server/platform/http/admin/admin-scope.ts'
import { type Answer, call, type World } from './harness.ts'
import { administratorPassword } from './sign-in.ts'

export type TokenWish = {
  /** All unless given. */
  scopes?: readonly AdminScope[]
  /** The only corp that it is for; undefined: all. */
  corpId?: string | undefined
  addresses?: string[]
  days?: number
  /** The member who made it; the local account unless given. */
  member?: string
  account?: string
}

/** Makes calls of management by an admin token. */
export type Manager = {
  id: number
  token: string
  get(path: string, query?: Record<string, string | number>): Promise<Answer>
  post(path: string, body?: object): Promise<Answer>
}

/** Makes a token like those of the console, where a second factor is asked for. */
export async function managerBy(
  { ctx, server, corpId }: Pick<World, 'ctx' | 'server' | 'corpId'>,
  wish: TokenWish = {},
): Promise<Manager> {
  const createdAt = new Date(ctx.now())
  const token = newToken()
  const id = await insertToken(ctx.db, {
    corpId: wish.corpId ?? null,
    name: '测试',
    scopes: [...(wish.scopes ?? adminScopes)],
    ...(wish.member
      ? { corpId, adminName: null, memberId: memberIdOf(ctx, corpId, wish.member) }
      : { adminName: await accountOf(ctx, wish.account), memberId: null }),
    hash: hashOf(token),
    addresses: wish.addresses ?? ['127.0.0.1'],
    createdAt,
    expiresAt: new Date(createdAt.getTime() + (wish.days ?? 90) * 86_400_000),
  })
  return { id, token, ...callsWith(server.url, token) }
}

export function callsWith(url: string, token: string): Pick<Manager, 'get' | 'post'> {
  const authorization = `Bearer ${token}`
  return {
    get(path, query = {}) {
      const search = new URLSearchParams(Object.entries(query).map(([name, one]) => [name, String(one)]))
      return call(`${url}${path}?${search}`, { headers: { authorization } })
    },
    post: (path, body = {}) =>
      call(`${url}${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  }
}

async function accountOf(ctx: Context, name = 'admin'): Promise<string> {
  const account = { name, password: await hashPassword(administratorPassword), mustChange: false }
  await insertAdminAccount(ctx.db, account, new Date(ctx.now()))
  return name
}

function memberIdOf(ctx: Context, corpId: string, userId: string): number {
  const member = ctx.mirrors.of(corpId).members.byKey(userId.toLowerCase())
  if (!member) throw new Error(`no member ${userId}`)
  return member.id
}
