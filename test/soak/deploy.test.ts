import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificateOf } from '../../sandbox/smtp/certificate.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { administratorPassword, signIn } from '../sign-in.ts'
import { until } from '../until.ts'
import { startHaproxy as startBalancer } from './haproxy.ts'

const root = resolve(import.meta.dirname, '../..')
const sample = (name: string) => readFileSync(join(root, 'deploy', name), 'utf8')
const dir = mkdtempSync(join(tmpdir(), 'wisp-deploy-'))
let world: World
let dev: Caller

beforeAll(async () => {
  world = await startWorld({
    env: { WISP_TRUSTED_PROXIES: '127.0.0.1', WISP_PUBLIC_URL: 'https://wisp.example.com' },
  })
  dev = await world.addDeveloper({
    allowedIps: ['127.0.0.1', '127.0.0.2'],
    scopes: ['directory:read', 'webhook:manage'],
  })
  await signIn(world, { admin: 'admin' })
  const { key, cert } = certificateOf(1, 'wisp.example.com')
  const files = { 'privkey.pem': key, 'fullchain.pem': cert, 'wisp.pem': cert + key }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
})
afterAll(async () => {
  await world.close()
  rmSync(dir, { recursive: true })
})

/** Fails the test where a sample does not have what is to be replaced by this machine's ports and folders. */
function replace(text: string, changes: readonly [string, string][]): string {
  for (const [from, to] of changes) {
    expect(text).toContain(from)
    text = text.replaceAll(from, to)
  }
  return text
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isOpen = await new Promise<boolean>(done => {
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })
  socket.destroy()
  return isOpen
}

type Proxy = { port: number; plainPort: number; stop(): Promise<void> }

async function startProxy(program: string, args: string[], ports: Omit<Proxy, 'stop'>): Promise<Proxy> {
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', text => {
    said += text
  })
  const ended = once(child, 'exit')
  await until(`${program}: ${said}`, async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`)
    return isListening(ports.port)
  })
  return {
    ...ports,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function startNginx(): Promise<Proxy> {
  const [port, plainPort] = [await freePort(), await freePort()]
  const site = replace(sample('nginx.conf'), [
    ['listen 80;', `listen 127.0.0.1:${plainPort};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['127.0.0.1:3000', new URL(world.server.url).host],
    ['/etc/ssl/wisp', dir],
  ])
  writeFileSync(join(dir, 'site.conf'), site)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${dir}/${name};`,
  )
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off; ${process.getuid?.() === 0 ? 'user root;' : ''} pid ${dir}/nginx.pid; error_log stderr;
    events {} http { access_log off; ${temporary.join(' ')} include ${dir}/site.conf; }`,
  )
  return startProxy('nginx', ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr'], { port, plainPort })
}

async function startHaproxy(): Promise<Proxy> {
  const authority = { certFile: join(dir, 'fullchain.pem'), keyFile: join(dir, 'privkey.pem') }
  return startBalancer({ nodes: { node1: new URL(world.server.url).host }, authority })
}

type Reply = { status: number; headers: IncomingHttpHeaders; text: string }

describe.each([
  ['nginx', startNginx],
  ['HAProxy', startHaproxy],
])('%s with the settings of deploy/', (name, start) => {
  let proxy: Proxy
  beforeAll(async () => {
    proxy = await start()
    // HAProxy sends calls once it has seen that the node is ready.
    await until(`${name} to find the node`, async () => (await ask('/healthz')).status === 200)
  })
  afterAll(() => proxy.stop())

  const open = (path: string, options: RequestOptions = {}, body = '') =>
    request({
      host: '127.0.0.1',
      port: proxy.port,
      path,
      localAddress: '127.0.0.2',
      rejectUnauthorized: false,
      servername: 'wisp.example.com',
      ...options,
      headers: { host: 'wisp.example.com', ...options.headers },
    }).end(body)

  async function ask(path: string, options: RequestOptions = {}, body = ''): Promise<Reply> {
    const [response] = await once(open(path, options, body), 'response')
    let text = ''
    for await (const part of response.setEncoding('utf8')) text += part
    return { status: response.statusCode, headers: response.headers, text }
  }
  const post = (path: string, body: string, options: RequestOptions = {}) =>
    ask(path, { ...options, method: 'POST', headers: { 'content-type': 'application/json' } }, body)

  it('tells where callers come from, whatever they claim', async () => {
    const path = `/api/user/get?userId=zhangsan&devToken=${await dev.token()}`
    expect(JSON.parse((await ask(path)).text).retCode).toBe('0')
    const elsewhere = { localAddress: '127.0.0.3', headers: { 'x-forwarded-for': '127.0.0.2' } }
    expect(JSON.parse((await ask(path, elsewhere)).text).retCode).toBe('1009')
  })

  it('leads to https, and marks cookies for it alone', async () => {
    const plain = await fetch(`http://127.0.0.1:${proxy.plainPort}/console`, { redirect: 'manual' })
    expect(plain.status).toBe(301)
    expect(plain.headers.get('location')).toMatch(/^https:/)
    const credentials = JSON.stringify({ name: 'admin', password: administratorPassword })
    const signedIn = await post('/web/sign-in/password', credentials)
    expect(String(signedIn.headers['set-cookie'])).toMatch(/Secure/)
  })

  it('passes large bodies on, so that wisp itself refuses them', async () => {
    const { status, text } = await post(
      '/api/user/search',
      JSON.stringify({ searchName: 'x'.repeat(3_000_000) }),
    )
    expect([status, JSON.parse(text).retCode]).toEqual([413, '1000'])
  })

  it('passes events of the stream on as they come', async () => {
    const stream = open(`/api/event/stream?devToken=${await dev.token()}`)
    const [response] = await once(stream, 'response')
    expect(response.statusCode).toBe(200)
    const events = response.setEncoding('utf8')[Symbol.asyncIterator]()
    await world.admin('user/update', { userid: 'zhangsan', name: `${name} 张三` })
    await world.sync('reconcile')
    let seen = ''
    while (!seen.includes('directory.')) seen += (await events.next()).value
    stream.destroy()
  })

  it('keeps to itself where corps are at home', async () => {
    const path = `/api/user/get?userId=zhangsan&devToken=${await dev.token()}`
    const direct = await fetch(`${world.server.url}${path}`, { headers: { 'x-forwarded-for': '127.0.0.2' } })
    expect(direct.headers.get('x-wisp-node')).toBe(world.ctx.homes.name)
    for (let n = 0; n < 3; n++) {
      const { headers } = await ask(path)
      expect(Object.keys(headers).filter(name => /^x-wisp-(node|dev)$/.test(name))).toEqual([])
    }
  })

  it('does not show metrics to the world', async () => {
    expect((await ask('/metrics')).status).toBe(404)
  })
})

/** What systemd-analyze security says of a service, from 0 (nothing is open to it) to 10. */
const exposedAtMost = 2.5

it.each([
  ['wisp.service', 'wisp.service'],
  ['wisp@.service', 'wisp@node1.service'],
  ['wisp-base-backup.service', 'wisp-base-backup.service'],
  ['wisp-base-backup.timer', 'wisp-base-backup.timer'],
])('has a unit %s that systemd accepts', (name, instance) => {
  const units = join(dir, 'units')
  mkdirSync(units, { recursive: true })
  const changes: [string, string][] = [
    ['/opt/wisp', root],
    ['/etc/wisp.env', join(dir, 'wisp.env')],
    ['/usr/local/lib/wisp', join(root, 'deploy')],
    ['User=wisp', `User=${userInfo().username}`],
    ['Group=wisp\n', ''],
  ]
  writeFileSync(join(dir, 'wisp.env'), '')
  for (const one of ['wisp.service', 'wisp@.service', 'wisp-base-backup.service', 'wisp-base-backup.timer']) {
    const text = changes.reduce((before, [from, to]) => before.replaceAll(from, to), sample(one))
    writeFileSync(join(units, one), text)
  }
  expect(sample('wisp.service')).toContain('/opt/wisp')
  const analyze = (...args: string[]) =>
    spawnSync('systemd-analyze', args, {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${units}:` },
    })
  const { status, stdout, stderr } = analyze('verify', join(units, instance))
  expect(stdout + stderr).toBe('')
  expect(status).toBe(0)
  if (!name.endsWith('.service')) return
  // As it is shipped, since root has other rights than the user that it names.
  const offline = join(dir, 'shipped')
  mkdirSync(offline, { recursive: true })
  writeFileSync(join(offline, name), sample(name))
  const judged = analyze('security', '--offline=true', '--json=short', join(offline, name))
  const found = /exposure level[^:]*: ([\d.]+)/i.exec(
    analyze('security', '--offline=true', join(offline, name)).stdout,
  )
  expect(judged.status, judged.stderr).toBe(0)
  expect(Number(found?.[1]), found?.[0]).toBeLessThanOrEqual(exposedAtMost)
})
