import { execFileSync } from 'node:child_process'
import { lookup } from 'node:dns'
import { closeSync, constants, open, openSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useAgents } from '../../server/features/messages/messages.fixture.ts'
import { writeDirectory } from '../../server/organisation/directory/write/writer.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import type { Resolver } from '../../server/platform/security/name-look-ups.ts'
import { type Server, startServer } from '../../server/server.ts'
import { type Caller, callerOf, startWorld, type World } from '../harness.ts'
import { until } from '../until.ts'

const developers = 8
const each = 8

let world: World
let node: Server
let owners: Caller[]
let other: Caller
let pipe: string
/** Names that were asked for and are not answered. */
const silent: string[] = []

/**
 * Names under silent.test hold a thread of libuv as getaddrinfo does while a name server is silent: they open a named pipe that
 * nobody writes to. All others are looked up.
 */
const resolve: Resolver = (name, done) => {
  if (!name.endsWith('.silent.test')) return lookup(name, { all: true }, done)
  silent.push(name)
  return open(pipe, 'r', (error, file) => {
    if (!error) closeSync(file)
    done(Object.assign(new Error('EAI_AGAIN'), { code: 'EAI_AGAIN' }), [])
  })
}

beforeAll(async () => {
  world = await startWorld({ members: 20 })
  await useAgents(world)
  owners = await Promise.all(
    Array.from({ length: developers }, () =>
      world.addDeveloper({ scopes: ['directory:read', 'webhook:manage'] }),
    ),
  )
  other = await world.addDeveloper({ scopes: ['message:send'] })
  await world.server.close()
  pipe = join(world.env['WISP_DATA_DIR'] ?? '', 'silence')
  execFileSync('mkfifo', [pipe])
  // WeCom has a name here, as in the world, so that a message needs a thread for its look-up.
  const env = { ...world.env, WISP_WECOM_URL: world.sandbox.url.replace('127.0.0.1', 'localhost') }
  node = await startServer(readConfig(env), { log: createLog('silent'), outboundOptions: { resolve } })
})
afterAll(async () => {
  // Opening it for writing releases everyone who waits.
  const writer = openSync(pipe, constants.O_RDWR)
  await node.close()
  closeSync(writer)
  await world.sandbox.close()
})

it('a message leaves at once while 64 webhooks lead to silent names', async () => {
  const at = (caller: Caller) => callerOf(node.url, caller)
  for (const [n, owner] of owners.entries())
    for (let k = 0; k < each; k++) {
      const url = `https://hook-${n}-${k}.silent.test/events`
      expect(await at(owner).post('/api/webhook/create', { url })).toMatchObject({ retCode: '0' })
    }
  expect(silent).toEqual([])

  const department = { id: 10_001, name: '新部门', parentId: 1, sortNo: 1, leaders: [] }
  await writeDirectory(node.ctx, world.corpId, [{ kind: 'department', op: 'put', department }])
  const listOf = async (owner: Caller) => (await at(owner).get('/api/webhook/list')).body.list
  await until('events on their way', async () => {
    const all = (await Promise.all(owners.map(listOf))).flat()
    return all.filter(one => one.waiting === 1).length >= 32
  })
  await until('a look-up', () => silent.length > 0)

  const message = { toUser: 'zhangsan', content: '照常', sendType: '0', msgType: '03', agentName: '测试' }
  const answer = await at(other).post('/api/message/send', message)
  expect(answer.body).toMatchObject({ status: 'sent' })
  expect(silent).toHaveLength(1)
}, 60_000)
