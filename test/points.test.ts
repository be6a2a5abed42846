import { Type } from 'typebox'
import { expect, it } from 'vitest'
import { commands } from '../server/cli/commands.ts'
import { adminCalls, pageCalls } from '../server/features.ts'
import { command } from '../server/platform/command/command.ts'
import { adminScopes } from '../server/platform/http/admin/admin-scope.ts'
import { points } from '../server/platform/http/admin/points.ts'
import { administrator, pageCall, person } from '../server/platform/http/page-call.ts'
import { callsOfCommands } from './admin-commands.table.ts'
import { audiences } from './authorisation.table.ts'
import { allowed, roles } from './operator-calls.table.ts'

const pathOf = ({ path }: { path: string }) => path
const pointed = pageCalls.filter(({ point }) => point !== undefined)

it('names points of the list, and lists none that nothing needs', () => {
  const named = [...pointed, ...adminCalls, ...commands].map(({ point }) => point)
  expect([...new Set(named)].sort()).toEqual(Object.keys(points).sort())
})

// These lines test the compiler: each must be an error, since otherwise the comment above it becomes one.
it('compiles no call of administrators without a point, and none of a person with one', () => {
  const page = {
    method: 'GET',
    path: '/web/test',
    input: {},
    output: Type.Object({}),
    handle: () => ({}),
  } as const
  const access = administrator('super')
  // @ts-expect-error point is missing
  pageCall({ ...page, access })
  // @ts-expect-error a person's own calls need none
  pageCall({ ...page, access: person, point: 'corp:read' })
  // @ts-expect-error there is no such point
  pageCall({ ...page, access, point: 'corp:everything' })
  // @ts-expect-error point is missing
  command({ path: 'test', summary: '', parts: {}, run: async () => ({ data: null, text: '' }) })
  expect(pageCall({ ...page, access: person }).point).toBeUndefined()
})

/** Owners of a developer may call what is for owners whatever their role is: they need no point for their own developer. */
it.each(roles)('opens to %s whole points of page calls', role => {
  const may = pointed.filter(({ path }) => allowed[audiences[path]!].includes(role))
  const held = new Set(may.map(({ point }) => point))
  expect(pointed.filter(({ point }) => held.has(point)).map(pathOf)).toEqual(may.map(pathOf))
})

/** `settings:apply` is opened by all scopes together, which its call checks. */
it.each(adminScopes)('opens to tokens with %s whole points of management calls', asked => {
  const may = adminCalls.filter(({ scope }) => scope === asked)
  const held = new Set(may.map(({ point }) => point))
  expect(adminCalls.filter(({ point }) => held.has(point)).map(pathOf)).toEqual(may.map(pathOf))
})

/** Calls that read and are made by POST, so that no address holds their inputs, or because the reading takes long. */
const readingPosts = [
  '/api/admin/audit/verify',
  '/web/apps/count-visible',
  '/web/audit/integrity/verify',
  '/web/official/rid',
]

it('changes nothing by a point that reads', () => {
  const reads = /:(read|inspect|log|ledger|export)$/
  const acts = [...pointed, ...adminCalls].filter(({ method }) => method === 'POST')
  const changing = acts.filter(({ point }) => reads.test(point ?? ''))
  // Reading the content of a message is recorded.
  expect(changing.map(pathOf).sort()).toEqual([...readingPosts, '/web/messages/content'].sort())
})

/** The one command restores both kinds, each of which has its call and its point. */
const apart = ['deleted restore']

it('names one point for what a command and a call of management do', () => {
  const differing = commands.filter(({ path, point }) => {
    const paths = callsOfCommands[path]
    if (!Array.isArray(paths)) return false
    const calls = adminCalls.filter(one => paths.includes(one.path))
    const acts = calls.filter(({ method }) => method === 'POST')
    return !(acts.length > 0 ? acts : calls).some(one => one.point === point)
  })
  expect(differing.map(pathOf)).toEqual(apart)
})
