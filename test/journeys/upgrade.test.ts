import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { wispJson } from '../../server/cli/cli.fixture.ts'
import { callerOf, databaseEnv } from '../harness.ts'
import { createDatabaseAt, type Postgres, startPostgres } from '../postgres.ts'
import { programEnv } from '../program-env.ts'
import { olderReleaseTree, type ReleaseTree } from './release-tree.ts'
import { attemptProcess, eventually, type ServerProcess, startProcess } from './server-process.ts'

/** From the own sources of the last release whose schema is older to this version, as the page run/upgrade tells it: the old node stops first. */
let tree: ReleaseTree | undefined
let postgres: Postgres
let sandbox: Sandbox
const running: ServerProcess[] = []
beforeAll(async () => {
  tree = olderReleaseTree()
  if (!tree) return
  postgres = await startPostgres({ durable: false, binaries: 'embedded' })
  sandbox = await startSandbox({ members: 20, departments: 4, tags: 1, seed: 1 })
}, 120_000)
afterAll(async () => {
  for (const one of running) await one.kill()
  await sandbox?.close()
  await postgres?.stop()
  tree?.remove()
})

type Env = Record<string, string>

/** A command of the release, answered in JSON. */
async function oldCommand({ cli, execArgv }: ReleaseTree, env: Env, words: string[], stdin = '') {
  const child = spawn(process.execPath, [...execArgv, cli, ...words, '--json'], {
    env: { ...programEnv, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(stdin)
  const [out] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return JSON.parse(out) as { devId: string; devSecret: string }
}

const rename = async (alias: string) => {
  const response = await fetch(`${sandbox.url}/_sandbox/admin/user/update`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userid: 'zhangsan', alias }),
  })
  expect(await response.json()).toMatchObject({ errcode: 0 })
}

async function serve(env: Env, release?: ReleaseTree) {
  const one = await startProcess(env, release && { release })
  running.push(one)
  return one
}

it('a node of the last older release is noticed, and upgraded once it has stopped', {
  timeout: 180_000,
}, async context => {
  if (!tree) {
    const why =
      'NOT TESTED: the commit of the last older release is not in this copy; git fetch --unshallow brings it'
    console.warn(why)
    return context.skip(why)
  }
  const url = await createDatabaseAt(postgres.adminUrl)
  const env = { ...(await databaseEnv()), WISP_DATABASE_URL: url, WISP_WECOM_URL: sandbox.url }
  const old = await serve(env, tree)
  const client = new pg.Client(url)
  await client.connect()
  const release = tree
  const inRelease = (words: string[], stdin?: string) => oldCommand(release, env, words, stdin)
  const corp = ['--corp-id', sandbox.corpId, '--name', '测试企业', '--contact-secret', '-']
  await rename('旧版')
  await inRelease(['corp', 'add', ...corp], `${sandbox.contactSecret}\n`)
  const dev = await inRelease(['developer', 'add', '--name', '测试', '--scopes', 'directory:read'])
  const aliasAt = async ({ url: at }: ServerProcess) =>
    (await callerOf(at, dev).get('/api/user/get', { userId: 'zhangsan' })).body?.alias
  const follows = (one: ServerProcess, alias: string) =>
    eventually(`${alias} at the node`, async () => (await aliasAt(one)) === alias, 60_000)
  await follows(old, '旧版')

  const { code, output } = await attemptProcess(env).ended
  expect(code).toBe(1)
  expect(output).toMatch(new RegExp(`节点 .*（wisp ${tree.version}，.*较旧，不认识数据库的迁移`))
  const { rows } = await client.query("select name from migration where name like '0102%'")
  expect(rows, 'nothing was migrated under the old node').toEqual([])
  expect((await fetch(`${old.url}/readyz`)).status).toBe(200)
  expect(await aliasAt(old)).toBe('旧版')

  expect(await old.stop()).toBe(0)
  const calls = async () =>
    (await client.query('select request_id, at, path, code from call_log order by request_id')).rows
  const logged = await calls()
  expect(logged.length).toBeGreaterThan(2)
  const upgraded = await serve(env)
  expect(await aliasAt(upgraded)).toBe('旧版')
  expect(await calls()).toEqual(expect.arrayContaining(logged))
  await rename('新版')
  await wispJson(env, ['sync', 'run'])
  await follows(upgraded, '新版')
  await client.end()
  expect(await upgraded.stop()).toBe(0)
})
