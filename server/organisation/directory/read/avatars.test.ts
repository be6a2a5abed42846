import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, startWorld, type World } from '../../../../test/harness.ts'
import { refusal } from '../../../platform/http/checked.fixture.ts'
import type { UpstreamMember } from '../entities.ts'
import { memberPut } from '../write/plan.ts'
import { writeDirectory } from '../write/writer.ts'

let world: World
let dev: Caller
let pictures: Server
let base: string
beforeAll(async () => {
  world = await startWorld()
  dev = world.dev
  pictures = createServer((request, response) => {
    const answers: Record<string, [number, string, string]> = {
      '/photo': [200, 'image/jpeg', 'JPEG'],
      '/vector': [200, 'image/svg+xml', '<svg onload="alert(1)"/>'],
      '/page': [200, 'text/html', '<script>alert(1)</script>'],
      '/large': [200, 'image/png', 'x'.repeat(2_000_001)],
      '/gone': [404, 'image/png', ''],
    }
    const [status, type, body] = answers[request.url ?? ''] ?? [302, 'text/plain', '']
    const headers = { 'content-type': type, location: 'http://169.254.169.254/latest' }
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>(resolve => pictures.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(pictures.address() as AddressInfo).port}`
})
afterAll(async () => {
  pictures.close()
  await world.close()
})

/** Sets a member's avatar as if WeCom had sent it. */
async function giveAvatar(userId: string, avatar: string) {
  const member: UpstreamMember = {
    userId,
    name: userId,
    departments: [4],
    mainDepartment: 4,
    orders: [0],
    leaderIn: [0],
    avatar,
  }
  await writeDirectory(world.ctx, world.corpId, [memberPut(member)])
  return (await dev.get('/api/user/get', { userId })).body as { fileId: string; avatarUrl: string }
}
const getFile = async (fileId: string, as = dev) =>
  fetch(`${world.server.url}/api/file/get?devToken=${await as.token()}&fileId=${fileId}`)

describe('avatars', () => {
  it('are the bytes that WeCom has, for servers and for pages', async () => {
    const { fileId, avatarUrl } = await giveAvatar('photo', `${base}/photo`)
    for (const response of [await getFile(fileId), await fetch(avatarUrl)]) {
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('image/jpeg')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('x-request-id')).toBeTruthy()
      expect(await response.text()).toBe('JPEG')
    }
    expect(avatarUrl.startsWith(`${world.server.url}/api/file/avatar?`)).toBe(true)
  })

  it('of the sample corp are pictures', async () => {
    const { body } = await dev.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1 })
    const some = body.list.find((one: { fileId: string }) => one.fileId)
    expect((await getFile(some.fileId)).headers.get('content-type')).toBe('image/png')
    const none = body.list.find((one: { fileId: string }) => !one.fileId)
    expect(none.avatarUrl).toBe('')
  })

  it('get another fileId with another picture; the old one is gone', async () => {
    const before = await giveAvatar('changing', `${base}/photo`)
    const after = await giveAvatar('changing', `${base}/photo?2`)
    expect(after.fileId).not.toBe(before.fileId)
    const response = (await (await getFile(before.fileId)).json()) as object
    expect(response).toEqual({ retCode: '1000', retMessage: `参数错误: 没有文件 ${before.fileId}` })
  })

  it.each(['', 'x', '1-0000000000', '__proto__', '../../etc/passwd', '1-zzzzzzzzzz', '0-0123456789-1'])(
    'are not found by %j',
    async fileId => {
      const answer = await dev.get('/api/file/get', { fileId })
      expect(refusal(answer)).toBe(fileId ? `1000 参数错误: 没有文件 ${fileId}` : '1001 参数为空: fileId')
    },
  )

  it('are not told to a developer whose data scope does not reach the person, nor after they left', async () => {
    const { fileId } = await giveAvatar('leaver', `${base}/photo`)
    const outside = await world.addDeveloper({ dataScope: { departments: [2], tags: [] } })
    const inside = await world.addDeveloper({ dataScope: { departments: [4], tags: [] } })
    expect((await outside.get('/api/file/get', { fileId })).retCode).toBe('1000')
    expect((await getFile(fileId, inside)).headers.get('content-type')).toBe('image/jpeg')
    await writeDirectory(world.ctx, world.corpId, [{ kind: 'member', op: 'drop', userId: 'leaver' }])
    expect((await inside.get('/api/file/get', { fileId })).retCode).toBe('1000')
  })

  it.each([
    ['/vector', '返回的不是图片（image/svg+xml）'],
    ['/page', '返回的不是图片（text/html）'],
    ['/large', '超过 2000000 字节'],
    ['/gone', 'HTTP 404'],
    ['/redirect', '不允许访问的地址 169.254.169.254'],
  ])('at %s are refused', async (path, text) => {
    const { fileId, avatarUrl } = await giveAvatar(`at${path.slice(1)}`, `${base}${path}`)
    const answer = await dev.get('/api/file/get', { fileId })
    expect(refusal(answer)).toContain('1011 上游服务不可用: ')
    expect(answer.retMessage).toContain(text)
    expect((await call(avatarUrl)).retCode).toBe('1011')
  })

  it.each([
    ['http://169.254.169.254/latest/meta-data', '不允许访问的地址 169.254.169.254'],
    ['http://[::1]/x', '指向本机地址 ::1'],
    ['http://127.0.0.1:1/x', '头像未能读取'],
    ['file:///etc/passwd', '不是 http(s) 地址'],
  ])('are not fetched from %s', async (avatar, text) => {
    const { fileId } = await giveAvatar('attacker', avatar)
    expect((await dev.get('/api/file/get', { fileId })).retMessage).toContain(text)
  })
})

describe('avatarUrl', () => {
  it('is good for an hour, without a devToken', async () => {
    const { avatarUrl } = await giveAvatar('hour', `${base}/photo`)
    world.clock.offsetMs = 3_590_000
    expect((await fetch(avatarUrl)).headers.get('content-type')).toBe('image/jpeg')
    // Links made within one ten-minute period are equal, so that browsers find the picture in their cache.
    world.clock.offsetMs = 3_600_000 + 600_000 + 1000
    expect(refusal(await call(avatarUrl))).toBe('1000 参数错误: 头像的链接已过期，请重新调用接口获取')
    world.clock.offsetMs = 0
  })

  it('is refused when any part of it is another one', async () => {
    const { avatarUrl } = await giveAvatar('tampered', `${base}/photo`)
    const other = await giveAvatar('other', `${base}/photo`)
    const changes: [string, (value: string) => string][] = [
      ['fileId', () => other.fileId],
      ['corpId', () => 'wwother'],
      ['expires', value => String(Number(value) + 3_600_000)],
      ['sign', value => value.slice(0, -1)],
      ['sign', value => `${value}=`],
      ['sign', value => value.toUpperCase()],
      ['sign', value => value.slice(0, -1) + String.fromCharCode(value.charCodeAt(value.length - 1) ^ 1)],
    ]
    for (const [name, change] of changes) {
      const url = new URL(avatarUrl)
      url.searchParams.set(name, change(url.searchParams.get(name) ?? ''))
      expect(refusal(await call(url.href)), name).toBe('1000 参数错误: sign 不正确，请使用接口返回的完整地址')
    }
    for (const name of ['corpId', 'fileId', 'expires', 'sign']) {
      const url = new URL(avatarUrl)
      url.searchParams.delete(name)
      expect(refusal(await call(url.href))).toBe(`1001 参数为空: ${name}`)
    }
    expect((await fetch(avatarUrl)).headers.get('content-type')).toBe('image/jpeg')
  })
})
