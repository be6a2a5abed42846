import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { createDice } from '../../../../test/journeys/random-changes.ts'
import { insertSession } from '../../../callers/sessions/session-store.ts'
import { absoluteMs, createSessions } from '../../../callers/sessions/sessions.ts'
import { passkeyMember } from '../../../callers/sign-in/member-session.ts'
import { getInfo } from '../../../callers/tickets/api.ts'
import { issueTicket } from '../../../callers/tickets/tickets.ts'
import { addApp } from '../../../features/apps/apps.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import type { AnyEndpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { readInput } from '../../../platform/http/input.ts'
import { ReadyAnswer } from '../../../platform/http/output.ts'
import * as api from '../read/api.ts'
import { createMirrors, type Mirrors } from './mirrors.ts'

let world: World
const opens: (() => void)[] = []
beforeAll(async () => {
  world = await startWorld({ members: 150, departments: 30, tags: 6 })
})
afterAll(async () => {
  for (const open of opens) open()
  await world.close()
})

/** Address books of a node that is reading them until `open` is called. */
async function reading(): Promise<{ mirrors: Mirrors; open: () => void }> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const open = () => resolve(false)
  opens.push(open)
  return { mirrors: await mirrorsWith(() => promise), open }
}

function mirrorsWith(read: () => Promise<boolean>): Promise<Mirrors> {
  const { ctx } = world
  const links = { period: () => 0, link: (_: string, fileId: string) => `link of ${fileId}` }
  const snapshots = { read }
  return createMirrors({ ...ctx, nodeId: 'other', bytes: 50_000_000, links, snapshots, membersAtLeast: 1 })
}

/** What a handler answers, or the error that it throws, as text. */
async function answerOf(
  mirrors: Mirrors,
  call: AnyEndpoint<never>,
  developer: Caller,
  given: Record<string, unknown>,
): Promise<string> {
  const { ctx } = world
  const input = readInput(call.input, given)
  const { requirePerson } = await import('../../../callers/tickets/tickets.ts')
  const here = { ...ctx, mirrors }
  const tickets = { requirePerson: (one: Caller, id: string) => requirePerson(here, one, id) }
  const about = call.about?.(input as never)
  const handle = call.handle as (ctx: object, call: object) => unknown
  const work = () => handle({ ...here, tickets }, { input, developer, given, request: undefined })
  try {
    const result = await mirrors.during(developer.corpId, work, about)
    const answer = result instanceof ReadyAnswer ? result.answer : { json: JSON.stringify(result) }
    if ('wire' in answer) return `${answer.people ?? 0} ${answer.wire}`
    return 'envelope' in answer ? `${answer.etag} ${answer.envelope.toString()}` : JSON.stringify(answer)
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.messageIn('en')}`
    throw error
  }
}

it('answers from rows are those from memory to the byte, whoever asks about whom', async () => {
  const { ctx, corpId } = world
  const meanwhile = await reading()
  const whole = await reading()
  whole.open()
  const { members, tree, tags } = await whole.mirrors.load(corpId)
  const people = [...members.all()]
  const dice = createDice(3)
  const pick = <T>(list: readonly T[]) => list[Math.floor(dice() * list.length)] as T
  const departments = tree.order.map(node => node.department.id)
  const app = await addApp(ctx, 'test', corpId, { name: '报修', devId: world.dev.devId })
  const base = ctx.developers.get(world.dev.devId) as Caller
  const scope = () => ({
    departments: [pick(departments), pick(departments)],
    tags: [pick([...tags.keys()])],
  })
  const developers = Array.from({ length: 8 }, (_, n) => ({
    ...base,
    scopes: new Set(n % 2 ? ['directory:read'] : ['directory:read', 'directory:mobile', 'directory:profile']),
    arrayLists: n % 3 === 0,
    dataScope: n === 0 ? undefined : scope(),
  })) as unknown as Caller[]
  let refused = 0
  let answered = 0
  for (let n = 0; n < 60; n++) {
    const developer = pick(developers)
    const { userId, id } = pick(people)
    const { jessionId } = await issueTicket(ctx.db, ctx, { corpId, appId: app.id, memberId: id })
    const spelt = n % 2 ? userId.toUpperCase() : userId
    const orgId = String(pick(departments))
    const calls: [unknown, Record<string, unknown>][] = [
      [api.getUser, { userId: spelt }],
      [api.getUser, { userId: n % 5 ? userId : 'nobody' }],
      [api.authList, { userId }],
      [api.authList, { jessionId }],
      [getInfo, { jessionId }],
      [api.higherList, { orgId }],
      [api.orgList, { orgId, fetchChild: n % 2 }],
      [api.orgList, { jessionId }],
      [api.orgList, {}],
      [api.tagList, {}],
    ]
    if (developer.scopes.has('directory:profile'))
      calls.push([api.getUser, { userId, fields: 'position|mainDepartment|extattr' }])
    for (const [call, given] of calls) {
      const wanted = await answerOf(whole.mirrors, call as never, developer, given)
      expect(await answerOf(meanwhile.mirrors, call as never, developer, given)).toBe(wanted)
      if (/^\d{4} /.test(wanted)) refused++
      else answered++
    }
  }
  expect(meanwhile.mirrors.loaded()).toEqual([])
  expect(refused).toBeGreaterThan(20)
  expect(answered).toBeGreaterThan(200)
})

it('finds a former userid, and a department and a tag that have just changed', async () => {
  const { mirrors } = await reading()
  const developer = world.ctx.developers.get(world.dev.devId) as Caller
  const ask = (call: unknown, given: Record<string, unknown>) =>
    answerOf(mirrors, call as never, developer, given)
  await world.connectCallback()
  const before = await ask(api.higherList, { orgId: '2' })
  expect(before).toContain('"orgId":"1"')
  await world.admin('user/rename', { userid: 'zhangsan', new_userid: 'zhang.san2' })
  await world.admin('department/update', { id: 1, name: '改名的企业' })
  await world.settle()
  expect(await ask(api.getUser, { userId: 'ZhangSan' })).toContain('"userId":"zhang.san2"')
  expect(await ask(api.higherList, { orgId: '2' })).toContain(Buffer.from('改名的企业').toString('latin1'))
})

it('signs in and knows who is signed in, and forgets who left at once', async () => {
  const { ctx, corpId } = world
  const { mirrors } = await reading()
  const here = { ...ctx, mirrors }
  const sessions = await createSessions(here)
  const memberId = ctx.mirrors.of(corpId).members.byKey('lisi')?.id ?? 0
  const createdAt = new Date(ctx.now())
  const expiresAt = new Date(ctx.now() + absoluteMs)
  const session = { id: 'of lisi', corpId, memberId, adminName: null, createdAt, expiresAt }
  await insertSession(ctx.db, { ...session, acr: 2, amr: ['qr'] })
  expect(sessions.knownVisitor('of lisi')).toBeUndefined()
  expect((await sessions.readVisitor('of lisi'))?.member?.name).toBe('李四')
  expect((await passkeyMember(here, corpId, memberId)).userId).toBe('lisi')
  await world.admin('user/delete', { userid: 'lisi' })
  await world.settle()
  expect(await sessions.readVisitor('of lisi')).toBeUndefined()
  await expect(passkeyMember(here, corpId, memberId)).rejects.toThrow('不能登录')
  expect(mirrors.loaded()).toEqual([])
})

it('other calls wait for the whole, and so does a use of anybody who was not named', async () => {
  const { mirrors, open } = await reading()
  const developer = world.ctx.developers.get(world.dev.devId) as Caller
  let isAnswered = false
  const waiting = answerOf(mirrors, api.orgUserList as never, developer, {
    orgId: '1',
    fetchChild: 1,
    pageSize: 5,
  })
  const leaders = answerOf(mirrors, api.getUser as never, developer, {
    userId: 'wangwu',
    fields: 'directLeaders',
  })
  void Promise.race([waiting, leaders]).then(() => {
    isAnswered = true
  })
  expect(await answerOf(mirrors, api.getUser as never, developer, { userId: 'wangwu' })).toContain(
    '"userId":"wangwu"',
  )
  expect(isAnswered).toBe(false)
  open()
  expect(await waiting).toContain('"total":')
})

it('work that needs the whole has it, also within a use that began without', async () => {
  const { mirrors, open } = await reading()
  const { corpId } = world
  const count = () => mirrors.of(corpId).members.size
  const counts = await mirrors.during(
    corpId,
    async () => {
      const inner = mirrors.during(corpId, count)
      open()
      return [count(), await inner, await mirrors.during(corpId, count, { userIds: ['lisi'] }), count()]
    },
    { userIds: ['wangwu'] },
  )
  const { size } = mirrors.of(corpId).members
  expect(size).toBeGreaterThan(100)
  expect(counts).toEqual([1, size, size, 1])
})

it('keeps no departments after a reading that failed', async () => {
  const { ctx, corpId } = world
  const mirrors = await mirrorsWith(() => Promise.reject(new Error('the disk is gone')))
  const rootName = () =>
    mirrors.during(corpId, () => mirrors.of(corpId).tree.get(1)?.department.name, { ids: [] })
  const name = await rootName()
  expect(name).toBeTruthy()
  // As for a corp that was deleted and made anew, whose feed tells of nothing that was before.
  const rename = (to: string) =>
    ctx.db
      .updateTable('department')
      .set({ name: to })
      .where('corp_id', '=', corpId)
      .where('id', '=', 1)
      .execute()
  await rename('另一个企业')
  expect(await rootName()).toBe('另一个企业')
  await rename(name ?? '')
})
