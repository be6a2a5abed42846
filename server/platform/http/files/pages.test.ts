import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { registerPages } from './pages.ts'

const dir = mkdtempSync(join(tmpdir(), 'wisp-pages-'))
const script = 'console.log("hello")\n'.repeat(100)
let app: FastifyInstance
let corps = [{ corpId: 'ww1' }]
let isEmpty = false
const options = {
  hasCorps: () => !isEmpty,
  visitorOf: async ({ headers: { cookie } }: FastifyRequest) =>
    (['account', 'member'] as const).find(one => cookie === `wisp_session=${one}`),
  signInCorps: () => corps,
  enter: async (_page: string, request: FastifyRequest, reply: FastifyReply) =>
    request.url.includes('ticket=') ? reply.redirect('/pay') : undefined,
  dress: async (page: string, html: string) => html.replace('</html>', `dressed as ${page}</html>`),
  iconOf: () => undefined,
  publicUrl: () => 'https://wisp.example.org',
  weixinOrigin: 'https://res.wx.qq.com',
}

beforeAll(() => {
  for (const page of ['console', 'developer', 'portal', 'mobile', 'sign-in', 'pay']) {
    mkdirSync(join(dir, page))
    writeFileSync(join(dir, page, 'index.html'), `<html><meta nonce="__NONCE__">${page}</html>`)
  }
  mkdirSync(join(dir, 'assets'))
  writeFileSync(join(dir, 'assets', 'a-1.js'), script)
  writeFileSync(join(dir, 'assets', 'a-1.js.gz'), gzipSync(script))
  writeFileSync(join(dir, 'start.js'), '//')
  app = fastify()
  registerPages(app, { ...options, dir })
})

afterAll(async () => {
  await app.close()
  rmSync(dir, { recursive: true, force: true })
})

const policyOf = (headers: Record<string, unknown>) =>
  Object.fromEntries(
    String(headers['content-security-policy'])
      .split('; ')
      .map(rule => [rule.split(' ', 1)[0], rule]),
  )

describe('a page', () => {
  it.each([
    ['/console', 'console'],
    ['/console/directory/tags?open=3', 'console'],
    ['/portal/app/1', 'portal'],
    ['/developer', 'developer'],
    ['/developer/wd1?part=usage', 'developer'],
    ['/mobile', 'mobile'],
    ['/signin?to=%2Fportal', 'sign-in'],
    ['/signin/', 'sign-in'],
    ['/pay', 'pay'],
    ['/pay/bill/3', 'pay'],
  ])('answers %s with its own', async (url, page) => {
    const answer = await app.inject(url)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body).toContain(page)
  })

  it('has a nonce of its own in the policy and in the page, each time', async () => {
    const answers = [await app.inject('/console'), await app.inject('/console')]
    const nonces = answers.map(answer => /nonce="([^"]+)"/.exec(answer.body)?.[1])
    expect(nonces[0]).toMatch(/^[\w+/=]{24}$/)
    expect(nonces[0]).not.toBe(nonces[1])
    answers.forEach((answer, index) => {
      expect(policyOf(answer.headers)['style-src']).toBe(`style-src 'self' 'nonce-${nonces[index]}'`)
    })
  })

  it('takes scripts from itself only, tells no other site the address, and is not framed', async () => {
    for (const url of ['/console', '/signin', '/portal', '/mobile']) {
      const { headers } = await app.inject(url)
      const policy = policyOf(headers)
      expect(policy['script-src']).toBe("script-src 'self'")
      expect(policy['object-src']).toBe("object-src 'none'")
      expect(policy['base-uri']).toBe("base-uri 'none'")
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['x-content-type-options']).toBe('nosniff')
      const opensApps = url === '/portal' || url === '/mobile'
      expect(policy['frame-src']).toBe(opensApps ? 'frame-src http: https:' : "frame-src 'none'")
      expect(policy['frame-ancestors']).toBe(opensApps ? "frame-ancestors 'self'" : "frame-ancestors 'none'")
    }
  })

  it('lets the payer’s page alone load WeChat’s script, and takes its tickets away first', async () => {
    const { headers } = await app.inject('/pay')
    const policy = policyOf(headers)
    expect(headers['referrer-policy']).toBe('strict-origin-when-cross-origin')
    expect(policy['script-src']).toBe("script-src 'self' https://res.wx.qq.com")
    expect(policy['frame-src']).toBe('frame-src https://res.wx.qq.com weixin: wxlocalresource:')
    expect(policy['frame-ancestors']).toBe("frame-ancestors 'self'")
    const answer = await app.inject('/pay?ticket=t')
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/pay'])
  })

  it('sends / to the workbench that fits', async () => {
    const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 wxwork/4.1'
    const onPhone = await app.inject({ url: '/', headers: { 'user-agent': phone } })
    expect([onPhone.statusCode, onPhone.headers.location]).toEqual([302, '/mobile'])
    expect((await app.inject('/')).headers.location).toBe('/portal')
  })

  it('sends / to the console for who is no member, on a phone as well', async () => {
    for (const agent of ['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0 (iPhone) Mobile/15E148']) {
      const headers = { cookie: 'wisp_session=account', 'user-agent': agent }
      expect((await app.inject({ url: '/', headers })).headers.location).toBe('/console')
    }
  })

  it('sends everybody to day one while no corp is connected', async () => {
    isEmpty = true
    for (const url of ['/', '/portal', '/portal/app/1', '/mobile', '/developer'])
      expect((await app.inject(url)).headers.location, url).toBe('/console/start')
    for (const url of ['/console/start', '/signin']) expect((await app.inject(url)).statusCode, url).toBe(200)
    isEmpty = false
  })
})

describe('/signin inside WeCom', () => {
  const headers = { 'user-agent': 'Mozilla/5.0 (iPhone) Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0' }

  it('goes straight on, and keeps where to', async () => {
    const answer = await app.inject({ url: '/signin?to=%2Fmobile%3Fa%3D1%26b', headers })
    expect(answer.statusCode).toBe(302)
    expect(answer.headers.location).toBe('/signin/wecom?corpId=ww1&to=%2Fmobile%3Fa%3D1%26b')
  })

  it('stays when something failed, after signing out, and where there is more to do or a choice', async () => {
    const urls = ['?refused=req-1', '?out=1', '?acr=2&to=/portal', '?acr=2&fresh=1', '?setup=second-factor']
    for (const query of urls)
      expect((await app.inject({ url: `/signin${query}`, headers })).statusCode, query).toBe(200)
    const signedIn = { ...headers, cookie: 'wisp_session=member' }
    expect((await app.inject({ url: '/signin?to=/console', headers: signedIn })).statusCode).toBe(200)
    expect((await app.inject('/signin')).statusCode).toBe(200)
    corps = [{ corpId: 'ww1' }, { corpId: 'ww2' }]
    expect((await app.inject({ url: '/signin', headers })).statusCode).toBe(200)
  })
})

describe('an asset', () => {
  it('is kept by browsers for good, and compressed for browsers that can read that', async () => {
    const plain = await app.inject('/assets/a-1.js')
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(plain.body).toBe(script)
    const packed = await app.inject({ url: '/assets/a-1.js', headers: { 'accept-encoding': 'gzip, br' } })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(packed.rawPayload).toString()).toBe(script)
  })

  it('is asked for again when its name stays, and not sent twice', async () => {
    const first = await app.inject('/start.js')
    expect(first.headers['cache-control']).toBe('public, no-cache')
    const headers = { 'if-none-match': String(first.headers.etag) }
    expect((await app.inject({ url: '/start.js', headers })).statusCode).toBe(304)
  })

  it('that is not there is not found, wherever the path leads', async () => {
    for (const url of ['/assets/none.js', '/assets/..%2f..%2fpackage.json']) {
      const answer = await app.inject(url)
      expect(answer.statusCode, url).toBe(404)
    }
  })
})

it('says what to do while nothing is built', async () => {
  const empty = fastify()
  registerPages(empty, { ...options, dir: join(dir, 'nowhere') })
  const answer = await empty.inject('/console')
  expect(answer.statusCode).toBe(503)
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(answer.body).toContain('npm run build')
  await empty.close()
})

describe('beside the calls', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ synced: false })
  })
  afterAll(() => world.close())

  it('leaves unknown paths to the envelope', async () => {
    for (const path of ['/web/nothing', '/api/nothing', '/consoles', '/signin/nothing']) {
      const response = await fetch(world.server.url + path)
      expect(response.status, path).toBe(404)
      expect(((await response.json()) as { retCode: string }).retCode).toBe('1000')
    }
    const posted = await fetch(`${world.server.url}/console`, { method: 'POST' })
    expect(posted.status).toBe(404)
  })
})
