import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { certificateOf } from '../../../sandbox/smtp/certificate.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { merchantCertificate } from '../../../test/merchant-certificate.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { certificateEnds } from '../../organisation/corps/certificate-cause.ts'
import { putAgent, setCorp } from '../../organisation/corps/corps.ts'
import { removeRole, setRole } from '../../organisation/people/administrators.ts'
import { eventXml, push } from '../../organisation/sync/events/push.fixture.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { startServer } from '../../server.ts'
import { setChannel } from '../channels/settings/settings.ts'
import {
  arrived,
  fresh,
  sendText,
  shownMail,
  useAgents,
  useSms,
  useSmtp,
} from '../messages/messages.fixture.ts'
import { setMerchant } from '../payments/merchants/connect.ts'
import { connectMerchant } from '../payments/merchants/merchant.fixture.ts'
import type { Need, PastAlert } from './alerts.ts'
import { checkCauses } from './check.ts'
import { begins, lookedLast } from './open-alerts.fixture.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

let world: World
let system: SignedInClient
let zhangsan: SignedInClient
beforeAll(async () => {
  world = await startWorld()
  await useAgents(world)
  zhangsan = await signInAs(world, 'super')
  system = await signInAs(world, 'system')
})
afterAll(() => world.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.control('faults', undefined, 'DELETE')
  await lookedLast(world.ctx)
  await dropRun()
  await dropEvents()
  await world.ctx.db.deleteFrom('alert').execute()
  await world.ctx.db.deleteFrom('message_refusal').execute()
  // Some were sent at a later time of the clock.
  await world.ctx.db.deleteFrom('message').execute()
})

type ShownAlert = Need & NonNullable<Need['alert']> & { cause: string }

const needs = async (as = system) => (await as.get('/web/alerts')).body.list as Need[]
/** What an alert tells, with its facts; what no alert tells is left out. */
const open = async (as = system): Promise<ShownAlert[]> =>
  (await needs(as)).flatMap(one => (one.alert ? [{ ...one, ...one.alert, cause: one.kind }] : []))
const past = async (as = system) => (await as.get('/web/alerts/past')).body.list as PastAlert[]
const causesOpen = async () => (await open()).map(one => one.cause).sort()

/** Looks for what is wrong, and waits until everyone who can be told has been told. */
async function check(): Promise<void> {
  await world.ctx.jobs.run('alerts')
  const isUntold = () =>
    world.ctx.db
      .selectFrom('alert')
      .select('id')
      .where('corp_id', 'is not', null)
      .where('ended_at', 'is', null)
      .where('tried_at', 'is', null)
      .where('acknowledged_at', 'is', null)
      .execute()
  await expect.poll(isUntold, { timeout: 15_000 }).toEqual([])
}

const put = (statement: ReturnType<typeof sql>) => statement.execute(world.ctx.db)
const putRun = (state: string, error: string | null = null) =>
  put(sql`insert into sync_run (corp_id, kind, state, error, created_at, updated_at, finished_at)
    values (${world.corpId}, 'reconcile', ${state}, ${error}, now(), now(), now())`)
const dropRun = () => put(sql`delete from sync_run where state <> 'done'`)
const putEvent = (state: string, agoMs: number, { stream = 'directory', account = '' } = {}) =>
  put(sql`insert into inbox_event (corp_id, stream, account, source, kind, entity, state, received_at, next_attempt_at)
    values (${world.corpId}, ${stream}, ${account}, 'callback', 'x', 'other', ${state}, ${new Date(Date.now() - agoMs)}, now() + interval '1 day')`)
const dropEvents = () => put(sql`delete from inbox_event`)

describe('an alert', () => {
  it('opens, is told once, ends by itself, and what flaps is the same alert', async () => {
    await world.control('faults', { match: '/cgi-bin/department', mode: 'code:60020', probability: 1 })
    await world.sync()
    await check()
    const [alert] = await open()
    expect(alert).toMatchObject({ cause: 'syncFailed', title: '最近一次同步失败', acknowledgedAt: null })
    expect(alert?.what).toContain('60020 服务器 IP 不在企业可信 IP 中')
    expect(alert?.path).toMatch(/^\/console\/sync\/runs\/\d+$/)
    expect(alert?.toldAt).not.toBeNull()
    await check()
    const [shown, ...more] = await arrived(world, '最近一次同步失败')
    expect(more).toEqual([])
    expect(shown).toMatchObject({ to: ['zhangsan'], msgtype: 'textcard' })
    expect(shown?.content['url']).toBe(`${world.server.url}${alert?.path}`)

    await world.control('faults', undefined, 'DELETE')
    await world.sync()
    await check()
    expect(await open()).toEqual([])
    expect(await past()).toMatchObject([{ id: alert?.id, endedAt: expect.any(String) }])
    await putRun('failed', 'again')
    await check()
    expect(await open()).toMatchObject([{ id: alert?.id, since: alert?.since }])
    expect(await arrived(world, '最近一次同步失败')).toHaveLength(1)

    await dropRun()
    await check()
    world.clock.offsetMs = 7 * hourMs
    await putRun('failed', 'much later')
    await check()
    world.clock.offsetMs = 0
    expect((await open())[0]?.id).not.toBe(alert?.id)
    expect(await arrived(world, '最近一次同步失败')).toHaveLength(2)
    await dropRun()
  })

  it('is opened and told once by two nodes that look at once', async () => {
    const log = createLog('silent')
    const other = await startServer(readConfig(world.env), { log })
    try {
      await putRun('approval', 'two nodes look')
      const nodes = [world.ctx, other.ctx]
      await Promise.all([...nodes, ...nodes, ...nodes].map(node => node.jobs.run('alerts')))
      await check()
      expect((await open()).filter(one => one.cause === 'syncApproval')).toHaveLength(1)
      expect(await arrived(world, 'two nodes look')).toHaveLength(1)
    } finally {
      await other.close()
      await dropRun()
    }
  })

  it('is not told again by the node that takes over from one that died before it was noted', async () => {
    await putRun('approval', 'died after telling')
    await check()
    await world.ctx.db.updateTable('alert').set({ told_at: null, tried_at: null }).execute()
    await check()
    expect((await open())[0]?.toldAt).not.toBeNull()
    expect(await arrived(world, 'died after telling')).toHaveLength(1)
    await dropRun()
  })

  it('that opens before the other node takes over is told too', async () => {
    await putRun('approval', 'told by the one that died')
    await check()
    await world.ctx.db.updateTable('alert').set({ told_at: null, tried_at: null }).execute()
    await putEvent('parked', hourMs)
    await check()
    expect(await causesOpen()).toEqual(['parkedEvents', 'syncApproval'])
    expect(await arrived(world, 'told by the one that died')).toHaveLength(2)
    expect(await arrived(world, '变更事件')).toHaveLength(1)
    await dropEvents()
    await dropRun()
  })

  it('stays in the console where nobody can be told, who is told a day later', async () => {
    await removeRole(world.ctx, 'test', world.corpId, 'zhangsan')
    await putRun('approval', 'nobody is there')
    await check()
    expect(await open()).toMatchObject([{ cause: 'syncApproval', toldAt: null }])
    await setRole(world.ctx, 'test', world.corpId, 'zhangsan', { level: 2 })
    await check()
    expect(await arrived(world, 'nobody is there')).toEqual([])
    world.clock.offsetMs = 25 * hourMs
    await world.ctx.jobs.run('alerts')
    await expect.poll(() => arrived(world, 'nobody is there'), { timeout: 15_000 }).toHaveLength(1)
    world.clock.offsetMs = 0
    await dropRun()
  })

  it('is acknowledged once, with who and when, and told to nobody afterwards', async () => {
    await removeRole(world.ctx, 'test', world.corpId, 'zhangsan')
    await putRun('approval', 'known already')
    await check()
    const [alert] = await open()
    await setRole(world.ctx, 'test', world.corpId, 'zhangsan', { level: 2 })
    const acknowledge = (as: SignedInClient, id = alert?.id) => as.post('/web/alerts/acknowledge', { id })
    expect((await acknowledge(zhangsan)).retCode).toBe('0')
    expect((await acknowledge(system)).retCode).toBe('0')
    expect(await open()).toMatchObject([{ acknowledgedBy: 'zhangsan', acknowledgedAt: expect.any(String) }])
    const acts = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'alert.acknowledge')
      .execute()
    expect(acts).toMatchObject([
      {
        corp_id: world.corpId,
        actor: 'zhangsan',
        target: String(alert?.id),
        detail: { cause: 'syncApproval' },
      },
    ])
    world.clock.offsetMs = 25 * hourMs
    await check()
    world.clock.offsetMs = 0
    expect(await arrived(world, 'known already')).toEqual([])
    await dropRun()
    await check()
    expect((await acknowledge(system)).retMessage).toContain('已经结束')
    expect((await acknowledge(system, 999_999)).retCode).toBe('1000')
  })

  it('of another corp can be neither seen nor acknowledged', async () => {
    await put(sql`insert into corp (corp_id, name, public_url, contact_secret, callback_token, callback_aes_key, created_at)
      select 'wwother', '', '', contact_secret, callback_token, callback_aes_key, now() from corp`)
    const { rows } = await sql<{ id: number }>`
      insert into alert (corp_id, cause, detail, since) values ('wwother', 'parkedEvents', '{"count":1}', now())
      returning id`.execute(world.ctx.db)
    expect([...(await open(zhangsan)), ...(await past(zhangsan))]).toEqual([])
    const answer = await zhangsan.post('/web/alerts/acknowledge', { id: rows[0]?.id })
    expect(answer).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('没有提醒') })
    await put(sql`delete from corp where corp_id = 'wwother'`)
    expect(await world.ctx.db.selectFrom('alert').select('id').execute()).toEqual([])
  })

  it('keeps what its cause could not be looked for, and fails the job', async () => {
    await putRun('approval', 'still open')
    await check()
    const broken = { find: () => Promise.reject(new Error('no such luck')) }
    await expect(checkCauses(world.ctx, { syncApproval: broken })).rejects.toThrow('syncApproval')
    expect(await causesOpen()).toEqual(['syncApproval'])
    await dropRun()
  })
})

describe('a cause', () => {
  it('is a sync that nobody finished for long', async () => {
    await check()
    expect(await causesOpen()).toEqual([])
    world.clock.offsetMs = 2 * dayMs
    await check()
    // A run that is under way is no reason to hope yet, and what failed is told of itself.
    await putRun('running')
    await check()
    // Two days ahead, the audit tree can be behind too.
    const stale = world.ctx.db.selectFrom('alert').selectAll().where('cause', '=', 'syncStale')
    expect(await stale.execute()).toMatchObject([{ ended_at: null }])
    await dropRun()
    world.clock.offsetMs = 0
    await check()
    expect(await causesOpen()).toEqual([])
  })

  it('is what waits or was given up', async () => {
    await putEvent('parked', 0)
    await putEvent('pending', 20 * 60_000)
    await check()
    expect(await causesOpen()).toEqual(['parkedEvents'])
    await putEvent('pending', 40 * 60_000)
    await check()
    expect(await causesOpen()).toEqual(['lateEvents', 'parkedEvents'])
    await putEvent('parked', 0, { stream: 'official', account: 'gh_1' })
    await check()
    const pushes = (await open()).find(one => one.cause === 'parkedPushes')
    expect(pushes?.path).toBe('/console/official/pushes?account=gh_1&state=parked')
    await dropEvents()
    await check()
    expect(await causesOpen()).toEqual([])
  })

  it('is a callback that does not come although something changed', async () => {
    await world.connectCallback()
    await world.control('faults', { match: 'callback', mode: 'dropCallback' })
    await world.admin('user/update', { userid: 'lisi', name: '李四光' })
    world.clock.offsetMs = 4 * dayMs
    await check()
    expect(await causesOpenAt()).not.toContain('callbacksSilent')
    await world.sync('reconcile')
    await check()
    expect(await causesOpenAt()).toContain('callbacksSilent')
    await world.control('faults', undefined, 'DELETE')
    await put(sql`insert into inbox_event (corp_id, stream, source, kind, entity, state, received_at, next_attempt_at)
      values (${world.corpId}, 'directory', 'callback', 'x', 'other', 'done', ${new Date(world.ctx.now())}, now())`)
    await check()
    expect(await causesOpenAt()).not.toContain('callbacksSilent')
    world.clock.offsetMs = 0
    await dropEvents()
    await put(sql`delete from sync_run where kind = 'reconcile'`)
  })

  it('is callbacks that are refused while none is right, and a stranger for another corp is not', async () => {
    const event = () => eventXml(world, 'update_user', '<UserID>lisi</UserID>')
    for (const times of [1, 2])
      expect((await push(world, event(), { token: `wrong${times}` })).status).toBe(403)
    expect((await push(world, event(), { encodingAesKey: 'A'.repeat(43) })).status).toBe(400)
    await push(world, event(), { token: 'wrong', toUserName: 'wwnobody' })
    await begins(world.ctx, 'callbacksRefused')
    await check()
    expect(await open()).toMatchObject([{ cause: 'callbacksRefused', what: expect.stringContaining('3 次') }])
    expect((await push(world, event())).status).toBe(200)
    await check()
    expect(await causesOpen()).toEqual([])
    await world.settle()
    await put(sql`delete from attempt_counter`)
    await dropEvents()
  })

  it('is a secret that WeCom refuses, told by mail, and not its channel too', async () => {
    await useSmtp(world)
    const [agent] = world.sandbox.agents
    await putAgent(world.ctx, 'test', world.corpId, {
      ...agent!,
      uses: ['messages'],
      secret: 'an old secret',
    })
    expect((await sendText(world, '发不出去')).code).toBe('1008')
    await check()
    expect(await open()).toMatchObject([
      { cause: 'secretRefused', title: expect.stringContaining(agent!.name), toldAt: expect.any(String) },
    ])
    const mails = (await shownMail(world)).filter(one => one.subject.includes('拒绝了应用'))
    expect(mails).toMatchObject([{ userids: ['zhangsan'] }])
    expect(mails[0]?.text).toContain('WeCom refuses the secret of application')
    await putAgent(world.ctx, 'test', world.corpId, { ...agent!, uses: ['messages'] })
    await check()
    expect(await causesOpen()).toEqual([])
    await useSmtp(world, null)
  })

  it('is a channel that is refused; the messages about it make no more alerts, and count as no failures', async () => {
    await useSmtp(world, { password: 'wrong' })
    await useSms(world, 'tencent')
    await put(sql`delete from message_refusal`)
    await world.control('faults', { match: 'message/send', mode: 'code:60020', probability: 1 })
    expect((await sendText(world, '被拒绝')).code).toBe('1008')
    for (let n = 0; n < 4; n++) await check()
    const alerts = await open()
    expect(alerts).toMatchObject([
      { title: expect.stringMatching(/^企业微信「.+」渠道被拒绝$/), toldAt: null },
    ])
    const failed = (await needs()).find(one => one.kind === 'troubledMessages')
    expect(failed?.title).toBe('近 3 天有 1 条消息没有完全送达')
    const { figures } = (await system.get('/web/overview')).body.whole
    expect(figures.troubled.at(-1)).toBe(1)
    const { n } = await world.ctx.db
      .selectFrom('message')
      .select(one => one.fn.countAll<number>().as('n'))
      .where('agent_name', '=', '平台提醒')
      .where('recalled_at', 'is not', null)
      .executeTakeFirstOrThrow()
    // It was tried through both channels, once.
    expect(n).toBe(2)

    await world.control('faults', undefined, 'DELETE')
    expect((await sendText(world, '好了')).status).toBe('sent')
    await useSmtp(world)
    await check()
    expect(await causesOpen()).toEqual([])
    await useSmtp(world, null)
  })

  it('is an SMS vendor that refuses the account, until other settings are stored', async () => {
    await useSms(world, 'tencent')
    const { settings } = world.ctx.messageSettings.setupOf<Record<string, unknown>>(world.corpId, 'sms')
    const sms = { toUser: 'zhangsan', agentName: '审批', templateId: 'code', params: ['1234', '5'] }
    await setChannel(world.ctx, 'test', world.corpId, 'sms', {
      ...settings,
      secretKey: 'another key, and wrong',
    })
    expect((await fresh(world).post('/api/message/sms', sms)).retCode).toBe('1008')
    await check()
    expect(await open()).toMatchObject([{ cause: 'channelRefused', title: '短信渠道被拒绝' }])
    await useSms(world, 'tencent')
    await check()
    expect(await causesOpen()).toEqual([])
  })

  it('is an old key of the installation, which only its own administrator sees', async () => {
    world.ctx.config.secretKeyOld = 'an old key, of 32 characters or more'
    await check()
    expect(await causesOpen()).toEqual(['oldSecretKey'])
    expect(await open(zhangsan)).toEqual([])
    const [alert] = await open()
    expect((await zhangsan.post('/web/alerts/acknowledge', { id: alert?.id })).retCode).toBe('1000')
    expect((await system.post('/web/alerts/acknowledge', { id: alert?.id })).retCode).toBe('0')
    world.ctx.config.secretKeyOld = ''
    await check()
    expect(await causesOpen()).toEqual([])
  })

  it('is a certificate that ends soon, and nothing while it cannot be seen', async () => {
    const { key, cert } = certificateOf(1, '127.0.0.1')
    const endsAt = new X509Certificate(cert).validToDate.getTime()
    const server = createServer({ key, cert }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await setCorp(world.ctx, 'test', world.corpId, { publicUrl: `https://127.0.0.1:${port}` })
    const at = (time: number) => {
      const then = { ...world.ctx, now: () => time }
      return checkCauses(then, { certificateEnds: { find: () => certificateEnds.find(then) } })
    }
    await at(endsAt - 15 * dayMs)
    expect(await open()).toEqual([])
    await at(endsAt - 10 * dayMs)
    expect(await open()).toMatchObject([
      { cause: 'certificateEnds', what: expect.stringContaining('还有 10 天') },
    ])
    const metrics = await (await fetch(`${world.server.url}/metrics`)).text()
    expect(metrics).toMatch(new RegExp(`wisp_certificate_days\\{host="127.0.0.1:${port}"\\} \\d{5}`))
    await at(endsAt + dayMs)
    expect(await open()).toMatchObject([{ title: `127.0.0.1:${port} 的证书已过期` }])
    server.close()
    await once(server, 'close')
    await at(endsAt - 20 * dayMs)
    expect(await open()).toHaveLength(1)
    await setCorp(world.ctx, 'test', world.corpId, { publicUrl: '' })
    await at(endsAt - 20 * dayMs)
    expect(await open()).toEqual([])
  })

  it('is the certificate of a merchant that ends soon, where it was entered', async () => {
    const certificate = (days: number) => merchantCertificate(world, Date.now() + days * dayMs)
    const { mchId } = await connectMerchant(world, { certificate: certificate(15) })
    await check()
    expect(await causesOpen()).toEqual([])
    const renew = (days: number) =>
      setMerchant(world.ctx, 'test', world.corpId, mchId, { certificate: certificate(days) })
    await renew(10)
    await check()
    expect(await open()).toMatchObject([
      { cause: 'merchantCertificateEnds', what: expect.stringContaining('还有 9 天') },
    ])
    const metrics = await (await fetch(`${world.server.url}/metrics`)).text()
    expect(metrics).toContain(`wisp_certificate_days{host="merchant ${mchId}"} 9.9`)
    await renew(100)
    await check()
    expect(await causesOpen()).toEqual([])
  })
})

/** The session may have ended at the clock's present, so the rows are read. */
async function causesOpenAt(): Promise<string[]> {
  const rows = await world.ctx.db.selectFrom('alert').select('cause').where('ended_at', 'is', null).execute()
  return rows.map(row => row.cause)
}
