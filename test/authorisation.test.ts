import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PageAccess } from '../server/http/page-call.ts'
import { pageCalls } from '../server/page-calls.ts'
import { type Audience, audiences } from './authorisation.table.ts'
import { startWorld, type World } from './harness.ts'
import { type As, type SignedIn, signIn, signInAs } from './sign-in.ts'

/** Every page call × every role: the table says who may call, and declarations and server must agree with it. */
const roles: readonly As[] = ['nobody', 'member', 'graded', 'super', 'system']
const allowed: Record<Audience, readonly As[]> = {
  anyone: roles,
  payer: ['member', 'graded', 'super'],
  person: ['member', 'graded', 'super', 'system'],
  graded: ['graded', 'super', 'system'],
  super: ['super', 'system'],
  system: ['system'],
}

function audienceOf(access: PageAccess): Audience {
  if (access.by === 'administrator') return access.level
  return access.by === 'installation' || access.by === 'account' ? 'system' : access.by
}

it('has a row for each call, and no other', () => {
  expect(Object.keys(audiences).sort()).toEqual(pageCalls.map(call => call.path).sort())
})

describe.each(pageCalls.map(call => [call.method, call.path, call] as const))(
  '%s %s',
  (method, path, call) => {
    it(`is for: ${audiences[path]}`, () => {
      const audience = audiences[path] === 'payer' ? 'anyone' : audiences[path]
      expect(audienceOf(call.access)).toBe(audience)
    })

    it.each(roles)('asked by %s', async role => {
      const as = await callerOf(role)
      const answer = await ask(as, method, path)
      const isIn = allowed[audiences[path] ?? 'system'].includes(role)
      const isShut = answer.status === 401 || answer.status === 403
      expect(isShut, `${answer.status} ${answer.text}`).toBe(!isIn)
      if (!isIn) expect(answer.status).toBe(role === 'nobody' ? 401 : 403)
    })
  },
)

/** Returns the answer as text, because some answers are files. */
async function ask(as: SignedIn, method: string, path: string): Promise<{ status: number; text: string }> {
  const headers = { cookie: as.cookie, 'content-type': 'application/json', 'x-wisp-csrf': as.csrf }
  const body = method === 'POST' ? { body: '{}' } : {}
  const response = await fetch(`${world.server.url}${path}`, { method, headers, ...body })
  return { status: response.status, text: await response.text() }
}

let world: World
beforeAll(async () => {
  world = await startWorld()
  await signInAs(world, 'super', 'lisi')
  const departmentId = world.ctx.mirrors.of(world.corpId).tree.order.at(-1)?.department.id ?? 1
  await signInAs(world, 'graded', 'wangwu', [{ departmentId, manage: true }])
})
afterAll(() => world.close())

/** Makes a new session for each call, because some calls end their own session. */
function callerOf(role: As) {
  const users = { member: 'zhangsan', graded: 'wangwu', super: 'lisi' } as const
  if (role === 'nobody') return signInAs(world, 'nobody')
  return role === 'system' ? signIn(world, { admin: 'admin' }) : signIn(world, { userId: users[role] })
}
