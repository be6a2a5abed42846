import { execFile, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../harness.ts'

/** The package as npm packs it, in the hands of projects of every kind. */
const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
const projects = mkdtempSync(join(tmpdir(), 'wisp-packed-'))
/** The system's Node where it is 20 or later, the oldest that the package promises to run on: ours is far newer. */
const system = spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' }).stdout ?? ''
const node = Number(/^v(\d+)/.exec(system)?.[1]) >= 20 ? '/usr/bin/node' : process.execPath
const npm = { cwd: projects, env: { ...process.env, npm_config_cache: join(projects, '.npm') } }

let world: World
let packed: string[]
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  const pack = ['pack', '--json', '--pack-destination', projects, join(root, 'sdk')]
  const [{ filename, files }] = JSON.parse((await run('npm', pack, npm)).stdout)
  packed = files.map((file: { path: string }) => file.path)
  writeFileSync(join(projects, 'package.json'), '{"name":"project","private":true}')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(projects, filename)], npm)
  mkdirSync(join(projects, 'node_modules/@types'))
  for (const name of ['@types/node', 'undici-types'])
    cpSync(join(root, 'node_modules', name), join(projects, 'node_modules', name), { recursive: true })
})
afterAll(async () => {
  await world.close()
  rmSync(projects, { recursive: true })
})

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(file => [file.slice(folder.length), readFileSync(file, 'utf8')])
    .sort()

const main = `
async function main() {
  const { WISP_URL: url, DEV_ID: devId, DEV_SECRET: devSecret } = process.env
  // Runtimes warn of many listeners of one signal, and what they say is looked at.
  const { signal } = new AbortController()
  const wisp = createClient({ url, devId, devSecret, signal, packets: process.env.PACKETS === '1' })
  const { userId } = await wisp.user.get({ userId: 'zhangsan' })
  const members = []
  for await (const member of wisp.user.orgUserList.all({ orgId: '1', fetchChild: '1', pageSize: 8 })) members.push(member)
  await Promise.all(Array.from({ length: 30 }, () => wisp.org.tagList()))
  const error = await wisp.user.get({ userId: 'nobody' }).catch(error => error)
  const secret = 'whsec_' + btoa('a secret of webhooks for a test!')
  const { body, headers } = await forgeWebhook({ type: 'webhook.test' }, secret)
  const { event } = await verifyWebhook(body, headers, secret)
  const isClass = error instanceof UnknownMemberError && error instanceof ApiError && error instanceof WispError
  console.log(JSON.stringify({ userId, members: members.length, name: error.name, isClass, event }))
}
main()
`
const names = 'ApiError, createClient, forgeWebhook, UnknownMemberError, verifyWebhook, WispError'
const said = {
  userId: 'zhangsan',
  members: 20,
  name: 'UnknownMemberError',
  isClass: true,
  event: { type: 'webhook.test' },
}

async function runs(file: string, program = node, more: Record<string, string> = {}): Promise<unknown> {
  const { devId, devSecret } = world.dev
  const env = { WISP_URL: world.server.url, DEV_ID: devId, DEV_SECRET: devSecret, ...more }
  const { stdout, stderr } = await run(program, [file], { env })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}
const project = (name: string, text: string) => {
  const file = join(projects, name)
  writeFileSync(file, text)
  return file
}

describe('the package', () => {
  it('holds what its exports name, and no sources', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'README.md',
        'browser.js',
        'browser.d.ts',
        'inbox.js',
        'inbox.d.ts',
        'dist/esm/index.js',
        'dist/cjs/index.d.ts',
      ]),
    )
    expect(
      packed.filter(
        path => !/^(dist\/(esm|cjs)\/|(browser|inbox)\.(js|d\.ts)$|README|package\.json)/.test(path),
      ),
    ).toEqual([])
  })

  it('is what the platform serves for those who have no registry', async () => {
    const answer = await fetch(`${world.server.url}/sdk/wisp-sdk.tgz`)
    expect(answer.headers.get('content-type')).toBe('application/gzip')
    const file = join(projects, 'served.tgz')
    writeFileSync(file, await answer.bytes())
    await run('tar', ['-xzf', file, '-C', projects])
    expect(filesOf(join(projects, 'package'))).toEqual(filesOf(join(projects, 'node_modules/@wisp/sdk')))
    const etag = answer.headers.get('etag') ?? ''
    expect((await fetch(answer.url, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  it('is imported, on Node 20 too', async () => {
    const file = project('imports.mjs', `import { ${names} } from '@wisp/sdk/server'\n${main}`)
    expect(await runs(file)).toEqual(said)
    expect(await runs(file, process.execPath)).toEqual(said)
  })

  it('is required, on Node 20 too', async () => {
    const file = project('requires.cjs', `const { ${names} } = require('@wisp/sdk/server')\n${main}`)
    expect(await runs(file)).toEqual(said)
    expect(await runs(file, process.execPath)).toEqual(said)
  })

  it('sends packets, on Node 20 too', async () => {
    const dev = await world.addDeveloper({ packets: 'required' })
    const file = project('packets.mjs', `import { ${names} } from '@wisp/sdk/server'\n${main}`)
    expect(await runs(file, node, { DEV_ID: dev.devId, DEV_SECRET: dev.devSecret, PACKETS: '1' })).toEqual(
      said,
    )
  })

  it.each(['es', 'cjs'] as const)('is bundled by Vite as %s, page part and server part', async format => {
    const { build } = await import('vite')
    const text = `import { WispError as PageError } from '@wisp/sdk'\nimport { ${names} } from '@wisp/sdk/server'\n`
    const entry = project(
      `bundled-${format}.mjs`,
      `${text}if (!PageError) throw new Error('no page part')\n${main}`,
    )
    // Outside of the project, so that nothing is found but what was bundled.
    const outDir = mkdtempSync(join(tmpdir(), 'wisp-bundle-'))
    const entryFileNames = format === 'es' ? 'out.mjs' : 'out.cjs'
    try {
      await build({
        root: projects,
        configFile: false,
        logLevel: 'error',
        ssr: { noExternal: true },
        build: { ssr: entry, outDir, rolldownOptions: { output: { format, entryFileNames } } },
      })
      expect(await runs(join(outDir, entryFileNames))).toEqual(said)
    } finally {
      rmSync(outDir, { recursive: true })
    }
  })
})

const typed = `
import { type Bill, type Change, createClient, type Device, type Member, verifyWebhook, type WispEvent } from '@wisp/sdk/server'

const wisp = createClient({ url: 'https://wisp.example.com', devId: 'a', devSecret: 'b', packets: true })
export async function use(signal: AbortSignal): Promise<(string | undefined)[]> {
  const member: Member = await wisp.user.get({ userId: 'zhangsan' }, { signal, timeoutMs: 1000 })
  const tree = await wisp.org.list()
  const tag = await wisp.org.list({ tagId: '1' })
  const created = await wisp.pay.bill.create({ billNo: '1', userId: 'a', title: 'b', amount: 1 })
  const several = await wisp.pay.bill.create({ list: [{ billNo: '1', userId: 'a', title: 'b', amount: 1 }] })
  const bill: Bill = await wisp.pay.bill.get({ billNo: created.billNo })
  const who = await wisp.user.getInfo({ jessionId: 'x' })
  for await (const one of wisp.pay.bill.list.all({ state: 'open' })) console.log(one.amount + 1)
  for await (const change of wisp.changes({ since: 1 })) console.log(nameOf(change))
  const device: Device = { deviceId: 'a', masterKey: 'b' }
  createClient({ url: '', devId: '', devSecret: '', packets: { device, onDevice: async made => console.log(made.deviceId) } })
  const { event } = await verifyWebhook('{}', new Headers(), ['whsec_a', 'whsec_b'])
  // @ts-expect-error a wrong name
  wisp.user.get({ userid: 'zhangsan' })
  // @ts-expect-error a missing input
  wisp.user.get({})
  // @ts-expect-error no such kind
  wisp.message.send({ sendType: '9', agentName: 'a', content: 'b' })
  // @ts-expect-error somebody may not be known
  who.userId.length
  // @ts-expect-error no such call
  wisp.user.remove({ userId: 'zhangsan' })
  return [member.userName, tree.list[0]?.orgName, tag.tagName, several.list[0]?.billId, bill.state, toldOf(event)]
}
function nameOf(change: Change): string {
  if (change.op === 'drop') return change.id
  return change.kind === 'member' ? change.value.userName : change.kind === 'tag' ? change.value.tagName : change.value.orgName
}
function toldOf(event: WispEvent): string {
  return event.type === 'bill.paid' ? event.data.billNo : event.type === 'message.result' ? event.data.msgId : event.type
}
`

/** What the examples of the README take for granted. */
const around = `
import type { Device, Wisp } from '@wisp/sdk/server'
declare global {
  const wisp: Wisp
  const url: string, devId: string, devSecret: string, jessionId: string, secret: string, oldSecret: string
  const todoNo: string, agentId: string, title: string
  function decide(msgId: string, key: string): Promise<void>
  function load(): Promise<number>
  function save(position: number | string): Promise<void>
  function readEverything(): Promise<void>
  function store(id: string, name: string): Promise<void>
  function remove(kind: string, id: string): Promise<void>
  function book(billNo: string, amount: number): Promise<void>
  function isNew(id: string): Promise<boolean>
  function POST(request: Request): Promise<Response>
  function loadDevice(): Promise<Device | undefined>
  function saveDevice(device: Device): Promise<void>
}
`

describe('its types', () => {
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
  }
  async function complaints(files: readonly string[], options: object): Promise<string> {
    const compilerOptions = { ...strict, ...options }
    const settings = project('tsconfig.json', JSON.stringify({ compilerOptions, files }))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    return run(process.execPath, [compiler, '-p', settings]).then(
      () => '',
      error => String(error.stdout),
    )
  }

  it.each([
    ['ESM of Node, with its types', 'typed.mts', { module: 'node16', lib: ['es2023'], types: ['node'] }],
    ['CommonJS of Node, with its types', 'typed.cts', { module: 'node16', lib: ['es2023'], types: ['node'] }],
    [
      'a bundler, with the types of pages',
      'typed.ts',
      { module: 'esnext', moduleResolution: 'bundler', types: [] },
    ],
  ])('are strict for %s', async (_name, file, options) => {
    project(file, typed)
    expect(await complaints([file], options)).toBe('')
  })

  it('are those that the README’s examples rely on', async () => {
    const blocks = [...readFileSync(join(root, 'sdk/README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)]
    expect(blocks.length).toBeGreaterThan(10)
    project('around.d.ts', around)
    const files = blocks.map(([, text], at) => {
      project(`example-${at}.mts`, `${text}\nexport {}\n`)
      return `example-${at}.mts`
    })
    expect(await complaints(['around.d.ts', ...files], { module: 'node16', types: ['node'] })).toBe('')
  })
})
