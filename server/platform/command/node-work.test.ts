import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseEnv, startWorld, type World } from '../../../test/harness.ts'
import { type Env, wisp, wispJson } from '../../cli/cli.fixture.ts'
import { runTyped } from '../../cli/shell.ts'
import { createContext } from '../../context.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { recentRuns } from '../../organisation/sync/runs/run-store.ts'
import { startServer } from '../../server.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../operation/log.ts'
import { taskState } from '../queue/queue-store.ts'
import { aliveNodes } from '../storage/alive-nodes.ts'

const log = createLog('silent')
/** An upstream that a shell does not reach, as from another network. */
const nowhere = 'http://127.0.0.1:1'

/** Types a command and returns before it ends; `said` resolves with the first line on standard error. */
function type(env: Env, argv: string[]) {
  const said = Promise.withResolvers<string>()
  const terminal = { out: () => undefined, bytes: undefined, note: said.resolve }
  const shell = { env, stdin: Readable.from(['']), terminal, prompt: () => undefined }
  const ended = runTyped(argv, { ...shell, signal: new AbortController().signal })
  return { said: said.promise, ended }
}

describe('beside a node', () => {
  let world: World
  let shell: Env
  beforeAll(async () => {
    world = await startWorld()
    shell = { ...world.env, WISP_WECOM_URL: nowhere }
    const [agent] = world.sandbox.agents
    if (agent) await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['messages'] })
  })
  afterAll(() => world.close())

  it('a command leaves its work to the node, with the addresses of the node', async () => {
    expect(await wispJson(shell, ['sync', 'run'])).toMatchObject({ state: 'done' })
    const test = await wispJson(shell, ['message', 'test', 'zhangsan'])
    expect(test).toMatchObject({ status: 'sent', answers: [expect.stringMatching(/^sent/)] })
  })

  it('a message that the settings keep back fails, and nothing of it leaves later', async () => {
    await world.control('faults', { match: '/cgi-bin/message/send', mode: 'code:60020' })
    const refused = await wisp(shell, ['message', 'test', 'zhangsan'])
    await world.control('faults', undefined, 'DELETE')
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('60020') })
    const last = await world.ctx.db
      .selectFrom('message')
      .select('id')
      .orderBy('created_at', 'desc')
      .executeTakeFirst()
    const parts = await world.ctx.db
      .selectFrom('message_part')
      .select('state')
      .where('message_id', '=', last?.id ?? '')
      .execute()
    expect(parts).toEqual([{ state: 'cancelled' }])
  })

  it('--here is refused, and nothing begins', async () => {
    const before = await recentRuns(world.ctx.db, world.corpId, 50)
    const refused = await wisp(world.env, ['sync', 'run', '--here'])
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('1 个节点在运行') })
    expect(await recentRuns(world.ctx.db, world.corpId, 50)).toHaveLength(before.length)
    expect((await wisp(world.env, ['sync', 'run', '--here', '--no-wait'])).code).toBe(2)
  })

  it('a context of a command takes nothing from the queue, whatever it is told', async () => {
    await world.ctx.queue.stop()
    const { said, ended } = type(shell, ['sync', 'run'])
    expect(await said).toContain('等待')
    const task = { corpId: world.corpId, stream: 'directory', key: '' } as const
    expect(await taskState(world.ctx.db, task)).toMatchObject({ nodeId: null })
    // Only this one reaches WeCom; a command that had taken the task would keep it.
    const second = await startServer(readConfig(world.env), { log, nodeId: 'second' })
    expect(await ended).toBe(0)
    await second.close()
  })
})

describe('without a node', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    await world.server.close()
  })
  afterAll(async () => {
    await world.sandbox.close()
  })

  const runs = async () => (await wispJson(world.env, ['sync', 'status'])).runs.length

  it('a command that waits for work says so, and writes nothing', async () => {
    const count = await runs()
    for (const words of ['sync run', 'sync dry-run', 'message test zhangsan']) {
      const refused = await wisp(world.env, words.split(' '))
      expect(refused).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('没有正在运行的节点，没有开始'),
      })
    }
    expect(await runs()).toBe(count)
    expect(await wispJson(world.env, ['message', 'list'])).toEqual([])
  })

  it('a command that only enqueues says that it waits, and --here does it', async () => {
    const queued = await wisp(world.env, ['sync', 'run', '--no-wait'])
    expect(queued).toMatchObject({ code: 0, stdout: expect.stringContaining('已排队') })
    expect(queued.stderr).toContain('没有正在运行的节点：已排队的工作在节点启动后执行')
    const here = await wisp(world.env, ['sync', 'run', '--here'])
    expect(here.stderr).toContain('没有正在运行的节点，由这个命令执行')
    expect(here.stdout).toMatch(/状态: +完成/)
  })

  it('a corp is added, and its first sync waits', async () => {
    const { corpId, contactSecret } = world.sandbox
    const env = { ...(await databaseEnv()), WISP_WECOM_URL: world.sandbox.url }
    const added = await wisp(env, [
      ...['corp', 'add', '--corp-id', corpId, '--name', '企业', '--contact-secret', contactSecret],
    ])
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('已排队') })
    expect(added.stderr).toContain('没有正在运行的节点')
    expect(await wispJson(env, ['sync', 'run', '--here'])).toMatchObject({ state: 'done' })
  })

  it('only what was asked for is done', async () => {
    const ctx = await createContext(readConfig(world.env), { log }, 'command')
    await ctx.db
      .insertInto('queue')
      .values({ corp_id: world.corpId, stream: 'doctor', key: '', due_at: new Date(0), priority: 0 })
      .execute()
    await wispJson(world.env, ['sync', 'run', '--here'])
    expect(await taskState(ctx.db, { corpId: world.corpId, stream: 'doctor', key: '' })).toMatchObject({
      nodeId: null,
      dueAt: new Date(0),
    })
    expect(await aliveNodes(ctx.db)).toEqual([])
    await ctx.close()
  })
})

describe('the addresses of upstreams', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())

  it('are those of the node with the same data directory, for its owner alone, and the environment wins', async () => {
    const { WISP_DATA_DIR = '', WISP_DATABASE_URL = '', WISP_SECRET_KEY = '' } = world.env
    const bare = { WISP_DATA_DIR, WISP_DATABASE_URL, WISP_SECRET_KEY }
    expect(statSync(join(WISP_DATA_DIR, 'upstreams.json')).mode & 0o777).toBe(0o600)
    expect((await wisp(bare, ['corp', 'doctor'])).stdout).toContain(
      `✓ 连接企业微信: 正常，问的是 ${world.sandbox.url}`,
    )
    const elsewhere = await wisp({ ...bare, WISP_WECOM_URL: nowhere }, ['corp', 'doctor'])
    expect(elsewhere.stdout).toContain(`问的是 ${nowhere}`)
    expect(elsewhere.stdout).toMatch(/✗ 连接企业微信: 无法连接企业微信/)
  })

  it('go when a node is started that was given none', async () => {
    const { WISP_DATA_DIR = '', WISP_DATABASE_URL = '', WISP_SECRET_KEY = '' } = world.env
    const path = join(WISP_DATA_DIR, 'upstreams.json')
    expect(readFileSync(path, 'utf8')).toContain(world.sandbox.url)
    const bare = { WISP_PORT: '0', WISP_DATA_DIR, WISP_DATABASE_URL, WISP_SECRET_KEY }
    const second = await startServer(readConfig(bare), { log, nodeId: 'second' })
    expect(() => statSync(path)).toThrow('ENOENT')
    await second.close()
  })
})
