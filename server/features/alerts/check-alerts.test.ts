import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signInAs } from '../../../test/sign-in.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { runDoctor } from '../../organisation/corps/doctor/doctor.ts'
import { readOutage } from '../../organisation/sync/outage-store.ts'
import { cancelRun, startSync } from '../../organisation/sync/request.ts'
import { findRun } from '../../organisation/sync/runs/run-store.ts'
import { readConfig } from '../../platform/config.ts'
import { calendarDay } from '../../platform/moments.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import * as open from './open-alerts.fixture.ts'

/** Nothing here runs the job that looks every five minutes. */
let world: World
beforeAll(async () => {
  world = await startWorld({ members: 120 })
  const [agent] = world.sandbox.agents
  if (agent) await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['messages'] })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.control('faults', undefined, 'DELETE')
})

const needs = () => world.ctx.needsAttention({ corpId: world.corpId, withInstallation: true })
const begins = (cause: string) => open.begins(world.ctx, cause)
const ends = (cause: string) => open.ends(world.ctx, cause)

/** At WeCom, without callbacks. */
async function deleteSilently(count: number): Promise<void> {
  const { corpId, contactSecret: corpsecret, url } = world.sandbox
  const query = new URLSearchParams({ corpid: corpId, corpsecret })
  const { access_token } = (await (await fetch(`${url}/cgi-bin/gettoken?${query}`)).json()) as Record<
    string,
    string
  >
  const members = [...world.ctx.mirrors.of(corpId).members.all()].map(one => one.userId)
  const useridlist = members.filter(userId => userId.toLowerCase() !== 'zhangsan').slice(0, count)
  const body = JSON.stringify({ useridlist })
  await fetch(`${url}/cgi-bin/user/batchdelete?access_token=${access_token}`, { method: 'POST', body })
}

describe('what becomes true is looked for at once', () => {
  it('a sync that waits for approval, and its end', async () => {
    await deleteSilently(80)
    const id = await world.sync()
    expect(await findRun(world.ctx.db, world.corpId, id)).toMatchObject({ state: 'approval' })
    await begins('syncApproval')
    await cancelRun(world.ctx, 'test', world.corpId, id)
    await ends('syncApproval')
  })

  it('a check-up that fails, and no more than once what another alert tells', async () => {
    const [agent] = world.sandbox.agents
    if (!agent) throw new Error('the sandbox has no agent')
    await world.connectCallback()
    const uses = ['messages'] as const
    await putAgent(world.ctx, 'test', world.corpId, { ...agent, secret: 'wrong', uses })
    const { checks } = await runDoctor(world.ctx, world.corpId)
    expect(checks.filter(one => one.state === 'failed').map(one => one.id)).toContain(
      `agent:${agent.agentId}`,
    )
    await begins('doctorFailed')
    const failed = (await needs()).find(one => one.kind === 'doctorFailed')
    expect(failed).toMatchObject({
      what: { zh: expect.stringContaining(agent.name) },
      path: '/console/system/corps',
      alert: { id: expect.any(Number) },
    })
    const dev = await world.addDeveloper()
    const text = { sendType: '0', msgType: '03', agentName: '通知', content: '停电' }
    await dev.post('/api/message/send', { toUser: 'zhangsan', agentId: agent.agentId, ...text })
    await begins('secretRefused')
    expect((await needs()).map(one => one.kind)).not.toContain('doctorFailed')
    await ends('doctorFailed')
    await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses })
    await runDoctor(world.ctx, world.corpId)
    await ends('secretRefused')
    expect((await needs()).map(one => one.kind)).not.toContain('doctorFailed')
  })

  it('a channel that is refused', async () => {
    await world.control('faults', { match: '/cgi-bin/message/send', mode: 'code:60020' })
    const dev = await world.addDeveloper()
    const agentId = world.sandbox.agents[0]?.agentId
    const text = { sendType: '0', msgType: '03', agentName: '通知', content: '停电' }
    const { retCode } = await dev.post('/api/message/send', { toUser: 'zhangsan', agentId, ...text })
    expect(retCode).toBe('1008')
    await begins('channelRefused')
  })

  it('WeCom that does not answer: the run names it before a call has failed, gives no verdict, and people are told', async () => {
    await world.control('faults', { match: '/cgi-bin/department', mode: 'timeout' })
    const id = await startSync(world.ctx, 'test', world.corpId, 'full')
    const outage = () => readOutage(world.ctx.db, world.corpId)
    // Calls give up after 15 s.
    await expect.poll(outage, { timeout: 14_000 }).toMatchObject({ attempts: 0 })
    const { text } = await runCommand(world.ctx, ['sync', 'status'])
    expect(text).toMatch(new RegExp(`企业微信: +企业微信没有应答：${world.sandbox.url}（自 .*正在重试）`))
    expect(text).not.toContain('无差异')
    expect((await runCommand(world.ctx, ['sync', 'drift', String(id)])).text).toContain('这次同步没有读完')
    world.clock.offsetMs += 121_000
    world.ctx.queue.kick()
    await begins('wecomUnreachable')
    await world.control('faults', undefined, 'DELETE')
    await expect.poll(outage, { timeout: 60_000 }).toBeUndefined()
    await ends('wecomUnreachable')
    await world.ctx.sync.drain(world.corpId)
    expect(await findRun(world.ctx.db, world.corpId, id)).toMatchObject({ finishedAt: expect.any(Date) })
  }, 180_000)
})

/** Without the signal a page hears of it after 45 s (`attentionNumber`). Two seconds are meant; a busy machine may take longer. */
const soonMs = 20_000

describe('what is mended goes from open pages soon', () => {
  let other: Server
  beforeAll(async () => {
    other = await startServer(readConfig(world.env), { log: createLog('silent') })
  })
  afterAll(() => other.close())

  /** A page of another node that waits while `mend` is done on this one; what it shows then, and how long after the end of `mend`. */
  async function shownAfter(mend: () => Promise<unknown>, kind: string) {
    const page = await signInAs({ ...world, server: other }, 'super')
    const kinds = async () =>
      (await page.get('/web/alerts')).body.list.map((one: { kind: string }) => one.kind)
    const ask = async (known?: number) =>
      (await page.get('/web/alerts/number', known ? { known } : {})).body.number
    let known: number = await ask()
    expect(await kinds()).toContain(kind)
    await mend()
    const mendedAt = performance.now()
    while ((await kinds()).includes(kind)) known = await ask(known)
    return performance.now() - mendedAt
  }

  it('an alert, after an act of an administrator on another node', async () => {
    const [agent] = world.sandbox.agents
    if (!agent) throw new Error('the sandbox has no agent')
    await world.control('faults', { match: '/cgi-bin/message/send', mode: 'code:60020' })
    const dev = await world.addDeveloper()
    const text = { sendType: '0', msgType: '03', agentName: '通知', content: '停电' }
    await dev.post('/api/message/send', { toUser: 'zhangsan', agentId: agent.agentId, ...text })
    await begins('channelRefused')
    await world.control('faults', undefined, 'DELETE')
    const mend = () => putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['messages'] })
    expect(await shownAfter(mend, 'channelRefused')).toBeLessThan(soonMs)
  })

  it('a scope whose end is moved, and which was no more urgent than a warning', async () => {
    const dev = await world.addDeveloper()
    const day = (days: number) => calendarDay(world.ctx.now() + days * 86_400_000, 'Asia/Shanghai')
    const endsIn = (days: number) =>
      setDeveloper(world.ctx, 'test', dev.devId, { scopeDays: { 'directory:read': day(days) } })
    await endsIn(5)
    await begins('scopeEnds')
    const row = (await needs()).find(one => one.kind === 'scopeEnds')
    expect(row).toMatchObject({ severity: 'warn', alert: { id: expect.any(Number) } })
    expect(row?.what.zh).toMatch(/有效至 (?:\d{4} 年 )?\d+ 月 \d+ 日，/)
    expect(await shownAfter(() => endsIn(60), 'scopeEnds')).toBeLessThan(soonMs)
  })

  it('what no alert tells of, once its corp is configured', async () => {
    await useForMessages(false)
    expect(await shownAfter(() => useForMessages(true), 'noChannel')).toBeLessThan(soonMs)
  })
})

/** The only channel that this world has is its agent. */
async function useForMessages(isOn: boolean): Promise<void> {
  const [agent] = world.sandbox.agents
  if (agent) await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: isOn ? ['messages'] : [] })
}
