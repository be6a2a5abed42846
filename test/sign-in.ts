import { createHash } from 'node:crypto'
import { Secret } from 'otpauth'
import { insertSession } from '../server/callers/sessions/session-store.ts'
import { absoluteMs, type SignInProof } from '../server/callers/sessions/sessions.ts'
import { insertAdminAccount } from '../server/callers/sign-in/account-store.ts'
import { purposeOf } from '../server/callers/sign-in/factor/check-code.ts'
import { putSecondFactor } from '../server/callers/sign-in/factor/second-factor-store.ts'
import { hashPassword } from '../server/callers/sign-in/passwords.ts'
import type { Context } from '../server/context.ts'
import { setRole } from '../server/organisation/people/administrators.ts'
import { type Answer, call, type World } from './harness.ts'

export type SignInRole = 'operator' | 'system' | 'super' | 'graded' | 'helpDesk' | 'member' | 'nobody'

/** Makes page calls as somebody who is signed in. */
export type SignedInClient = {
  /** `name=value`, for a browser or a header. */
  cookie: string
  sessionId: string
  csrf: string
  get(path: string, query?: Record<string, string | number>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

export const administratorPassword = 'a password for tests'

/** Computed once, because a hash is slow on purpose. */
let administratorHash: Promise<string> | undefined

type Identity = { userId: string } | { admin: string }

/** Signs in as a member or as the local administrator, with a session like those that the server makes. */
export async function signIn(
  world: Pick<World, 'ctx' | 'server' | 'corpId'>,
  who: Identity,
  proved: SignInProof = 'userId' in who ? { acr: 2, amr: ['qr'] } : { acr: 2, amr: ['pwd'] },
): Promise<SignedInClient> {
  const { ctx, server, corpId } = world
  const value = ctx.newId()
  const sessionId = createHash('sha256').update(value).digest('hex')
  const createdAt = new Date(ctx.now())
  if ('admin' in who) {
    administratorHash ??= hashPassword(administratorPassword)
    const account = { name: who.admin, password: await administratorHash, mustChange: false }
    await insertAdminAccount(ctx.db, account, createdAt)
  }
  await insertSession(ctx.db, {
    id: sessionId,
    corpId: 'userId' in who ? corpId : null,
    memberId: 'userId' in who ? memberIdOf(ctx, corpId, who.userId) : null,
    adminName: 'admin' in who ? who.admin : null,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + absoluteMs),
    ...proved,
  })
  return callerWith(server.url, `wisp_session=${value}`, sessionId, ctx.seal.sign('csrf', sessionId))
}

export function callerWith(url: string, cookie: string, sessionId: string, csrf: string): SignedInClient {
  return {
    cookie,
    sessionId,
    csrf,
    get(path, query = {}) {
      const search = new URLSearchParams(Object.entries(query).map(([name, one]) => [name, String(one)]))
      return call(`${url}${path}?${search}`, { headers: { cookie } })
    },
    post(path, body = {}, headers = {}) {
      return call(`${url}${path}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', 'x-wisp-csrf': csrf, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    },
  }
}

function memberIdOf(ctx: Context, corpId: string, userId: string): number {
  const member = ctx.mirrors.of(corpId).members.byKey(userId.toLowerCase())
  if (!member) throw new Error(`no member ${userId}`)
  return member.id
}

/** Signs in somebody of this level; the graded administrator manages `departments`. */
export async function signInAs(
  world: Pick<World, 'ctx' | 'server' | 'corpId'>,
  as: SignInRole,
  userId = 'zhangsan',
  departments: { departmentId: number; manage: boolean }[] = [],
): Promise<SignedInClient> {
  if (as === 'nobody') return callerWith(world.server.url, '', '', '')
  if (as === 'operator') return signInAsOperator(world)
  if (as === 'system') return signIn(world, { admin: 'admin' })
  if (as === 'super') await setRole(world.ctx, 'test', world.corpId, userId, { level: 2 })
  if (as === 'helpDesk') await setRole(world.ctx, 'test', world.corpId, userId, { level: 4 })
  if (as === 'graded') await setRole(world.ctx, 'test', world.corpId, userId, { level: 3, departments })
  return signIn(world, { userId })
}

/** As the system super administrator, who has a second factor and gave it. */
export async function signInAsOperator(
  world: Pick<World, 'ctx' | 'server' | 'corpId'>,
  name = 'operator',
): Promise<SignedInClient> {
  const { ctx } = world
  const operator = await signIn(world, { admin: name }, { acr: 3, amr: ['pwd', 'totp'] })
  const owner = { adminName: name }
  const secret = ctx.seal.seal(new Secret({ size: 20 }).base32, purposeOf(owner))
  await ctx.db.transaction().execute(tx => putSecondFactor(tx, owner, { secret, step: 0 }))
  return operator
}
