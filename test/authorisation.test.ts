import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bindAccount } from '../server/features/official/accounts/bind.ts'
import { pageCalls } from '../server/features.ts'
import { mayAct } from '../server/organisation/directory/permissions/person.ts'
import type { PageAccess } from '../server/platform/http/gate.ts'
import { audiences } from './authorisation.table.ts'
import { exampleOf } from './example-of.ts'
import { startWorld, type World } from './harness.ts'
import { type Audience, allowed, roles } from './operator-calls.table.ts'
import { type SignedInClient, signIn, signInAs, signInAsOperator } from './sign-in.ts'

function audienceOf(access: PageAccess): Audience {
  if (access.by === 'administrator') return access.level
  if (access.by === 'self') return 'person'
  return access.by === 'installation' || access.by === 'account' ? 'system' : access.by
}

/** Every page call × every role: the table says who may call, and declarations and server must agree with it. */
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

const ofAccounts = pageCalls.filter(
  ({ access, input }) => audienceOf(access) === 'graded' && 'originalId' in input,
)

describe('an official account that was not given to a graded administrator', () => {
  let graded: SignedInClient
  beforeAll(async () => {
    graded = await signIn(world, { userId: 'wangwu' })
  })

  it.each(ofAccounts.map(call => [call.path, call] as const))('is shut for %s', async (path, call) => {
    const fields = Object.entries(call.input).filter(([, field]) => field.required)
    const given = Object.fromEntries(fields.map(([name, { schema }]) => [name, exampleOf(schema)]))
    const answer = await ask(graded, call.method, path, { ...given, originalId: 'gh_others' })
    expect(answer, answer.text).toMatchObject({ status: 403, text: expect.stringContaining('没有分配给您') })
  })
})

const ofOwners = pageCalls.filter(({ access }) => access.by === 'owner')

describe.each(ofOwners.map(call => [call.path, call] as const))(
  '%s, of a developer with an owner',
  (path, call) => {
    it.each([
      ['the owner', 'zhangsan', 'own', true],
      ['the owner of another', 'zhangsan', 'other', false],
      ['who owns none', '', 'own', false],
      ['a graded administrator who owns none', 'wangwu', 'own', false],
    ])('asked by %s', async (_, userId, which, isIn) => {
      const devId = which === 'own' ? ownedId : world.dev.devId
      const answer = await ask(await signIn(world, { userId: userId || somebody }), call.method, path, {
        devId,
      })
      expect(answer.status === 403, `${answer.status} ${answer.text}`).toBe(!isIn)
    })
  },
)

/** Returns the answer as text, because some answers are files. */
async function ask(
  as: SignedInClient,
  method: string,
  path: string,
  input: Record<string, unknown> = {},
): Promise<{ status: number; text: string }> {
  const headers = { cookie: as.cookie, 'content-type': 'application/json', 'x-wisp-csrf': as.csrf }
  if (method === 'GET') path += `?${new URLSearchParams(input as Record<string, string>)}`
  const { app } = world.server
  // Thousands of calls: without sockets, through the same hooks and handlers.
  const answer =
    method === 'POST'
      ? await app.inject({ method, url: path, headers, payload: JSON.stringify(input) })
      : await app.inject({ method: 'GET', url: path, headers })
  return { status: answer.statusCode, text: answer.body }
}

let world: World
let ownedId: string
let somebody: string
let helper: string
beforeAll(async () => {
  world = await startWorld()
  ownedId = (await world.addDeveloper({ owners: ['zhangsan'] })).devId
  await signInAs(world, 'super', 'lisi')
  const departmentId = world.ctx.mirrors.of(world.corpId).tree.order.at(-1)?.department.id ?? 1
  await signInAs(world, 'graded', 'wangwu', [{ departmentId, manage: true }])
  helper = nobodyElse(['zhangsan', 'lisi', 'wangwu'])
  await signInAs(world, 'helpDesk', helper)
  somebody = nobodyElse(['zhangsan', 'lisi', 'wangwu', helper])
  await bindAccount(world.ctx, 'test', world.corpId, {
    originalId: 'gh_others',
    name: '公众号',
    appId: 'wx1',
    secret: 'made up',
  })
})
afterAll(() => world.close())

/** An active member who is none of these. */
function nobodyElse(known: string[]): string {
  const members = Iterator.from(world.ctx.mirrors.of(world.corpId).members.all())
  return members.find(one => mayAct(one) && !known.includes(one.userId))?.userId ?? ''
}

/** Makes a new session for each call, because some calls end their own session. */
function callerOf(role: (typeof roles)[number]) {
  const users = { member: 'zhangsan', helpDesk: helper, graded: 'wangwu', super: 'lisi' }
  if (role === 'nobody') return signInAs(world, 'nobody')
  if (role === 'system') return signIn(world, { admin: 'admin' })
  return role === 'operator' ? signInAsOperator(world) : signIn(world, { userId: users[role] })
}
