import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isThere, type Language, languages, type Program, programsOf } from '../../examples/languages.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { arrived, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { addClient } from '../../server/features/oidc/client.fixture.ts'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import { newSecret, signatures } from '../../server/features/webhooks/secrets.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { freePort } from '../postgres.ts'
import { isDue, noteAtEnd, type Proof } from '../proved/proved.ts'
import { soak } from '../soak.ts'
import { until } from '../until.ts'
import { exampleScopes, grantLeave, templateId } from './approval.ts'
import { type FaultProxy, startBetween } from './between.ts'
import { leaveOf } from './leave.ts'
import { signInBy } from './oidc-sign-in.ts'
import { expectPreview } from './people-source.ts'

/** Each language's examples as a reader would run them, against wisp over its sandbox. */
const root = resolve(import.meta.dirname, '../..')
const temporary = mkdtempSync(join(tmpdir(), 'wisp-examples-'))
const present = languages.filter(isThere)
/** A wrong answer of the server shows in any language. */
const always = ['typescript']
const proofOf = ({ folder, version }: Language): Proof => ({
  name: `examples/${folder}`,
  inputs: [`examples/${folder}/**/*`, 'examples/people.csv', 'examples/languages.ts', 'test/examples/*.ts'],
  versions: [version],
})
const due = present.filter(one => always.includes(one.folder) || soak(isDue(proofOf(one)), true))
const builds = new Map<Language, Promise<void>>()
const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter)

let world: World
let dev: Caller
let between: FaultProxy
let jessionId: string
/** An agent that hears presses, and the app of it. */
let agentId: string
/** Active members who may be named. */
let people: string[]
let runs = 0

const folderOf = ({ folder }: Language) => join(root, 'examples', folder)
const outOf = ({ folder }: Language) => join(temporary, folder)

async function build(language: Language): Promise<void> {
  mkdirSync(outOf(language))
  for (const [program = '', ...args] of language.build?.(outOf(language)) ?? []) {
    const env = { ...process.env, CGO_ENABLED: '0', GOPROXY: 'off', GOTOOLCHAIN: 'local' }
    await promisify(execFile)(program, args, { cwd: folderOf(language), env })
  }
}

beforeAll(async () => {
  for (const language of due) {
    const built = build(language)
    // Those who wait for it get the error; nobody does when another language has failed before.
    built.catch(() => {})
    builds.set(language, built)
  }
  // More changes than the feed gives at once.
  world = await startWorld({ members: 520, departments: 8, tags: 2 })
  await connectMerchant(world)
  dev = await world.addDeveloper({ scopes: exampleScopes })
  between = await startBetween(world.server.url)
  await useAgents(world)
  const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '报修', devId: dev.devId })
  jessionId = (await dev.post('/api/ticket/issue', { userId: 'zhangsan', appId: id })).body.jessionId
  const heard = await world.connectAgent()
  await addApp(world.ctx, 'test', world.corpId, { name: '请假', devId: dev.devId, agentId: heard })
  agentId = String(heard)
  await grantLeave(world, heard, dev.devId)
  // WeCom takes no message of an application for him.
  await world.control('licences', { without: ['lisi'] })
  const found = (await dev.post('/api/user/search', { searchName: 'a' })).body.list
  people = found.flatMap((one: { status: number; userId: string }) => (one.status === 1 ? one.userId : []))
})
afterAll(async () => {
  await Promise.allSettled(builds.values())
  await between.close()
  await world.close()
  rmSync(temporary, { recursive: true })
})
// Each has ten tests.
noteAtEnd(due.filter(one => !always.includes(one.folder)).map(proofOf), 10 * due.length)
afterEach(() => {
  between.calls.length = 0
  between.faults.length = 0
})

type Environment = Record<string, string | undefined>
const environment = (): Environment => ({
  PATH: path,
  HOME: temporary,
  LC_ALL: 'C.UTF-8',
  PYTHONDONTWRITEBYTECODE: '1',
  WISP_URL: between.url,
  DEV_ID: dev.devId,
  DEV_SECRET: dev.devSecret,
  WISP_TOKEN_FILE: join(temporary, `token-${++runs}`),
})

/** The JVM starts in half the time without its second compiler. */
function commandOf(language: Language, program: Program): [string, ...string[]] {
  const [command = '', ...words] = language.run(program, outOf(language))
  const sooner = command === 'java' ? ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'] : []
  return [command, ...sooner, ...words]
}

type Result = { code: number; out: string; error: string }

function run(language: Language, program: Program, args: string[], env: Environment = {}): Promise<Result> {
  const [command, ...words] = commandOf(language, program)
  const options = { cwd: folderOf(language), env: { ...environment(), ...env } }
  return new Promise(resolve => {
    execFile(command, [...words, ...args], options, (error, out, told) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: out + told })
    })
  })
}

/** What a program wrote that ended well. */
async function output(language: Language, program: Program, ...args: string[]): Promise<string> {
  const { code, out, error } = await run(language, program, args)
  expect(error.replace(out, '')).toBe('')
  expect(code).toBe(0)
  return out
}

const secret = newSecret()
const now = () => Math.floor(Date.now() / 1000)

/** Headers of a delivery as wisp makes them, signed with each of these secrets. */
function headersOf(id: string, body: string, secrets = [secret], timestamp: number | string = now()) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures(secrets, id, timestamp as number, Buffer.from(body)),
  }
}

type Receiver = {
  send(headers: Record<string, string>, body: string): Promise<number>
  /** What it has written. */
  out(): string
  stop(): Promise<void>
}

/** A program that a web server runs for each request. */
function cgiReceiver(language: Language): Receiver {
  const log = join(temporary, 'webhooks.log')
  const [command, ...words] = commandOf(language, 'receive-webhooks')
  return {
    async send(headers, body) {
      const given = Object.entries(headers).map(([name, value]) => [
        `HTTP_${name.toUpperCase().replaceAll('-', '_')}`,
        value,
      ])
      const settings = { WEBHOOK_SECRET: secret, WEBHOOK_LOG: log, ...Object.fromEntries(given) }
      const options = { cwd: folderOf(language), env: { ...environment(), ...settings } }
      const running = promisify(execFile)(command, words, options)
      running.child.stdin?.end(body)
      return Number(/^Status: (\d+)\r\n\r\n$/.exec((await running).stdout)?.[1])
    },
    out: () => readFileSync(log, 'utf8'),
    stop: async () => rmSync(log, { force: true }),
  }
}

/** A program that listens on this port until it is stopped. */
function listening(language: Language, program: Program, port: number, env: Environment) {
  const [command, ...words] = commandOf(language, program)
  // PHP's own server runs a file for each request.
  const args = language.folder === 'php' ? ['-S', `127.0.0.1:${port}`, ...words] : [...words, String(port)]
  const settings = { ...environment(), ...env }
  const child: ChildProcess = spawn(command, args, { cwd: folderOf(language), env: settings })
  const closed = new Promise(resolve => child.once('close', resolve))
  let out = ''
  child.stdout?.on('data', text => (out += text))
  return {
    out: () => out,
    async stop() {
      child.kill('SIGKILL')
      await closed
    },
  }
}

async function startReceiver(language: Language): Promise<Receiver> {
  if (language.folder === 'curl') return cgiReceiver(language)
  const port = await freePort()
  const running = listening(language, 'receive-webhooks', port, { WEBHOOK_SECRET: secret })
  const send = (headers: Record<string, string>, body: string) =>
    fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body }).then(({ status }) => status)
  await until('the receiver', () => send({}, '').catch(() => undefined))
  return { send, ...running }
}

it('has every program in every language', () => {
  for (const language of languages) {
    const files = readdirSync(folderOf(language), { recursive: true, encoding: 'utf8' })
    expect(files).toEqual(
      expect.arrayContaining([...language.client, ...programsOf(language).map(language.file)]),
    )
  }
  // These need nothing that the tests do not need anyway.
  expect(present.map(({ folder }) => folder)).toEqual(expect.arrayContaining(['curl', 'typescript', 'java']))
})

it.each(due.filter(({ folder }) => ['curl', 'php'].includes(folder)))(
  'keeps the token for the next run, in $name, which starts again for each request',
  async language => {
    const env = { WISP_TOKEN_FILE: join(temporary, `kept-${language.folder}`) }
    for (const _ of [1, 2]) expect((await run(language, 'get-member', ['zhangsan'], env)).code).toBe(0)
    expect(between.calls).toEqual(['token/getDevToken', 'user/get', 'user/get'])
    expect(statSync(env.WISP_TOKEN_FILE).mode & 0o777).toBe(0o600)
  },
)

describe.each(due.map(language => [language.name, language] as const))('%s', (_name, language) => {
  const isCurl = language.folder === 'curl'
  beforeAll(() => builds.get(language))

  it('gets a member', async () => {
    const { userId, userName, orgList } = (await dev.get('/api/user/get', { userId: 'zhangsan' })).body
    const out = await output(language, 'get-member', 'zhangsan')
    if (isCurl) expect(JSON.parse(out)).toMatchObject({ userId, userName, orgList })
    else
      expect(out.trimEnd().split('\n')).toEqual([
        `${userId} ${userName}`,
        ...orgList.map((one: { orgId: string; orgName: string }) => `  ${one.orgId} ${one.orgName}`),
      ])
  })

  it('sends a message and asks for its status, with one token', async () => {
    const content = `“${language.name}” 说:\n"你好" \\ 😀`
    const out = await output(language, 'send-message', '审批', 'zhangsan', content)
    const [shown] = await arrived(world, language.name)
    expect(shown?.content['content']).toBe(content)
    if (isCurl) expect(JSON.parse(out)).toMatchObject({ status: 'sent', receivers: { sent: 1, total: 1 } })
    else expect(out).toMatch(/^[\w-]{32} sent 1\/1\n$/)
    expect(between.calls).toEqual(['token/getDevToken', 'message/send', 'message/status'])
  })

  it('puts a message type and sends by it', async () => {
    const out = await output(language, 'notify', 'zhangsan', `“${language.name}”`, '2850')
    expect(await arrived(world, `“${language.name}”，¥28.50 已到账。`)).toHaveLength(1)
    expect(out).toMatch(isCurl ? /"accepted":1,.*"state":"accepted"/ : /^[\w-]{32} accepted 1\n$/)
  })

  it('reads the change feed from a number to its end', async () => {
    const first = (await dev.get('/api/directory/changes', { since: 0, limit: 1000 })).body
    const out = await output(language, 'read-changes', '0')
    const lines = out.trimEnd().split('\n')
    expect(first.list.length).toBeGreaterThan(500)
    expect(lines.pop()).toBe(`next ${first.next}`)
    type Change = { seq: number; kind: string; op: string; id: string }
    const wanted = first.list.map(({ seq, kind, op, id }: Change) => [seq, kind, op, id].join(' '))
    const seen = isCurl
      ? lines.flatMap(line =>
          JSON.parse(line).list.map((one: Change) => [one.seq, one.kind, one.op, one.id].join(' ')),
        )
      : lines
    expect(seen).toEqual(wanted)
    const lost = await output(language, 'read-changes', String(first.next + 1))
    expect(lost).toContain(isCurl ? '"resync":true' : '请全量读取 / read everything\n')
    expect(lost).toMatch(new RegExp(`next ${first.next}\n$`))
  })

  it('creates a bill once, and lists all of them', async () => {
    // A payer of its own for each language; as many bills as a page has.
    const userId = people[present.indexOf(language)] ?? ''
    const list = Array.from({ length: 100 }, (_, index) => ({
      billNo: `${language.folder}-${index}`,
      userId,
      title: '水费',
      amount: 5,
    }))
    expect((await dev.post('/api/pay/bill/create', { list })).retCode).toBe('0')
    const args = [`${language.folder}-new`, userId, '11月 "餐费"', '12850'] as const
    const out = await output(language, 'bills', ...args)
    expect(await output(language, 'bills', ...args)).toBe(out)
    const { billId } = (await dev.get('/api/pay/bill/get', { billNo: args[0] })).body
    if (isCurl) {
      const [created, page] = out
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
      expect(created).toMatchObject({ billId, amount: 12_850 })
      expect(page.list[0]).toMatchObject({ billId, title: args[2], state: 'open' })
    } else {
      const [first, ...lines] = out.trimEnd().split('\n')
      expect(first).toBe(`billId ${billId}`)
      expect(lines[0]).toBe(`${args[0]} 11月 "餐费" 128.50 open`)
      expect(lines).toContain(`${language.folder}-0 水费 0.05 open`)
    }
  })

  it('knows who is here, and who has to sign in again', async () => {
    const ask = (ticket: string) => output(language, 'who-is-here', ticket)
    const [here, gone] = await Promise.all([ask(jessionId), ask('dead & gone')])
    if (isCurl) expect([JSON.parse(here ?? '').userId, gone]).toEqual(['zhangsan', 'null\n'])
    else expect([here, gone]).toEqual(['zhangsan 张三\n', '请重新登录 / sign in again\n'])
  })

  it('puts the people of an export, again after lost answers, and shows the preview', async () => {
    await expectPreview(world, dev, between, outOf(language), (args, env) =>
      run(language, 'people-source', args, { ...env }),
    )
  })

  it('takes a new token after 1004, once', async () => {
    const once = ['token/getDevToken', 'user/get', 'token/getDevToken', 'user/get']
    between.faults.push('dead token')
    expect(await output(language, 'get-member', 'zhangsan')).toContain('张三')
    expect(between.calls).toEqual(once)
    between.calls.length = 0
    between.faults.push('dead token', 'dead token', 'dead token')
    const { code, error } = await run(language, 'get-member', ['zhangsan'])
    expect(code).not.toBe(0)
    expect(error).toContain('1004')
    expect(between.calls).toEqual(once)
  })

  it('waits after 1010 for as long as it is told, within reason, and says what is wrong otherwise', async () => {
    between.faults.push({ retryAfter: 1 })
    const started = performance.now()
    expect(await output(language, 'get-member', 'zhangsan')).toContain('张三')
    expect(performance.now() - started).toBeGreaterThan(1000)
    expect(between.calls).toEqual(['token/getDevToken', 'user/get', 'user/get'])
    between.faults.push({ retryAfter: 3600 })
    const later = await run(language, 'get-member', ['zhangsan'])
    expect([later.code === 0, later.error]).toEqual([false, expect.stringContaining('1010 请求过于频繁')])
    const unknown = await run(language, 'get-member', ['没有 & 谁'])
    expect([unknown.code === 0, unknown.error]).toEqual([
      false,
      expect.stringContaining('1007 无效的用户 id: 没有 & 谁'),
    ])
  })

  it('takes genuine webhooks, and no others', async () => {
    const receiver = await startReceiver(language)
    try {
      const body = '{"type":"directory.member.put","data":{"userName":"张三"}}\n'
      const other = newSecret()
      const good = (id: string, secrets?: string[]) => receiver.send(headersOf(id, body, secrets), body)
      expect(await good('evt_1')).toBe(204)
      expect(await good('evt_2', [other, secret])).toBe(204)
      const seen = () => receiver.out().includes('evt_2')
      await until('both events', seen)
      for (const id of ['evt_1', 'evt_2'])
        expect(receiver.out()).toMatch(new RegExp(`${id} .*directory\\.member\\.put`))
      expect(await good('evt_3', [other])).toBe(401)
      expect(await receiver.send(headersOf('evt_3', body), `${body} `)).toBe(401)
      expect(await receiver.send({ ...headersOf('evt_3', body), 'webhook-id': 'evt_4' }, body)).toBe(401)
      for (const timestamp of [now() - 360, now() + 360, 'soon', ''])
        expect(await receiver.send(headersOf('evt_3', body, [secret], timestamp), body)).toBe(401)
      expect(await receiver.send({}, body)).toBe(401)
      expect(receiver.out()).not.toMatch(/evt_[34]/)
    } finally {
      await receiver.stop()
    }
  })
})

describe('signing in by OpenID Connect', () => {
  const able = due.filter(language => programsOf(language).includes('oidc-sign-in'))
  beforeAll(async () => {
    await Promise.all(builds.values())
  })

  it.each(able.map(language => [language.name, language] as const))(
    'works in %s',
    async (_name, language) => {
      const port = await freePort()
      const app = `http://127.0.0.1:${port}`
      const client = await addClient(world, `登录 ${language.name}`, {
        oidc: { redirectUris: [`${app}/callback`] },
      })
      const running = listening(language, 'oidc-sign-in', port, {
        OIDC_ISSUER: client.issuer,
        OIDC_CLIENT_ID: client.clientId,
        OIDC_CLIENT_SECRET: client.clientSecret,
      })
      try {
        await signInBy(app, world)
      } finally {
        await running.stop()
      }
    },
  )
})

describe('a leave request', () => {
  beforeAll(async () => {
    await Promise.all(builds.values())
  })

  // What each waits for is a person, so that all languages wait at once.
  it.concurrent.each(due.map(language => [language.name, language] as const))(
    'leaves a to-do and is decided by a card, in %s',
    async (_name, language) => {
      const index = present.indexOf(language)
      const approver = people[index] ?? ''
      const ask = (no: string, by: string, seconds: string) =>
        run(language, 'leave-request', [no, agentId, 'zhangsan', by, '2', seconds, templateId])
      const [first, second, strange] = [`A-${index}`, `B-${index}`, `C-${index}`]
      const waiting = ask(second, approver, '60')
      const [late, unknown, unreached] = await Promise.all([
        ask(first, approver, '1'),
        ask(strange, 'nobody', '60'),
        ask(`D-${index}`, 'lisi', '60'),
      ])
      for (const [{ code, error }, reason] of [
        [late, '没有人处理'],
        [unknown, '1007 无效的用户 id: nobody'],
        [unreached, '卡片没有送到'],
      ] as const)
        expect([code === 0, error]).toEqual([false, expect.stringContaining(reason)])
      expect(await leaveOf(world, dev, agentId, strange).cards()).toEqual([])

      // The one that nobody had decided goes on when it is run again, with the card and the to-do that are there.
      const [approved, rejected] = [first, second].map(no => leaveOf(world, dev, agentId, no))
      await Promise.all([approved!.press(approver, 'agree'), rejected!.press(approver, 'reject')])
      expect(await Promise.all([ask(first, approver, '60'), waiting])).toMatchObject([
        { code: 0, out: expect.stringMatching(new RegExp(`^${first} 已同意\n\\d{20} pending\n$`)) },
        { code: 0, out: `${second} 已驳回\n` },
      ])
      for (const [leave, no, result] of [
        [approved!, first, '已同意'],
        [rejected!, second, '已驳回'],
      ] as const) {
        const title = '张三 申请请假 2 天'
        expect(await leave.cards()).toMatchObject([{ content: { main_title: { title, desc: no } } }])
        expect(await leave.replaced(approver)).toBe(result)
        expect(await leave.todos()).toMatchObject([{ state: 'done', userId: approver, title }])
        expect(await leave.told()).toEqual([['zhangsan', `${no} 请假 2 天：${result}`]])
      }
    },
  )
})
