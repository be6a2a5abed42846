import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp, type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, callerOf, control, dump } from '../test-caller.ts'
import { openWorld } from '../world/world.ts'
import { isLoopback } from './routes.ts'

type Call = { method: string; path: string }

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ members: 60 })
})
afterAll(() => sandbox.close())

test.each([
  ['faults', { mode: 'nonsense' }, /^mode must be one of busy, http500/],
  ['faults', { mode: 'busy', probability: 2 }, /^probability must be from 0 to 1$/],
  ['faults', { mode: 'busy', times: 0 }, /^times must be a whole number/],
  ['faults', { mode: 'busy', match: '/(/' }, /^match is no regular expression/],
  ['faults', { mode: 'busy', timse: 1 }, /^timse is unknown; known are match, mode/],
  ['regime', { regime: 'half' }, /^regime must be full or restricted$/],
  ['reset', { members: 'many' }, /^members must be a whole number from 0 to 2000000$/],
  ['limits', { perMinute: -1 }, /^perMinute must be/],
  ['trustedIps', {}, /^ips must be a list/],
  ['trustedIps', { agentId: 5, ips: [] }, /^agentId must be one of 1000002/],
  ['code', { userId: 'nobody' }, /^there is no member nobody$/],
  ['callback', { url: 'ftp://x', token: 'a', encodingAesKey: 'b' }, /^url must be an http or https URL$/],
  ['callback', { url: 'http://x', token: 'a b', encodingAesKey: 'b' }, /^token must be/],
  ['callback', { url: 'http://x', token: 'ab', encodingAesKey: 'b' }, /^encodingAesKey must be 43/],
])('%s refuses %j with a sentence', async (path, body, sentence) => {
  const answer = await control(sandbox, 'POST', path, body)
  expect(answer.status).toBe(400)
  expect(answer.body['error']).toMatch(sentence)
})

test('all calls of the control are listed, and each has its row in the README', async () => {
  const { calls } = (await (await fetch(`${sandbox.url}/_sandbox`)).json()) as { calls: Call[] }
  expect(calls).toContainEqual({ method: 'POST', path: '/_sandbox/faults' })
  expect(calls).toContainEqual({ method: 'DELETE', path: '/_sandbox/jsTickets' })
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\| (`(?:GET|POST|DELETE)\b[^|]*)\|/gm)].map(([, cell]) => cell ?? '')
  const isTold = ({ method, path }: Call) => {
    const words = path.split('/').filter(part => part !== '' && part !== '_sandbox' && !part.startsWith(':'))
    const told = words.filter(part => part !== 'official' && part !== 'pay')
    const isRow = (cell: string) =>
      cell.includes(method) && told.every(part => new RegExp(`\\b${part}\\b`).test(cell))
    return rows.some(isRow) || told.length === 0
  }
  expect(calls.filter(one => !isTold(one)).map(one => `${one.method} ${one.path}`)).toEqual([])
})

test('a broken body is refused, an unknown edit is 404', async () => {
  const answer = await fetch(`${sandbox.url}/_sandbox/regime`, { method: 'POST', body: '{' })
  expect(answer.status).toBe(400)
  expect((await control(sandbox, 'POST', 'admin/user/explode', {})).status).toBe(404)
  expect((await control(sandbox, 'POST', 'admin/constructor/name', {})).status).toBe(404)
})

test('the door of the console answers as /cgi-bin does', async () => {
  expect(await admin(sandbox, 'tag/create', { tagname: '门' })).toMatchObject({
    errcode: 0,
    errmsg: 'created',
  })
  expect(await admin(sandbox, 'department/delete', { id: 1 })).toMatchObject({ errcode: 60007 })
  expect(await admin(sandbox, 'user/delete', { userid: 'nobody' })).toMatchObject({ errcode: 60111 })
})

test('reset makes another corp and keeps the identity, the tokens and the console settings', async () => {
  const caller = await callerOf(sandbox)
  await control(sandbox, 'POST', 'regime', { regime: 'restricted' })
  await admin(sandbox, 'user/delete', { userid: 'lisi' })
  const answer = await control(sandbox, 'POST', 'reset', { members: 77, departments: 12, tags: 3, seed: 9 })
  expect(answer.body).toMatchObject({
    corpId: sandbox.corpId,
    members: 77,
    departments: 12,
    tags: 3,
    seed: 9,
    regime: 'restricted',
  })
  const corp = await dump(sandbox)
  expect([corp.members.length, corp.departments.length, corp.tags.length]).toEqual([77, 12, 3])
  expect((await caller.get('department/simplelist')).errcode).toBe(0)
  await sandbox.reset({ members: 60 })
  expect((await dump(sandbox)).members.some(item => item.userid === 'lisi')).toBe(true)
})

test('only this machine is answered', async () => {
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.1.2.3'].every(isLoopback)).toBe(true)
  expect(['10.0.0.1', '::ffff:10.0.0.1', '1127.0.0.1', ''].some(isLoopback)).toBe(false)
  const world = openWorld({ size: { members: 1 }, dataDir: undefined, now: Date.now })
  const app = buildApp(world)
  const ask = (url: string, remoteAddress: string) => app.inject({ url, remoteAddress })
  expect((await ask('/_sandbox/state', '10.0.0.1')).statusCode).toBe(403)
  expect((await ask('/_sandbox/state', '127.0.0.1')).statusCode).toBe(200)
  expect((await ask('/cgi-bin/gettoken', '10.0.0.1')).json()).toMatchObject({ errcode: 41002 })
  await app.close()
  await world.pusher.close()
})
