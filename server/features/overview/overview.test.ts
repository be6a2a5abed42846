import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { putAgent, removeAgent } from '../../organisation/corps/corps.ts'
import { lastDiagnosis, runDoctor } from '../../organisation/corps/doctor/doctor.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { removeRole, setRole } from '../../organisation/people/administrators.ts'
import type { Need } from '../alerts/alerts.ts'
import { setChannel } from '../channels/settings/settings.ts'
import type { Overview } from './overview.ts'

let world: World
let system: SignedInClient

const read = async (as = system) => (await as.get('/web/overview')).body as Overview
const needs = async () => (await system.get('/web/alerts')).body.list as Need[]
const inEnglish = async () => {
  const headers = { cookie: system.cookie, 'accept-language': 'en' }
  return (await call(`${world.server.url}/web/alerts`, { headers })).body.list as Need[]
}
const kinds = async () => (await needs()).map(one => one.kind)
const openSteps = async () => (await read()).whole?.steps.filter(one => !one.done).map(one => one.step)

beforeAll(async () => {
  world = await startWorld()
  await switchFeatures(world.ctx, 'test', world.corpId, { payments: false, official: false })
  system = await signInAs(world, 'system')
})
afterAll(() => world.close())

const mail = {
  host: 'mail.example',
  port: 25,
  security: 'none',
  user: '',
  password: '',
  from: 'a@b.example',
}

describe('the overview', () => {
  it('counts members and departments', async () => {
    const { members } = await read()
    const { tree, members: table } = world.ctx.mirrors.of(world.corpId)
    expect(members.departments).toBe(tree.order.length)
    expect(members.listed).toBeLessThanOrEqual(table.size)
    expect(members.active).toBeGreaterThan(0)
  })

  it('says what is missing on day one, and ticks what is done', async () => {
    expect((await kinds()).sort()).toEqual(['callbackUnverified', 'noChannel'])
    expect(await openSteps()).toEqual(['callback', 'agent', 'message', 'administrator'])
    await setChannel(world.ctx, 'test', world.corpId, 'email', mail)
    await world.connectCallback()
    // The node rereads its configuration when PostgreSQL signals a change.
    await expect.poll(kinds).toEqual([])
    expect(await openSteps()).not.toContain('callback')
  })

  it('knows the only agent for messages, and ticks a channel when a test of it succeeded', async () => {
    await setChannel(world.ctx, 'test', world.corpId, 'email', null)
    await expect.poll(kinds).toEqual(['noChannel'])
    const agent = world.sandbox.agents[0]!
    await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['messages'] })
    expect(await kinds()).toEqual([])
    expect(await openSteps()).toContain('message')
    const tested = await system.post('/web/messages/test', { channel: 'wecom', userId: 'zhangsan' })
    expect(tested.body).toMatchObject({ ok: true })
    expect(await openSteps()).not.toContain('message')
    await removeAgent(world.ctx, 'test', world.corpId, agent.agentId)
    expect(await kinds()).toEqual(['noChannel'])
    await setChannel(world.ctx, 'test', world.corpId, 'email', mail)
  })

  it('tells the page of day one all steps, also when they are done, and the latest sync', async () => {
    const start = async () => (await system.get('/web/start')).body
    const id = await world.sync()
    const before = await start()
    expect(before.run).toEqual({ id, state: 'done' })
    const done = (answer: { steps: { step: string; done: boolean }[] }) =>
      answer.steps.filter(one => one.done).map(one => one.step)
    expect(done(before)).toEqual(['corp', 'callback', 'sync', 'developer'])
    const [signIn, sender] = world.sandbox.agents
    await putAgent(world.ctx, 'test', world.corpId, { ...signIn!, uses: ['signin'] })
    expect(done(await start())).not.toContain('agent')
    await putAgent(world.ctx, 'test', world.corpId, { ...sender!, uses: ['messages'] })
    expect((await system.post('/web/messages/test', { channel: 'wecom', userId: 'zhangsan' })).body.ok).toBe(
      true,
    )
    await setRole(world.ctx, 'test', world.corpId, 'zhangsan', { level: 2, departments: [] })
    expect(done(await start())).toHaveLength(7)
    expect((await read()).whole?.steps).toEqual([])
    await removeRole(world.ctx, 'test', world.corpId, 'zhangsan')
    for (const { agentId } of [signIn!, sender!]) await removeAgent(world.ctx, 'test', world.corpId, agentId)
  })

  it('does not count whom the first sync brought, but everyone who changes afterwards', async () => {
    const changesToday = async () => (await read()).whole?.figures.memberChanges.at(-1)
    expect(await changesToday()).toBe(0)
    await world.admin('user/update', { userid: 'zhangsan', name: '张三丰' })
    await world.settle()
    expect(await changesToday()).toBe(1)
  })

  it('measures the delay of a replayed event from its replay', async () => {
    world.clock.offsetMs = 60_000
    const { list } = (await system.get('/web/sync/events')).body
    const ids = list.map((event: { id: number }) => event.id)
    expect((await system.post('/web/sync/replay', { ids })).retCode).toBe('0')
    await world.settle()
    expect((await read()).whole?.figures.delays.at(-1)).toBeLessThan(30)
    world.clock.offsetMs = 0
  })

  it('says who quit instead of counting one more elsewhere', async () => {
    await world.ctx.db
      .updateTable('directory_feed')
      .set(row => ({ members: row('listed', '+', 1) }))
      .where('corp_id', '=', world.corpId)
      .execute()
    const { listed } = (await read()).members
    expect((await system.get('/web/sync/status')).body).toMatchObject({ members: listed, quit: 1 })
  })

  it('names a failed run with its error, before anything that is only worth knowing', async () => {
    await world.control('faults', { match: '/cgi-bin/department', mode: 'code:60020', probability: 1 })
    const id = await world.sync()
    const [first] = await needs()
    expect(first).toMatchObject({ kind: 'syncFailed', severity: 'bad', path: `/console/sync/runs/${id}` })
    expect(`${first?.what}${first?.fix}`).toContain('60020 服务器 IP 不在企业可信 IP 中')
    // The names of pages of WeCom's console stay Chinese, in brackets.
    const [inOwnWords] = await inEnglish()
    const english = inOwnWords?.what.replace(/\([^)]*\)/g, '')
    expect(english).toMatch(/^Sync run \d+ failed: WeCom 60020 the server's IP is not among \P{sc=Han}+$/u)
    await runDoctor(world.ctx, world.corpId)
    const failing = (list: Need[]) => list.find(({ kind }) => kind === 'doctorFailed')
    expect(failing(await needs())?.what).toMatch(/\p{sc=Han}/u)
    expect(failing(await inEnglish())?.what.replace(/\([^)]*\)/g, '')).toMatch(/^\P{sc=Han}+$/u)
    await world.control('faults', undefined, 'DELETE')
    await runDoctor(world.ctx, world.corpId)
    expect((await lastDiagnosis(world.ctx, world.corpId))?.failed).toEqual(['通讯录同步'])
    await world.sync()
    await expect.poll(kinds, { timeout: 20_000 }).not.toContain('syncFailed')
    // The doctor runs again by itself after the sync that it had found fault with.
    await expect.poll(kinds, { timeout: 20_000 }).not.toContain('doctorFailed')
  })

  it.each([
    ['parkedEvents', 'directory', '', '/console/sync/events?state=parked'],
    ['parkedPushes', 'official', 'gh_1', '/console/official/pushes?account=gh_1&state=parked'],
    ['paymentsParked', 'pay', '1900000109', '/console/payments/notifications?state=parked'],
  ] as const)('names %s', async (kind, stream, account, path) => {
    await world.ctx.db
      .insertInto('inbox_event')
      .values({
        corp_id: world.corpId,
        stream,
        account,
        source: 'callback',
        kind: 'x',
        entity: 'other',
        dedupe_key: null,
        payload_hash: null,
        raw: null,
        plain: null,
        state: 'parked',
        error: 'broken',
        received_at: new Date(),
        next_attempt_at: new Date(),
        done_at: null,
      })
      .execute()
    const parked = (await needs()).find(one => one.kind === kind)
    expect(parked).toMatchObject({ kind, severity: 'bad', path, what: expect.stringMatching(/^1 条/) })
  })

  it('has one figure per day, today last, with the calls just made', async () => {
    await world.dev.get('/api/org/tagList')
    const figures = (await read()).whole?.figures
    expect(figures?.days).toHaveLength(14)
    for (const values of [figures?.calls, figures?.troubled, figures?.messages[2]?.values])
      expect(values).toHaveLength(14)
    expect(figures?.calls.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(1)
  })

  it('shows the last runs', async () => {
    const [last] = (await read()).whole?.runs ?? []
    expect(last).toMatchObject({ kind: 'full', state: 'done', requestedBy: 'test' })
  })

  it('shows a graded administrator the assigned departments and nothing else', async () => {
    const { tree } = world.ctx.mirrors.of(world.corpId)
    const leaf = tree.order.findLast(node => node.children.length === 0)
    const departmentId = leaf?.department.id ?? 1
    const graded = await signInAs(world, 'graded', 'lisi', [{ departmentId, manage: true }])
    const answer = await read(graded)
    expect(answer.whole).toBeUndefined()
    expect(answer.members.departments).toBe(1)
    expect(answer.members.listed).toBeLessThan((await read()).members.listed)
  })
})
