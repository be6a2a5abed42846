import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { certificateOf } from '../../../../sandbox/smtp/certificate.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { signInAs } from '../../../../test/sign-in.ts'
import { addCorp, putAgent, setCorp } from '../corps.ts'
import { noteAddress } from './addresses.ts'
import { isPrivateUrl } from './callback.ts'
import { examineCertificate } from './certificate.ts'
import { type Check, runDoctor } from './doctor.ts'

let world: World
const failures: (() => void)[] = []
beforeEach(async () => {
  world = await startWorld({ members: 40, departments: 8, tags: 2 })
})
afterEach(async () => {
  for (const undo of failures.splice(0)) undo()
  await world.close()
})

async function examine(): Promise<{ ok: boolean; of(id: string): Check | undefined; checks: Check[] }> {
  const { ok, checks } = await runDoctor(world.ctx, world.corpId)
  return { ok, checks, of: id => checks.find(check => check.id === id) }
}

async function addAgent(index: number, uses = ['names', 'signin', 'messages'], secret?: string) {
  const agent = world.sandbox.agents[index]!
  await putAgent(world.ctx, 'test', world.corpId, { ...agent, ...(secret ? { secret } : {}), uses })
  return agent
}

it('finds nothing wrong where nothing is', async () => {
  await addAgent(0)
  await world.connectCallback()
  await world.admin('user/update', { userid: 'zhangsan', name: '张三丰' })
  await world.settle()
  const { ok, checks } = await examine()
  expect(checks.filter(check => check.state !== 'ok')).toEqual([])
  expect(ok).toBe(true)
  expect(new Set(checks.map(check => check.id)).size).toBe(checks.length)
})

describe('the contact secret', () => {
  it('is wrong, although an older token still works', async () => {
    await world.ctx.corps.get(world.corpId).contact.tagList()
    await setCorp(world.ctx, 'test', world.corpId, { contactSecret: 'somethingElse' })
    const { ok, of } = await examine()
    expect(ok).toBe(false)
    expect(of('contactSecret')).toMatchObject({ ok: false, state: 'failed' })
    expect(of('contactSecret')?.detail).toContain('40001')
    expect(of('contactSecret')?.fix).toContain('管理工具 → 通讯录同步')
  })

  it('is an application’s', async () => {
    const { secret, agentId, name } = world.sandbox.agents[0]!
    await setCorp(world.ctx, 'test', world.corpId, { contactSecret: secret })
    const check = (await examine()).of('contactSecret')
    expect(check?.state).toBe('failed')
    expect(check?.detail).toContain(name)
    expect(check?.detail).toContain(String(agentId))
  })

  it('belongs to another corp id', async () => {
    const { contactSecret } = world.sandbox
    await addCorp(world.ctx, 'test', { corpId: 'ww0000', name: '别家', contactSecret })
    const { checks } = await runDoctor(world.ctx, 'ww0000')
    expect(checks.find(check => check.id === 'contactSecret')?.detail).toContain('40013')
    expect(checks.find(check => check.id === 'sync')?.detail).toContain('从未同步')
  })

  it.each([40091, 45009])('is answered with %i', async errcode => {
    await world.control('faults', { match: 'gettoken', mode: `code:${errcode}` })
    // The first call is the greeting, which an errcode does not affect.
    const check = (await examine()).of('contactSecret')
    expect(check?.state).toBe(errcode === 40091 ? 'failed' : 'warning')
    expect(check?.detail).toContain(String(errcode))
  })
})

describe('trusted addresses', () => {
  it('names who refuses, and the addresses of all nodes', async () => {
    await addAgent(0)
    await noteAddress({ ...world.ctx, config: { ...world.ctx.config, port: 4000 } }, '203.0.113.7')
    await world.control('trustedIps', { ips: ['198.51.100.1'] })
    const { ok, of } = await examine()
    expect(ok).toBe(false)
    expect(of('trustedIp')?.state).toBe('failed')
    expect(of('trustedIp')?.detail).toMatch(/通讯录同步、应用「工作台」.*127\.0\.0\.1.*60020/)
    expect(of('trustedIp')?.fix).toContain('127.0.0.1、203.0.113.7')
    expect(of('contactSecret')?.state).toBe('warning')
  })

  it('names only the application that refuses', async () => {
    const { agentId } = await addAgent(0)
    await world.control('trustedIps', { agentId, ips: [] })
    const { of } = await examine()
    expect(of('contactSecret')?.state).toBe('ok')
    expect(of('trustedIp')?.detail).not.toContain('通讯录同步')
    expect(of(`agent:${agentId}`)?.state).toBe('warning')
  })
})

describe('the regime', () => {
  it('restricted fails without an agent for names', async () => {
    await world.control('regime', { regime: 'restricted' })
    const check = (await examine()).of('regime')
    expect(check?.state).toBe('failed')
    expect(check?.detail).toContain('48009')
    expect(check?.fix).toContain('names')
  })

  it('restricted with an agent that sees everybody is fine', async () => {
    await addAgent(0)
    await world.control('regime', { regime: 'restricted' })
    const { of } = await examine()
    expect(of('regime')).toMatchObject({ state: 'ok' })
    expect(of('regime')?.detail).toContain('改名不会触发回调')
    expect(of('visibleRange')?.state).toBe('ok')
  })

  it('restricted with an agent that sees few says how few', async () => {
    await addAgent(1)
    await world.control('regime', { regime: 'restricted' })
    const check = (await examine()).of('visibleRange')
    expect(check?.state).toBe('warning')
    expect(check?.detail).toMatch(/看不到 8 个部门中的 [1-7] 个；抽查的 \d+ 名成员中有 [1-9]\d* 名不可见/)
  })
})

describe('what can be seen', () => {
  it('nobody is not a success', async () => {
    await world.control('reset', { members: 0, departments: 3, tags: 0 })
    const check = (await examine()).of('visibleRange')
    expect(check?.state).toBe('failed')
    expect(check?.detail).toContain('没有返回任何成员')
  })
})

describe('an agent', () => {
  it('has a wrong secret', async () => {
    const { agentId } = await addAgent(0, ['signin'], 'wrong')
    const { ok, of } = await examine()
    expect(ok).toBe(false)
    expect(of(`agent:${agentId}`)?.detail).toContain('40001')
  })

  it('has the secret of another one', async () => {
    const { agentId } = await addAgent(0, ['signin'], world.sandbox.agents[1]!.secret)
    expect((await examine()).of(`agent:${agentId}`)?.detail).toContain('分公司应用')
  })

  it('has the contact secret', async () => {
    const { agentId } = await addAgent(0, ['signin'], world.sandbox.contactSecret)
    expect((await examine()).of(`agent:${agentId}`)?.detail).toContain('通讯录同步的 Secret')
  })

  it('is switched off', async () => {
    const { agentId } = await addAgent(0)
    await world.control('agents', { agentId, disabled: true })
    const check = (await examine()).of(`agent:${agentId}`)
    expect(check).toMatchObject({ state: 'failed' })
    expect(check?.fix).toContain('启用')
  })

  it('sees nobody', async () => {
    const { agentId } = await addAgent(0)
    await world.control('agents', { agentId, visible: {} })
    expect((await examine()).of(`agent:${agentId}`)?.state).toBe('warning')
  })

  it('is missed for sign-in and messages', async () => {
    expect((await examine()).of('agents')?.detail).toContain('登录、消息')
  })
})

describe('callbacks', () => {
  it('were never verified', async () => {
    const { ok, of } = await examine()
    expect(ok).toBe(false)
    expect(of('callback')?.state).toBe('failed')
    expect(of('callback')?.fix).toContain(`${world.server.url}/admin/syncController/addressBookChange`)
  })

  it('stopped, while the nightly run finds what they should have told', async () => {
    await world.connectCallback()
    await world.admin('user/update', { userid: 'zhangsan', name: '张三丰' })
    await world.settle()
    await world.control('faults', { match: 'callback', mode: 'dropCallback' })
    await world.admin('user/update', { userid: 'lisi', name: '李四光' })
    world.clock.offsetMs = 10 * 86_400_000
    expect((await examine()).of('events')?.state).toBe('ok')
    await world.sync('reconcile')
    const check = (await examine()).of('events')
    expect(check?.state).toBe('warning')
    expect(check?.detail).toMatch(/10 天前.*1 处/)
  })

  it('shows a certificate that ends', async () => {
    expect((await examine()).of('certificate')).toBeUndefined()
    const { key, cert } = certificateOf(1, '127.0.0.1')
    const endsAt = new X509Certificate(cert).validToDate.getTime()
    const server = createTlsServer({ key, cert }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    failures.push(() => server.close())
    const { port } = server.address() as AddressInfo
    await setCorp(world.ctx, 'test', world.corpId, { publicUrl: `https://127.0.0.1:${port}` })
    expect((await examine()).of('certificate')).toMatchObject({ state: 'ok' })
    const daysBefore = (days: number) =>
      examineCertificate(
        { ...world.ctx, now: () => endsAt - days * 86_400_000 },
        world.ctx.corps.get(world.corpId),
      )
    expect(await daysBefore(15)).toMatchObject([{ state: 'ok' }])
    expect(await daysBefore(10)).toMatchObject([
      { state: 'warning', detail: { zh: expect.stringContaining('还有 10 天') } },
    ])
    expect(await daysBefore(-1)).toMatchObject([{ state: 'failed', ok: false }])
    server.close()
    await once(server, 'close')
    expect(await daysBefore(10)).toMatchObject([
      { state: 'warning', detail: { zh: expect.stringContaining('没有结论') } },
    ])
  })

  it('cannot reach an address of the inner network', async () => {
    expect((await examine()).of('publicUrl')?.state).toBe('ok')
    await setCorp(world.ctx, 'test', world.corpId, { publicUrl: 'http://10.0.0.8:3000' })
    const check = (await examine()).of('publicUrl')
    expect(check?.state).toBe('warning')
    expect(check?.fix).toContain('WISP_PUBLIC_URL')
    const inner = [
      'http://127.0.0.1:1',
      'http://localhost',
      'http://[::1]:3',
      'http://172.20.0.1',
      'http://wisp',
    ]
    expect(inner.filter(url => !isPrivateUrl(url))).toEqual([])
    expect(['https://wisp.example.com', 'http://172.32.0.1', 'http://8.8.8.8'].filter(isPrivateUrl)).toEqual(
      [],
    )
  })
})

it.each([
  [90_000, 'warning', '快 90 秒'],
  [-400_000, 'failed', '慢 7 分钟'],
])('says that the clock is off by %i ms', async (offsetMs, state, words) => {
  world.clock.offsetMs = offsetMs
  const check = (await examine()).of('clock')
  expect(check?.state).toBe(state)
  expect(check?.detail).toContain(words)
})

describe('the mirror', () => {
  it('waits for approval, or failed, or knows of problems', async () => {
    await world.control('reset', { members: 3, departments: 8, tags: 0, seed: 99 })
    await world.sync()
    expect((await examine()).of('sync')?.detail).toContain('等待批准')
    const run = world.ctx.db.updateTable('sync_run')
    await run.set({ state: 'failed', error: '企业微信 60020' }).execute()
    const failed = (await examine()).of('sync')
    expect(failed).toMatchObject({ state: 'failed' })
    expect(failed?.detail).toContain('企业微信 60020')
    await run.set({ state: 'done', problems: JSON.stringify(['成员 a 所在部门 9 不可见']) }).execute()
    expect((await examine()).of('problems')?.detail).toContain('成员 a')
    world.clock.offsetMs = 3 * 86_400_000
    expect((await examine()).of('sync')?.state).toBe('warning')
  })

  it('has parked events, which the readiness details name too', async () => {
    await world.connectCallback()
    await world.admin('user/update', { userid: 'lisi', name: '李四光' })
    await world.settle()
    await world.ctx.db.updateTable('inbox_event').set({ state: 'parked', error: 'x' }).execute()
    const { of } = await examine()
    expect(of('inbox')).toMatchObject({ state: 'warning' })
    expect(await warnings()).toContainEqual(expect.stringContaining('1 contact events are parked'))
  })
})

describe('the readiness details', () => {
  it('warn of what the doctor found', async () => {
    expect(await warnings()).toEqual([`${world.corpId}: WeCom never verified the callback`])
    await examine()
    expect(await warnings()).toContainEqual(expect.stringMatching(/doctor of 20.*通讯录回调/))
  })
})

async function warnings(language = 'zh'): Promise<string[]> {
  const response = await fetch(`${world.server.url}/readyz`, { headers: { 'accept-language': language } })
  expect(response.status).toBe(200)
  return ((await response.json()) as { warnings: string[] }).warnings
}

describe('when WeCom', () => {
  it('is out of reach it says so at once, and the rest', async () => {
    await world.sandbox.close()
    const started = Date.now()
    const { ok, of } = await examine()
    expect(Date.now() - started).toBeLessThan(3000)
    expect(ok).toBe(false)
    expect(of('network')?.detail).toContain('ECONNREFUSED')
    expect(of('contactSecret')).toBeUndefined()
    expect(of('sync')?.state).toBe('ok')
  })

  it('answers a web page it says so', async () => {
    await world.control('faults', { match: 'gettoken', mode: 'html' })
    expect((await examine()).of('network')?.detail).toContain('网页')
  })

  it('is silent it ends in bounded time', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    failures.push(() => silent.close().closeAllConnections())
    await new Promise(resolve => silent.once('listening', resolve))
    world.ctx.config.wecomUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const started = Date.now()
    const { of } = await examine()
    expect(Date.now() - started).toBeLessThan(10_000)
    expect(of('network')?.detail).toContain('没有按时应答')
  })

  it('falls silent after the greeting nothing is concluded', async () => {
    world.ctx.wecomOptions = { timeoutMs: 300 }
    await world.control('faults', { match: '/list_id|simplelist/', mode: 'timeout' })
    const check = (await examine()).of('contactSecret')
    expect(check?.state).toBe('warning')
    expect(check?.detail).toContain('没有结论')
  })
})

describe('in English', () => {
  /** Names of WeCom's menus appear in brackets and names of applications in quotes; both may be Chinese. */
  const chineseIn = (text: string) =>
    text.replace(/\([^()]*\)|"[^"]*"/g, '').match(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+/g)
  const textsOf = ({ title, detail, fix = '' }: Check) => [title, detail, fix]

  const causes: [string, () => Promise<unknown>][] = [
    ['a new corp', async () => undefined],
    ['a corp without faults', async () => Promise.all([addAgent(0), world.connectCallback()])],
    ['a wrong secret', () => setCorp(world.ctx, 'test', world.corpId, { contactSecret: 'somethingElse' })],
    [
      'secrets of others',
      async () => {
        const { secret } = world.sandbox.agents[0]!
        await setCorp(world.ctx, 'test', world.corpId, { contactSecret: secret })
        await addAgent(0, ['signin'], world.sandbox.contactSecret)
        await addAgent(1, ['messages'], secret)
      },
    ],
    [
      'addresses that are not trusted',
      async () => {
        const { agentId } = await addAgent(0)
        await world.control('trustedIps', { ips: ['198.51.100.1'] })
        await world.control('trustedIps', { agentId, ips: [] })
      },
    ],
    ['the restricted regime', () => world.control('regime', { regime: 'restricted' })],
    [
      'the restricted regime with an agent that sees few',
      async () => {
        await addAgent(1)
        await world.control('regime', { regime: 'restricted' })
      },
    ],
    ['no members', () => world.control('reset', { members: 0, departments: 3, tags: 0 })],
    [
      'a busy WeCom',
      () => world.control('faults', { match: '/list_id|simplelist|agent/', mode: 'code:45009' }),
    ],
    ['no WeCom', () => world.control('faults', { match: 'gettoken', mode: 'html' })],
    [
      'an inner address',
      () => setCorp(world.ctx, 'test', world.corpId, { publicUrl: 'http://10.0.0.8:3000' }),
    ],
    [
      'another clock',
      async () => {
        world.clock.offsetMs = 400_000
      },
    ],
    [
      'a run that waits for approval',
      async () => {
        await world.control('reset', { members: 3, departments: 8, tags: 0, seed: 99 })
        await world.sync()
      },
    ],
  ]

  it.each(causes)('%s is told of', async (_cause, bring) => {
    await bring()
    const as = await signInAs(world, 'super')
    const english = { 'accept-language': 'en' }
    const { body } = await as.post('/web/corps/doctor', {}, english)
    expect(body.checks.length).toBeGreaterThan(5)
    expect(body.checks.flatMap(textsOf).flatMap((text: string) => chineseIn(text) ?? [])).toEqual([])
  })

  it('is what was found for another reader', async () => {
    const { checks } = await examine()
    const as = await signInAs(world, 'super')
    const read = async (language: string) => {
      const headers = { cookie: as.cookie, 'accept-language': language }
      const response = await fetch(`${world.server.url}/web/corps/one`, { headers })
      return ((await response.json()) as { body: { diagnosis: { failed: string[]; checks: Check[] } } }).body
        .diagnosis
    }
    expect(await read('zh')).toMatchObject({ failed: ['通讯录回调'], checks })
    const english = await read('en')
    expect(english.failed).toEqual(['Contacts callback'])
    expect(english.checks.find(one => one.id === 'callback')).toMatchObject({
      title: 'Contacts callback',
      fix: expect.stringContaining(
        'WeCom admin console: Management Tools → Contacts Sync (管理工具 → 通讯录同步)',
      ),
    })
    expect(await warnings('en')).toContainEqual(expect.stringMatching(/doctor of 20.*Contacts callback/))
  })
})
