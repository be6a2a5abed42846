import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, callerOf, startWorld, type World } from '../../../test/harness.ts'
import { refusal } from '../../platform/http/checked.fixture.ts'
import { addDeveloper, setDeveloper } from './developer-admin.ts'

const tokenPath = '/api/token/getDevToken'

describe('the IP allow-list', () => {
  let direct: World
  let behindProxy: World
  beforeAll(async () => {
    direct = await startWorld({ members: 5, departments: 2, tags: 0 })
    behindProxy = await startWorld({
      members: 5,
      departments: 2,
      tags: 0,
      env: { WISP_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' },
    })
  })
  afterAll(async () => {
    await direct.close()
    await behindProxy.close()
  })

  async function ask(world: World, allowedIps: string[], forwarded?: string) {
    const made = await addDeveloper(world.ctx, 'test', world.corpId, { name: '白名单', allowedIps })
    const headers: Record<string, string> = forwarded ? { 'x-forwarded-for': forwarded } : {}
    return call(`${world.server.url}${tokenPath}?${new URLSearchParams(made)}`, { headers })
  }

  it.each([
    [['127.0.0.1'], undefined, '0'],
    [['127.0.0.0/8'], undefined, '0'],
    [['10.0.0.0/8'], undefined, '1009'],
    [['::1'], undefined, '1009'],
    [['2001:db8::/32', '127.0.0.1/32'], undefined, '0'],
    // Without WISP_TRUSTED_PROXIES the header is ignored.
    [['203.0.113.7'], '203.0.113.7', '1009'],
    [['127.0.0.1'], '203.0.113.7', '0'],
  ])('%j, X-Forwarded-For %s: %s', async (allowed, forwarded, code) => {
    expect((await ask(direct, allowed, forwarded)).retCode).toBe(code)
  })

  it.each([
    [['203.0.113.0/24'], '203.0.113.7', '0'],
    [['2001:db8::/32'], '2001:db8::9', '0'],
    [['2001:db8::/32'], '2001:db9::9', '1009'],
    // Entries before the address that the proxy saw may have been invented by the caller.
    [['203.0.113.7'], '203.0.113.7, 198.51.100.1', '1009'],
    [['198.51.100.1'], '203.0.113.7, 198.51.100.1, 10.1.2.3', '0'],
    [['203.0.113.7'], 'nonsense', '1009'],
  ])('behind a trusted proxy %j, X-Forwarded-For %s: %s', async (allowed, forwarded, code) => {
    expect((await ask(behindProxy, allowed, forwarded)).retCode).toBe(code)
  })

  it('holds for every call, and names the address', async () => {
    const dev = await direct.addDeveloper()
    await dev.token()
    await setDeveloper(direct.ctx, 'test', dev.devId, { allowedIps: ['192.0.2.1'] })
    expect(refusal(await dev.get('/api/org/tagList'))).toBe(
      '1009 无权限: 地址 127.0.0.1 不在开发者的 IP 白名单内，请负责人或管理员在开发者的设置中加入',
    )
  })

  it('counts wrong secrets by the address behind the proxy', async () => {
    const { devId } = await behindProxy.addDeveloper()
    const guess = (from: string) =>
      call(`${behindProxy.server.url}${tokenPath}?devId=${devId}&devSecret=guess`, {
        headers: { 'x-forwarded-for': from },
      })
    for (let n = 0; n < 10; n++) await guess('198.51.100.9')
    expect((await guess('198.51.100.9')).retCode).toBe('1010')
    expect((await guess('198.51.100.10')).retCode).toBe('1003')
  })

  it.each([
    [{ allowedIps: ['10.0.0.0/33'] }, '10.0.0.0/33'],
    [{ allowedIps: ['localhost'] }, 'localhost'],
    [{ scopes: ['everything'] }, 'everything'],
    [{ name: ' ' }, 'name'],
  ])('refuses the setting %j', async (settings, named) => {
    const dev = callerOf(direct.server.url, direct.dev)
    await expect(setDeveloper(direct.ctx, 'test', dev.devId, settings)).rejects.toThrow(named)
  })
})
