import type { FastifyRequest } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdminGate } from '../server/callers/gate/admin-gate.ts'
import { createPageGate } from '../server/callers/gate/page-gate.ts'
import { adminCalls, pageCalls } from '../server/features.ts'
import { corpPoints, givablePoints, shipped } from '../server/organisation/rights/shipped.ts'
import { insertRole, putHolder } from '../server/organisation/roles/role-store.ts'
import type { AdminCaller } from '../server/platform/http/admin/admin-gate.ts'
import { adminScopes } from '../server/platform/http/admin/admin-scope.ts'
import type { Range } from '../server/platform/http/admin/grant.ts'
import { type Point, points } from '../server/platform/http/admin/points.ts'
import { ApiError } from '../server/platform/http/errors.ts'
import type { Person, Visitor } from '../server/platform/http/visitor.ts'
import { exampleOf } from './example-of.ts'
import { startWorld, type World } from './harness.ts'
import { type SignedInClient, signIn } from './sign-in.ts'

let world: World
let departmentId: number
beforeAll(async () => {
  world = await startWorld()
  departmentId = world.ctx.mirrors.of(world.corpId).tree.order.at(-1)?.department.id ?? 1
})
afterAll(() => world.close())

const pointed = pageCalls.filter(({ point }) => point !== undefined)
const request = { headers: {} } as FastifyRequest
const member = { id: -1, userId: 'x', key: 'x', name: '某人', departments: [] }

function visitorAs(person: Partial<Person>): Visitor {
  const { corpId } = world
  const isSystem = person.roleLevel === 1
  return {
    corpId,
    roleLevel: 0,
    assigned: [],
    ...(isSystem ? { member: undefined, adminName: 'admin' } : { member }),
    sessionId: 's',
    proof: { acr: 3, amr: [], authAt: 0 },
    csrf: '',
    mustChangePassword: false,
    hasFactor: true,
    mustEnrol: false,
    mustProve: false,
    actor: 'x',
    ...person,
  } as Visitor
}

const assigned = () => [{ departmentId, manage: true }]
const fixed: Record<string, () => Visitor> = {
  member: () => visitorAs({}),
  helpDesk: () => visitorAs({ isHelpDesk: true }),
  graded: () => visitorAs({ roleLevel: 3, assigned: assigned() }),
  super: () => visitorAs({ roleLevel: 2 }),
  system: () => visitorAs({ roleLevel: 1 }),
}

/** What each level could call before there were points and own roles, by `access` alone. */
function before(access: (typeof pageCalls)[number]['access'], { roleLevel: level, isHelpDesk }: Visitor) {
  if (access.by === 'account') return level === 1
  if (access.by === 'installation' || access.by === 'operator') return level === 1
  const isGraded = [1, 2, 3].includes(level)
  const isSuper = [1, 2].includes(level)
  if (access.by === 'helpDesk') return isGraded || isHelpDesk === true
  if (access.by === 'owner') return isSuper
  if (access.by === 'administrator') return access.level === 'graded' ? isGraded : isSuper
  return true
}

/** The visitor whom the handler gets; undefined for 403. */
function authorised(call: (typeof pageCalls)[number], visitor: Visitor, given: object = {}) {
  try {
    return createPageGate(world.ctx).authorise(call, visitor, { ...given }, request).visitor
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined
    throw error
  }
}

describe.each(Object.keys(fixed))('the fixed role %s', role => {
  it('calls what it could call before, as whom it was', () => {
    const visitor = fixed[role]!()
    const differing = pageCalls.filter(call => {
      const as = authorised(call, visitor)
      return before(call.access, visitor) ? as !== visitor : as !== undefined
    })
    expect(differing.map(({ path }) => path)).toEqual([])
  })
})

it('ships roles that are whole points of the corp', () => {
  const gradedCalls = pointed.filter(
    ({ access }) => access.by === 'helpDesk' || (access.by === 'administrator' && access.level === 'graded'),
  )
  expect([...shipped.graded].sort()).toEqual([...new Set(gradedCalls.map(({ point }) => point))].sort())
  expect([...shipped.system]).toEqual(Object.keys(points))
  const beyond = pointed.filter(({ access }) => access.by === 'installation' || access.by === 'operator')
  const ofInstallation = new Set(beyond.map(({ point }) => point!))
  expect(corpPoints.filter(one => ofInstallation.has(one))).toEqual([])
  const idle = givablePoints.filter(one => ![...pointed, ...adminCalls].some(({ point }) => point === one))
  expect(idle, 'points that open nothing').toEqual([])
})

const ranges = (): Range[] => [
  { kind: 'corp' },
  { kind: 'departments', departmentIds: [departmentId] },
  { kind: 'apps', appIds: ['a1'], devIds: ['d1'] },
]

/** What an own role with this range may do of a call whose point it holds, by what the call can be restricted to. */
function expected({ access, range }: (typeof pageCalls)[number], { kind }: Range, isNamed: boolean): boolean {
  if (access.by === 'installation' || access.by === 'operator') return false
  if (kind === 'corp') return true
  if (kind === 'departments')
    return access.by === 'helpDesk' || (access.by === 'administrator' && access.level === 'graded')
  return range === 'apps' || (isNamed && (range === 'app' || access.by === 'owner'))
}

/** Every act and read × every own role of one point × range: allowed, or 403. The console's own calls ask other points by themselves. */
it.each(givablePoints)('opens to a role with %s those calls alone, within its range', own => {
  const wrong = ranges().flatMap(range => {
    const visitor = visitorAs({ grants: [{ roleId: 1, name: 'r', points: new Set([own]), range }] })
    return [false, true].flatMap(isNamed => {
      const given = isNamed ? { id: 'a1', devId: 'd1' } : { id: 'a2', devId: 'd2' }
      return pointed
        .filter(call => {
          const as = authorised(call, visitor, given)
          const isConsole = own === 'console:use' && call.point === own
          const may = call.point === own && (isConsole || expected(call, range, isNamed))
          if ((as !== undefined) !== may) return true
          return as !== undefined && !isConsole && !isWithin(as, range)
        })
        .map(({ path }) => `${path} ${range.kind} ${isNamed}`)
    })
  })
  expect(wrong).toEqual([])
})

/** The handler takes nobody for more than the range: its limits are those of the levels. */
function isWithin({ roleLevel, assigned }: Person, range: Range): boolean {
  if (range.kind === 'corp') return roleLevel === 2
  if (range.kind === 'apps') return roleLevel === 0
  return roleLevel === 3 && assigned.every(one => one.departmentId === departmentId)
}

const callerOf = (person: Person): AdminCaller => ({
  tokenId: 1,
  tokenName: 't',
  corpId: world.corpId,
  scopes: new Set(adminScopes),
  person,
  actor: 'x',
})

function mayCall(call: (typeof adminCalls)[number], person: Person, given: object = {}): boolean {
  try {
    createAdminGate(world.ctx).authorise(callerOf(person), call, { ...given })
    return true
  } catch (error) {
    if (error instanceof ApiError && error.error === 'forbidden') return false
    throw error
  }
}

it('opens to a token of a super administrator what it opened, by its scopes alone', () => {
  const shut = adminCalls.filter(call => !mayCall(call, fixed['super']!()) && call.reach !== 'installation')
  expect(shut.map(({ path }) => path)).toEqual([])
})

it.each(givablePoints)('opens to a token whose maker has %s those calls of management alone', own => {
  const wrong = ranges().flatMap(range => {
    const points = new Set<Point>([own, 'role:token'])
    const maker = visitorAs({ grants: [{ roleId: 1, name: 'r', points, range }] })
    return adminCalls
      .filter(call => {
        const fits =
          range.kind === 'corp' ||
          (range.kind === 'departments' ? call.range === 'departments' : call.range === 'app')
        const may = points.has(call.point) && fits && call.reach !== 'installation'
        return mayCall(call, maker, { id: 'a1' }) !== may
      })
      .map(({ path }) => `${path} ${range.kind}`)
  })
  expect(wrong).toEqual([])
})

/** The same through the whole server, for the whole corp. */
describe.each(givablePoints.map(own => [own] as const))('a member with a role', own => {
  const mine = pointed.filter(({ point }) => point === own)
  it(`of ${own} reaches its ${mine.length} calls, and without it none`, async () => {
    const holder = await signIn(world, { userId: 'zhangsan' })
    await holds([own])
    for (const call of mine) {
      const { status, text } = await ask(holder, call)
      expect([401, 403].includes(status), `${call.path} ${status} ${text}`).toBe(false)
    }
    await holds(givablePoints.filter(one => one !== own))
    for (const call of mine) expect((await ask(holder, call)).status, call.path).toBe(403)
  })
})

/** Gives zhangsan one role of these points, and no other. */
async function holds(points: readonly Point[]): Promise<void> {
  const { ctx, corpId } = world
  await ctx.db.deleteFrom('own_role').execute()
  const role = { name: 'r', points: [...points], range: { kind: 'corp' as const }, until: null }
  const roleId = await insertRole(ctx.db, corpId, { ...role, groups: [], changedAt: new Date() })
  const memberId = ctx.mirrors.of(corpId).members.byKey('zhangsan')!.id
  await putHolder(ctx.db, corpId, { roleId, memberId, until: null, givenBy: 't', givenAt: new Date() })
  await ctx.reloadConfig(corpId)
}

async function ask(as: SignedInClient, { method, path, input }: (typeof pageCalls)[number]) {
  const headers = { cookie: as.cookie, 'content-type': 'application/json', 'x-wisp-csrf': as.csrf }
  // A call that names an app, a developer or an account gets one that there is not, and says so.
  const named = Object.entries(input).filter(([name]) => name === 'devId')
  const given = Object.fromEntries(named.map(([name, { schema }]) => [name, exampleOf(schema)]))
  const { app } = world.server
  const answer =
    method === 'POST'
      ? await app.inject({ method, url: path, headers, payload: JSON.stringify(given) })
      : await app.inject({ method: 'GET', url: `${path}?${new URLSearchParams(given as never)}`, headers })
  return { status: answer.statusCode, text: answer.body }
}
