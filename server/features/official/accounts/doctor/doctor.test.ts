import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../../test/harness.ts'
import { signInAs } from '../../../../../test/sign-in.ts'
import { until } from '../../../../../test/until.ts'
import { readConfig } from '../../../../platform/config.ts'
import { createLog } from '../../../../platform/operation/log.ts'
import { type Server, startServer } from '../../../../server.ts'
import { OfficialError } from '../../../../upstream/official/errors.ts'
import { pushTo, pushXml, textFields } from '../../callback/push.fixture.ts'
import type { Account } from '../accounts.ts'
import { bindAccount, removeAccount, setAccount } from '../bind.ts'
import { attempt } from './attempt.ts'
import { examineAccount, lastExamination } from './doctor.ts'

let world: World
let other: Server
let account: Account
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  account = await world.bindOfficial()
  other = await startServer(readConfig(world.env), { log: createLog('silent') })
})
afterAll(async () => {
  await other.close()
  await world.close()
})

const examine = async (originalId = account.originalId) => {
  const { ok, checks } = await examineAccount(world.ctx, world.corpId, originalId)
  return { ok, checks, by: Object.fromEntries(checks.map(check => [check.id, check])) }
}
const settings = (change: object) =>
  world.control('official/settings', { originalId: account.originalId, ...change })

describe('the doctor of an official account', () => {
  it('has every node ask WeChat for a token itself', async () => {
    const { by } = await examine()
    expect(by['secret']).toMatchObject({ state: 'ok' })
    expect(by['whitelist']).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('2 个节点都能调用'),
    })
    expect(by['callback']).toMatchObject({ state: 'ok' })
    expect(by['reach']).toMatchObject({ state: 'ok', detail: expect.stringContaining('127.0.0.1') })
    // WeChat says that it reaches it, whatever the address looks like.
    expect(by['publicUrl']).toMatchObject({ state: 'ok' })
    expect(by['quota']).toMatchObject({
      state: 'ok',
      detail: expect.stringMatching(/客服消息 \d+\/\d+，模板消息 \d+\/\d+，群发 \d+\/\d+/),
    })
    const nodes = await world.ctx.db.selectFrom('official_node').select('node_id').execute()
    expect(nodes.map(one => one.node_id).sort()).toEqual([world.ctx.nodeId, other.ctx.nodeId].sort())
  })

  it('names the address to add, and the rid', async () => {
    await settings({ whitelist: ['192.0.2.1'] })
    const { ok, by } = await examine()
    expect(ok).toBe(false)
    expect(by['whitelist']).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/拒绝了来自 127\.0\.0\.1 的调用.*40164，rid: [0-9a-f-]+/),
      fix: expect.stringContaining('API IP 白名单」加入：127.0.0.1'),
    })
    expect(by['secret']).toMatchObject({ state: 'warning' })
    await settings({ whitelist: null })
  })

  it('finds that WeChat has no server any more', async () => {
    await world.control('official/configure', { originalId: account.originalId, url: null })
    const { by } = await examine()
    expect(by['reach']).toMatchObject({ state: 'failed', detail: expect.stringContaining('40201') })
    expect(by['publicUrl']).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('微信无法访问'),
    })
  })

  it('fetches what WeChat knows of a refused call, without the token', async () => {
    const refused = await attempt(() => account.client.post('/cgi-bin/tags/create', { tag: {} }))
    const rid = 'error' in refused && refused.error instanceof OfficialError ? refused.error.rid : ''
    const as = await signInAs(world, 'super')
    const { originalId } = account
    const { body } = await as.post('/web/official/rid', { originalId, rid })
    expect(body).toMatchObject({ fromIp: '127.0.0.1', response: expect.stringContaining('errcode') })
    expect(body.url).toMatch(/tags\/create\?access_token=\*\*\*/)
    const unknown = await as.post('/web/official/rid', { originalId, rid: 'deadbeef-deadbeef-deadbeef' })
    expect(unknown).toMatchObject({ retCode: '1011', retMessage: expect.stringContaining('76001') })
  })

  it.each([
    [89503, '正等待管理员确认'],
    [89506, '24 小时后'],
    [89507, '1 小时后'],
  ])('explains %i', async (tokenRefusal, words) => {
    await settings({ tokenRefusal })
    const { detail, fix } = (await examine()).by['whitelist'] ?? {}
    expect(`${detail} ${fix}`).toContain(words)
    expect(detail).toContain(String(tokenRefusal))
    await settings({ tokenRefusal: null })
  })

  it('concludes nothing from a WeChat that is busy', async () => {
    await world.control('faults', { match: 'official/cgi-bin/stable_token', mode: 'code:-1' })
    expect((await examine()).by['secret']).toMatchObject({ state: 'warning', fix: '请稍后再检查一次。' })
    await world.control('faults', undefined, 'DELETE')
  })

  it('finds a secret that was reset, though a token is still kept', async () => {
    await account.client.get('/cgi-bin/get_api_domain_ip')
    const before = await settings({ newSecret: true })
    expect((await examine()).by['secret']).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/40125|40001/),
      fix: expect.stringContaining('AppSecret'),
    })
    await setAccount(world.ctx, 'test', world.corpId, account.originalId, {
      secret: String(before['secret']),
    })
    // The other node reads the new secret a moment later.
    await until('a good secret', async () => (await examine()).by['secret']?.state === 'ok')
  })

  it('finds an original id that is wrong by pushes for another one', async () => {
    const bound = { originalId: 'gh_mistyped', name: '填错', appId: 'wx77', secret: 's' }
    const { callback } = await bindAccount(world.ctx, 'test', world.corpId, bound)
    const push = (appId: string) => {
      const real = { originalId: 'gh_real', appId, mode: 'secure', callback } as const
      return pushTo(world.server.url, real, pushXml('gh_real', { msgId: '1', fields: textFields('你好') }))
    }
    expect((await push('wx_another')).status).toBe(404)
    expect((await examine('gh_mistyped')).by['originalId']).toMatchObject({ state: 'warning' })
    expect((await push('wx77')).status).toBe(404)
    const seen = () => world.ctx.accounts.get(world.corpId, 'gh_mistyped').seenOriginalId
    await expect.poll(seen).toBe('gh_real')
    const { by } = await examine('gh_mistyped')
    expect(by['originalId']).toMatchObject({ state: 'failed', fix: expect.stringContaining('gh_real') })
    expect(by['callback']).toMatchObject({
      state: 'failed',
      fix: expect.stringContaining('/admin/publicMessage/'),
    })
    await removeAccount(world.ctx, 'test', world.corpId, 'gh_mistyped')
    expect(await lastExamination(world.ctx, 'gh_mistyped', 'zh')).toBeUndefined()
  })

  it('warns of what is shared, in the clear, or switched off', async () => {
    const bound = { originalId: 'gh_shared', name: '同一个', appId: 'wx8', secret: 's' }
    const { token } = account.callback
    await bindAccount(world.ctx, 'test', world.corpId, { ...bound, token, mode: 'plain' })
    await setAccount(world.ctx, 'test', world.corpId, 'gh_shared', { enabled: false })
    const { by } = await examine('gh_shared')
    expect(by['sharedToken']?.detail).toContain(account.name)
    expect([by['mode']?.state, by['enabled']?.state]).toEqual(['warning', 'warning'])
    const kept = await lastExamination(world.ctx, 'gh_shared', 'en')
    expect(kept?.checks.map(one => one.title)).toContain('Token in use elsewhere')
  })
})

describe('the token of an account', () => {
  const here = () => world.ctx.accounts.get(world.corpId, account.originalId).client
  const there = () => other.ctx.accounts.get(world.corpId, account.originalId).client
  const used = async (path: string) => {
    const answer = await here().post('/cgi-bin/openapi/quota/get', { cgi_path: `/cgi-bin/${path}` })
    return Number((answer['quota'] as { used: number }).used)
  }
  const ask = (client = here()) => client.get('/cgi-bin/get_api_domain_ip')

  it('is asked for once for all nodes, and never by the call that ends what other programs use', async () => {
    const before = await used('stable_token')
    await world.control('faults', { match: 'get_api_domain_ip', mode: 'tokenExpired', times: 1 })
    await Promise.all(Array.from({ length: 10 }, (_, n) => ask(n % 2 ? here() : there())))
    expect(await used('stable_token')).toBe(before + 1)
    expect(await used('token')).toBe(0)
  })

  it.each([40001, 40014, 42001])('is fetched again once when WeChat answers %i', async errcode => {
    const fault = (times: number) =>
      world.control('faults', { match: 'get_api_domain_ip', mode: `code:${errcode}`, times })
    await fault(1)
    expect(await ask()).toMatchObject({ errcode: 0 })
    await fault(2)
    await expect(ask()).rejects.toMatchObject({ errcode })
  })
})
