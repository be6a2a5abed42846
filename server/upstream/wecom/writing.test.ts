import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts'
import { createUpstreamPool, type UpstreamPool } from '../transport/pool.ts'
import { createTokenSource, memoryTokenStore } from '../transport/token-source.ts'
import { createWecomClient, type WecomClient } from './client.ts'
import { WecomError, WecomUnavailable } from './errors.ts'
import { fetchToken } from './token.ts'
import { failureOf } from './upstream.fixture.ts'

let sandbox: Sandbox
let pool: UpstreamPool
let wecom: WecomClient

beforeAll(async () => {
  sandbox = await startSandbox({ members: 30, departments: 5, seed: 7 })
  pool = createUpstreamPool()
  wecom = client(sandbox.contactSecret)
})
afterAll(async () => {
  await pool.close()
  await sandbox.close()
})

function client(secret: string): WecomClient {
  const { url: baseUrl, corpId } = sandbox
  const tokens = createTokenSource({
    store: memoryTokenStore(),
    fetchToken: () => fetchToken({ pool, baseUrl, corpId, secret, now: Date.now }),
    now: Date.now,
  })
  return createWecomClient({ baseUrl, corpId, secret, tokens, pool, timeoutMs: 300, sleep: () => wait(1) })
}

async function fault(mode: string, match: string): Promise<void> {
  const body = JSON.stringify({ match, mode, times: 1 })
  const { status } = await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body })
  expect(status).toBe(200)
}

const codeOf = async (done: Promise<unknown>) => {
  const error = await failureOf(done)
  return error instanceof WecomError ? error.errcode : error
}

it('makes, changes and deletes departments and members', async () => {
  await wecom.createDepartment({ id: 700, name: '人事', parentid: 1 })
  await wecom.updateDepartment({ id: 700, name: '人力资源' })
  expect((await wecom.departmentGet(700)).department).toMatchObject({ name: '人力资源', parentid: 1 })
  const member = { userid: 'new.one', name: '新人', mobile: '13011112222', department: [700] }
  await wecom.createMember(member)
  await wecom.updateMember({ userid: 'new.one', enable: 0, position: '专员' })
  expect(await wecom.userGet('new.one')).toMatchObject({ status: 2, position: '专员', department: [700] })
  expect(await codeOf(wecom.createMember({ ...member, mobile: '13011113333' }))).toBe(60102)
  expect(await codeOf(wecom.createMember({ ...member, userid: 'new.two' }))).toBe(60104)
  expect(await codeOf(wecom.createDepartment({ id: 701, name: '人力资源', parentid: 1 }))).toBe(60008)
  expect(await codeOf(wecom.deleteDepartment(700))).toBe(60005)
  await wecom.deleteMember('new.one')
  await wecom.deleteDepartment(700)
  expect(await codeOf(wecom.deleteMember('new.one'))).toBe(60111)
})

it('repeats what WeCom refused as busy, and leaves a lost answer to its caller', async () => {
  const member = { userid: 'new.three', name: '新人', mobile: '13011114444' }
  await fault('busy', 'user/create')
  await wecom.createMember(member)
  await fault('acceptedThenTimeout', 'user/update')
  const lost = await failureOf(wecom.updateMember({ userid: 'new.three', position: '专员' }))
  expect(lost).toBeInstanceOf(WecomUnavailable)
  expect((lost as WecomUnavailable).ambiguous).toBe(true)
  expect(await wecom.userGet('new.three')).toMatchObject({ position: '专员' })
})

it('is refused with another secret, from another address, and for nobody', async () => {
  const agent = client(sandbox.agents[0]!.secret)
  expect(await codeOf(agent.updateMember({ userid: 'new.three', position: '' }))).toBe(48002)
  await fault('code:60020', 'user/update')
  expect(await codeOf(wecom.updateMember({ userid: 'new.three', position: '' }))).toBe(60020)
  await fault('code:60121', 'user/update')
  expect(await codeOf(wecom.updateMember({ userid: 'new.three', position: '' }))).toBe(60121)
})
