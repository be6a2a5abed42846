import type { FastifyRequest } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdminGate } from '../server/callers/gate/admin-gate.ts'
import { createPageGate } from '../server/callers/gate/page-gate.ts'
import { adminCalls, pageCalls } from '../server/features.ts'
import { memberPerson, roleLevel } from '../server/organisation/directory/permissions/person.ts'
import { corpPoints, givablePoints, shipped } from '../server/organisation/rights/shipped.ts'
import { pointsOfOthers, pointsOfThree } from '../server/organisation/three/split.ts'
import { adminScopes } from '../server/platform/http/admin/admin-scope.ts'
import type { Point } from '../server/platform/http/admin/points.ts'
import { threeRoles } from '../server/platform/http/admin/three-role.ts'
import { ApiError } from '../server/platform/http/errors.ts'
import type { Person, Visitor } from '../server/platform/http/visitor.ts'
import { startWorld, type World } from './harness.ts'
import { people, separate } from './three.fixture.ts'

/** Every act and read × each of the three, and all others, on each way: derived from `split.ts` and the declarations. */
let world: World
beforeAll(async () => {
  world = await startWorld()
  await separate(world)
  await separate(world, 'installation')
})
afterAll(() => world.close())

const request = { headers: {} } as FastifyRequest
const isInstallation = (by: string) => by === 'installation' || by === 'operator'

function visitorOf(person: Person): Visitor {
  const rest = { sessionId: 's', csrf: '', mustChangePassword: false, hasFactor: true, mustEnrol: false }
  return {
    ...person,
    ...rest,
    proof: { acr: 3, amr: [], authAt: 0 },
    mustProve: false,
    actor: 'x',
  } as Visitor
}

const member = (userId: string): Person => {
  const { ctx, corpId } = world
  return memberPerson(ctx, corpId, ctx.mirrors.of(corpId).members.byKey(userId)!)
}
/** Somebody who is none of the three. */
function other(): Person {
  const named: readonly string[] = Object.values(people)
  const { members } = world.ctx.mirrors.of(world.corpId)
  return member([...members.all()].find(one => !named.includes(one.userId))!.key)
}
const account = (): Person => ({
  corpId: world.corpId,
  roleLevel: roleLevel.system,
  assigned: [],
  member: undefined,
  adminName: 'admin',
})

function opens(call: (typeof pageCalls)[number], person: Person): boolean {
  try {
    createPageGate(world.ctx).authorise(call, visitorOf(person), {}, request)
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return false
    throw error
  }
}

function opensToToken(call: (typeof adminCalls)[number], person: Person): boolean {
  const { corpId } = world
  const caller = { tokenId: 1, tokenName: 't', corpId, scopes: new Set(adminScopes), person, actor: 'x' }
  try {
    createAdminGate(world.ctx).authorise(caller, call, {})
    return true
  } catch (error) {
    if (error instanceof ApiError && error.error === 'forbidden') return false
    throw error
  }
}

const pointed = pageCalls.filter(({ point }) => point !== undefined)

describe.each(threeRoles)('the %s', role => {
  it('calls on pages what its points open, and nothing else', () => {
    const person = member(people[role])
    const wrong = pointed.filter(call => {
      const isOwn = pointsOfThree[role].has(call.point!)
      const may =
        isOwn &&
        (call.access.by === 'installation' ||
          (!isInstallation(call.access.by) && corpPoints.includes(call.point!)))
      return opens(call, person) !== may
    })
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  it('calls by a token what its points open, and nothing else', () => {
    const person = member(people[role])
    const wrong = adminCalls.filter(call => {
      const may =
        pointsOfThree[role].has(call.point) &&
        corpPoints.includes(call.point) &&
        call.reach !== 'installation'
      return opensToToken(call, person) !== may
    })
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})

it('leaves the local account what a system administrator has, on pages and by tokens', () => {
  const { system } = pointsOfThree
  const wrong = pointed.filter(call => opens(call, account()) !== system.has(call.point!))
  expect(wrong.map(({ path }) => path)).toEqual([])
  const byToken = adminCalls.filter(
    call => call.reach !== 'installation' && opensToToken(call, account()) !== system.has(call.point),
  )
  expect(byToken.map(({ path }) => path)).toEqual([])
})

it.each([
  ['a super administrator', { roleLevel: 2 }, shipped.super],
  ['a graded administrator', { roleLevel: 3, assigned: [{ departmentId: 1, manage: true }] }, shipped.graded],
  ['the help desk', { roleLevel: 0, isHelpDesk: true as const }, shipped.helpDesk],
])('leaves %s business alone', (_, change, held: ReadonlySet<Point>) => {
  const person = { ...other(), ...change } as Person
  expect(person.separated).toEqual({ as: undefined })
  const beyond = pointed.filter(
    call => opens(call, person) && !(held.has(call.point!) && pointsOfOthers.has(call.point!)),
  )
  expect(beyond.map(({ path }) => path)).toEqual([])
})

it('opens to a role of the corp business alone, whatever it holds', () => {
  const grants = [{ roleId: 1, name: 'r', points: new Set(givablePoints), range: { kind: 'corp' as const } }]
  const person = { ...other(), grants }
  const beyond = pointed.filter(call => opens(call, person) && !pointsOfOthers.has(call.point!))
  expect(beyond.map(({ path }) => path)).toEqual([])
})
