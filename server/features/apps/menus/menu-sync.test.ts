import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createNetServer, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import { memberPerson } from '../../../organisation/directory/permissions/person.ts'
import { memberOf } from '../../../organisation/people/administrators.ts'
import { addressRule } from '../../../platform/security/address-rule.ts'
import type { Resolver } from '../../../platform/security/name-look-ups.ts'
import { createOutbound } from '../../../platform/security/outbound.ts'
import { addApp, setApp } from '../apps.ts'
import { menuOf } from '../catalog.ts'
import { syncMenu } from './menu-sync.ts'

const page = (name: string, orderNum: unknown = 1) => ({ name, path: `/${name}`, children: [], orderNum })
const answerOf = (...items: object[]) => JSON.stringify({ menuList: items })

describe('menu sync', () => {
  let world: World
  let admin: SignedInClient
  let app: Server
  let base: string
  let asked: URL[]
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  let id: string

  beforeAll(async () => {
    app = createServer((request, response) => {
      asked.push(new URL(request.url ?? '/', base))
      answer(request, response)
    })
    await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(app.address() as AddressInfo).port}`
    world = await startWorld({ members: 5, departments: 2, tags: 1 })
    admin = await signInAs(world, 'super')
    const { devId } = world.dev
    ;({ id } = await addApp(world.ctx, 'test', world.corpId, {
      name: '二维码',
      devId,
      homeUrl: `${base}/home`,
      syncMenu: true,
      syncUrl: `${base}/CaiDanJson?app=qr&x=%20+`,
    }))
    asked = []
    answer = (_request, response) => response.end(answerOf(page('b', 2), page('a', '1')))
  })
  afterAll(async () => {
    app.closeAllConnections()
    app.close()
    await world.close()
  })
  afterEach(() => {
    asked = []
    // Nobody may sync more than thirty times a minute.
    world.clock.offsetMs += 10_000
  })

  const sync = async () => (await admin.post('/web/apps/menu/sync', { id })).body
  const shown = async () => (await admin.get('/web/apps/menu', { id })).body
  const says = (text: string | Buffer, type = 'application/json') => {
    answer = (_request, response) => response.writeHead(200, { 'content-type': type }).end(text)
  }

  it('asks with the app, who pressed and a ticket that tells the app who that is', async () => {
    let person: unknown
    answer = (request, response) => {
      const jessionId = new URL(request.url ?? '/', base).searchParams.get('jessionId') ?? ''
      void world.dev.get('/api/user/getInfo', { jessionId }).then(info => {
        person = info.body
        response.end(answerOf(page('b', 2), page('a', '1')))
      })
    }
    expect(await sync()).toMatchObject({ outcome: 'new', n: 1, items: 2, error: '' })
    expect(asked[0]?.search).toMatch(
      /^\?app=qr&x=%20\+&id=app[0-9a-f]{12}&userId=zhangsan&jessionId=[\w-]{32}$/,
    )
    expect(asked[0]?.searchParams.get('id')).toBe(id)
    expect(person).toMatchObject({ userId: 'zhangsan', roleLevel: 2 })
    expect((await menuOf(world.ctx, id)).map(one => one.name)).toEqual(['a', 'b'])
  })

  it('sends the WeCom agentId where there is one, and the local administrator’s name', async () => {
    await setApp(world.ctx, 'test', world.corpId, id, { agentId: 1000008 })
    answer = (_request, response) => response.end(answerOf(page('b', 2), page('a', '1')))
    const system = await signIn(world, { admin: 'admin' })
    const { body } = await system.post('/web/apps/menu/sync', { id, corpId: world.corpId })
    expect(body).toMatchObject({ outcome: 'same', n: 1 })
    expect([asked[0]?.searchParams.get('id'), asked[0]?.searchParams.get('userId')]).toEqual([
      '1000008',
      'admin',
    ])
    expect((await admin.get('/web/apps/menu/versions', { id })).body.total).toBe(1)
  })

  it.each<[string, string | Buffer, string]>([
    [
      'the document’s own form',
      "{'menuList': [{'name': '二 维 码','path': 'http://XXX/gzh_list','children':  \n[],'orderNum': 1}]}",
      '',
    ],
    ['a byte order mark', `\uFEFF${answerOf(page('码'))}`, ''],
    [
      'GBK',
      Buffer.concat([
        Buffer.from('{"menuList":[{"name":"'),
        Buffer.from([0xc2, 0xeb]),
        Buffer.from('","path":"","orderNum":1,"children":[]}]}'),
      ]),
      'application/json; charset=GBK',
    ],
    ['a comment and a trailing comma', '{menuList: [/* none */],}', ''],
  ])('understands %s', async (_what, text, type) => {
    says(text, type || 'text/plain')
    expect(await sync()).toMatchObject({ outcome: 'new', error: '' })
    expect((await shown()).lastAttempt).toMatchObject({ outcome: 'new' })
  })

  it.each<[string, string | Buffer, string]>([
    ['nothing', '', '答复是空的'],
    [
      'HTML',
      '<!DOCTYPE html><html><head><title>登录</title>',
      '答复是网页而不是 JSON，开头是 「<!DOCTYPE html><html>',
    ],
    ['half a JSON', '{"menuList": [\n{"name": "a"', '答复不是 JSON（第 2 行第 13 列'],
    ['a word', 'error: no such user', '开头是 「error: no such user」'],
    ['an array', '[]', '答复应为对象 {menuList: […]}'],
    [
      'another object',
      '{"retCode":"1004","retMessage":"devToken 已失效"}',
      'menuList 缺失，答复开头是 「{"retCode":"1004"',
    ],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), '答复不是 UTF-8 编码的文字'],
    [
      'a wrong type far below',
      answerOf({ ...page('a'), children: [{ ...page('b'), orderNum: {} }] }),
      'menuList[0].children[0].orderNum 应为整数',
    ],
    [
      'a field missing far below',
      answerOf(page('x'), { ...page('a'), children: [{ path: '', orderNum: 1, children: [] }] }),
      'menuList[1].children[0].name 缺失',
    ],
    [
      'a script',
      answerOf({ ...page('a'), path: 'javascript:alert(1)' }),
      'menuList[0].path 不是 http(s) 地址',
    ],
    [
      '9 levels',
      answerOf(
        ['1', '2', '3', '4', '5', '6', '7', '8', '9'].reduceRight(
          (below, name) => ({ ...page(name), children: [below].filter(one => 'name' in one) }),
          {} as object,
        ),
      ),
      '菜单最多 8 级',
    ],
    [
      '2001 items',
      answerOf(...Array.from({ length: 2001 }, () => page('a'))),
      '菜单共 2001 项，最多 2000 项',
    ],
    ['over 1 MB', ' '.repeat(1_048_577), '的内容超过 1048576 字节'],
  ])('keeps the old menu when the answer is %s', async (_what, text, why) => {
    says(answerOf(page('kept')))
    const { n } = await sync()
    says(text)
    const outcome = await sync()
    expect(outcome).toMatchObject({ outcome: 'failed', n, items: 0 })
    expect(outcome.error).toContain(why)
    const menu = await shown()
    expect([menu.n, menu.menu[0].name]).toEqual([n, 'kept'])
    expect(menu.lastAttempt).toMatchObject({ outcome: 'failed', error: outcome.error, actor: 'zhangsan' })
  })

  it.each<[string, string]>([
    ['<html>', "the answer is a web page, not JSON, and begins with '<html>'"],
    ['{"menuList": [\n{"name": "a"', 'the answer is not JSON (line 2, column 13, near'],
    [answerOf({ ...page('a'), orderNum: {} }), 'menuList[0].orderNum should be an integer, got {}'],
    ['', 'the answer is empty'],
  ])('tells English readers what was wrong with %j', async (text, why) => {
    const headers = { cookie: admin.cookie, 'accept-language': 'en' }
    const get = async (path: string) => (await call(`${world.server.url}${path}`, { headers })).body
    says(text)
    const { body } = await admin.post('/web/apps/menu/sync', { id }, headers)
    expect(body.error).toContain(why)
    expect(body.error).toMatch(/^\P{sc=Han}+$/u)
    const { error } = body
    expect((await get(`/web/apps/menu?id=${id}`)).lastAttempt).toMatchObject({ error })
    expect((await get(`/web/apps/menu/attempts?id=${id}`)).list[0]).toMatchObject({ error })
    expect((await get('/web/apps/list')).list[0].lastSync).toMatchObject({ error })
    expect((await shown()).lastAttempt.error).toMatch(/\p{sc=Han}/u)
  })

  it('says how the other side failed', async () => {
    answer = (_request, response) => response.writeHead(500).end('NullPointerException at line 7')
    expect(await sync()).toMatchObject({
      error: expect.stringContaining('HTTP 500'),
      answer: 'NullPointerException at line 7',
    })
    answer = request => request.socket.destroy()
    expect((await sync()).error).toMatch(/^连接 127\.0\.0\.1:\d+ 失败/)
    const closed = createServer()
    await new Promise<void>(resolve => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise(resolve => closed.close(resolve))
    await setApp(world.ctx, 'test', world.corpId, id, { syncUrl: `http://127.0.0.1:${port}/` })
    expect((await sync()).error).toContain('拒绝连接')
  })

  it.each(['SSH-2.0-OpenSSH_9.2\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n', '\0\0\0', ''])(
    'says that %j is no HTTP',
    async greeting => {
      const other = createNetServer(socket =>
        socket
          .on('error', () => undefined)
          .resume()
          .end(greeting),
      )
      await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
      const { port } = other.address() as AddressInfo
      await setApp(world.ctx, 'test', world.corpId, id, { syncUrl: `http://127.0.0.1:${port}/` })
      expect(await sync()).toMatchObject({
        outcome: 'failed',
        error: expect.stringMatching(/失败|应答不是 HTTP$/),
      })
      await new Promise(resolve => other.close(resolve))
    },
  )

  it('keeps an answer that no database takes', async () => {
    await setApp(world.ctx, 'test', world.corpId, id, { syncUrl: `${base}/start` })
    says('{"menuList": [{"name": "\\u0000\\ud800", "path": "\0", "orderNum": 1, "children": []}]}')
    expect(await sync()).toMatchObject({ outcome: expect.stringMatching(/new|failed/) })
    says('\0 no menu \0')
    expect(await sync()).toMatchObject({ error: expect.stringContaining('no menu'), answer: ' no menu ' })
  })

  it.each([
    ['http://169.254.169.254/latest/meta-data', '不允许访问的地址 169.254.169.254'],
    ['http://127.0.0.2/', '指向本机地址 127.0.0.2'],
    ['http://[::ffff:169.254.169.254]/', '不允许访问'],
    ['file:///etc/passwd', '不是 http(s) 地址'],
  ])('does not follow to %s', async (to, why) => {
    await setApp(world.ctx, 'test', world.corpId, id, { syncUrl: `${base}/start` })
    answer = (_request, response) => response.writeHead(302, { location: to }).end()
    expect((await sync()).error).toContain(why)
  })

  describe('at an address that is not public', () => {
    const hosts: Record<string, string> = { 'local.test': '127.0.0.1' }
    const resolve: Resolver = (name, done) => {
      const address = hosts[name]
      if (address) done(null, [{ address, family: isIP(address) }])
      else done(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), [])
    }
    let inner: Server
    let port: number
    let before: World['ctx']['outbound']
    beforeAll(async () => {
      const own = Object.values(networkInterfaces()).flatMap(one => one ?? [])
      const found = own.find(({ address }) => addressRule(address) === 'private')
      if (!found) throw new Error('these tests need a machine with a private address')
      inner = createServer((request, response) => answer(request, response))
      await new Promise<void>(resolve => inner.listen(0, found.address, resolve))
      port = (inner.address() as AddressInfo).port
      hosts['inner.test'] = found.address
      before = world.ctx.outbound
      world.ctx.outbound = createOutbound({ outboundAllow: [] }, { resolve, callMs: 300 })
    })
    afterAll(async () => {
      await world.ctx.outbound.close()
      world.ctx.outbound = before
      inner.closeAllConnections()
      inner.close()
    })
    const syncAt = async (host: string) => {
      await setApp(world.ctx, 'test', world.corpId, id, { syncUrl: `http://${host}:${port}/` })
      const { error, answer } = await sync()
      return { error: error.replaceAll(host, 'HOST'), answer }
    }

    it('tells nothing of what is there, nor whether something is', async () => {
      const untold = { error: expect.stringMatching(/^HOST 没有给出可用的应答/), answer: '' }
      expect(await syncAt('unknown.test')).toEqual(untold)
      expect(await syncAt('local.test')).toEqual(untold)
      says('{"secret": 1}')
      expect(await syncAt('inner.test')).toEqual(untold)
      answer = (_request, response) => response.writeHead(500).end('secret')
      expect(await syncAt('inner.test')).toEqual(untold)
      expect(asked).toEqual([])
    })

    it('takes a menu, and shows nothing besides', async () => {
      says(JSON.stringify({ secret: 1, menuList: [page('inner')] }))
      expect(await syncAt('inner.test')).toEqual({ error: '', answer: '' })
      expect((await shown()).menu[0].name).toBe('inner')
    })
  })

  it('is over in time, redirects included', async () => {
    await setApp(world.ctx, 'test', world.corpId, id, { syncUrl: `${base}/slow` })
    answer = (request, response) => {
      if (request.url?.startsWith('/slow'))
        setTimeout(() => response.writeHead(302, { location: '/more' }).end(), 150)
      else response.write('{')
    }
    const { ctx, corpId } = world
    const presser = { ...memberPerson(ctx, corpId, memberOf(ctx, corpId, 'zhangsan')), actor: 'zhangsan' }
    const started = performance.now()
    const outcome = await syncMenu(ctx, presser, ctx.apps.get(corpId, id), { timeoutMs: 300, maxBytes: 1000 })
    expect(outcome.error).toMatchObject({ zh: expect.stringContaining('在 0.3 秒内没有答复完') })
    expect(performance.now() - started).toBeLessThan(1500)
  })

  it('never shows or keeps the ticket', async () => {
    answer = (request, response) => response.end(`you asked ${request.url}`)
    const outcome = await sync()
    expect(JSON.stringify(outcome)).not.toContain(asked[0]?.searchParams.get('jessionId'))
    const { answer: kept, error } = (await shown()).lastAttempt
    expect([kept, error].join()).not.toContain(asked[0]?.searchParams.get('jessionId'))
    expect(kept).toContain('jessionId=…')
  })

  it('is refused for apps that do not sync or are disabled', async () => {
    const { ctx, corpId } = world
    await setApp(ctx, 'test', corpId, id, { enabled: false })
    expect((await admin.post('/web/apps/menu/sync', { id })).retMessage).toContain('应用已停用')
    await setApp(ctx, 'test', corpId, id, { enabled: true, syncMenu: false })
    expect((await admin.post('/web/apps/menu/sync', { id })).retMessage).toContain('没有开启同步菜单')
    expect(await shown()).toMatchObject({ notSynced: '该应用没有开启同步菜单' })
    expect((await admin.post('/web/apps/menu/sync', { id: 'app0' })).retMessage).toContain('没有应用 app0')
  })
})
