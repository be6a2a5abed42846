import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signPage } from '../../server/upstream/transport/page-signature.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { type Caller, callerOf, control } from '../test-caller.ts'
import { JsTickets } from './tickets.ts'

let sandbox: Sandbox
let agents: Caller[]
let now = Date.now()
beforeAll(async () => {
  sandbox = await startSandbox({ members: 1, now: () => now })
  agents = await Promise.all(sandbox.agents.map(({ secret }) => callerOf(sandbox, secret)))
})
afterAll(() => sandbox.close())

const corpTicket = (by = agents[0]!) => by.get('get_jsapi_ticket')
const agentTicket = (by = agents[0]!) => by.get('ticket/get', { type: 'agent_config' })
const url = 'https://app.example.com/a?b=c'

async function check(ticket: unknown, given: Record<string, string | number> = {}): Promise<string> {
  const signature = signPage(String(ticket), 'n', 1, url)
  const all = { corpid: sandbox.corpId, timestamp: 1, nonceStr: 'n', signature, url, ...given }
  const query = new URLSearchParams(Object.entries(all).map(([name, value]) => [name, String(value)]))
  const answer = await fetch(`${sandbox.url}/pages/js-sdk/check?${query}`)
  return ((await answer.json()) as { errMsg: string }).errMsg
}

test('a corp has one ticket and each agent its own, given again while they live', async () => {
  const first = await corpTicket()
  expect(first).toMatchObject({ errcode: 0, expires_in: 7200 })
  expect((await corpTicket(agents[1]))['ticket']).toBe(first['ticket'])
  const own = await agentTicket()
  expect(own['ticket']).not.toBe(first['ticket'])
  expect((await agentTicket(agents[1]))['ticket']).not.toBe(own['ticket'])
  now += 7_201_000
  agents = await Promise.all(sandbox.agents.map(({ secret }) => callerOf(sandbox, secret)))
  expect((await corpTicket())['ticket']).not.toBe(first['ticket'])
  expect((await agents[0]!.get('ticket/get', { type: 'x' })).errcode).toBe(40035)
  expect((await (await callerOf(sandbox)).get('get_jsapi_ticket')).errcode).toBe(48002)
})

test('signatures are checked, and where the page is', async () => {
  const { ticket } = await corpTicket()
  const { ticket: own } = await agentTicket()
  const { agentId } = sandbox.agents[0]!
  expect(await check(ticket)).toBe('config:ok')
  expect(await check(own, { agentid: agentId })).toBe('agentConfig:ok')
  expect(await check(ticket, { agentid: agentId })).toBe('agentConfig:invalid signature')
  expect(await check(ticket, { timestamp: 2 })).toBe('config:invalid signature')
  expect(await check(ticket, { corpid: 'ww0' })).toBe('config:invalid corpId')
  expect(await check(own, { agentid: 1 })).toBe('agentConfig:invalid agentid')
  await control(sandbox, 'POST', 'agents', { agentId, trustedDomain: 'other.example.com' })
  expect(await check(own, { agentid: agentId })).toBe('agentConfig:invalid url domain')
  await control(sandbox, 'POST', 'agents', { agentId, trustedDomain: 'app.example.com' })
  expect(await check(own, { agentid: agentId })).toBe('agentConfig:ok')
  await control(sandbox, 'DELETE', 'jsTickets')
  expect(await check(ticket)).toBe('config:invalid signature')
  expect(await check(undefined)).toBe('config:invalid signature')
})

test('an agent is given a ticket 100 times an hour', async () => {
  now += 3_600_001
  const ask = (by: (agent?: Caller) => Promise<{ errcode: number }>, agent: Caller | undefined) =>
    Promise.all(Array.from({ length: 101 }, () => by(agent)))
  const refused = (answers: { errcode: number }[]) => answers.filter(one => one.errcode === 45009).length
  expect(refused(await ask(agentTicket, agents[0]))).toBe(1)
  expect(refused(await ask(corpTicket, agents[0]))).toBe(1)
  expect((await agentTicket(agents[1])).errcode).toBe(0)
  now += 3_600_001
  agents = await Promise.all(sandbox.agents.map(({ secret }) => callerOf(sandbox, secret)))
  expect((await agentTicket()).errcode).toBe(0)
})

test("a corp's ticket is given to all agents together 400 times an hour", () => {
  const tickets = new JsTickets(
    () => now,
    () => undefined,
  )
  for (let n = 0; n < 400; n++) tickets.issue('corp', 1 + (n % 5))
  expect(() => tickets.issue('corp', 6)).toThrow('api freq out of limit')
  now += 3_600_001
  expect(tickets.issue('corp', 6).secondsLeft).toBe(3599)
})

test('tickets outlive a restart and a reset, and stay dead once they were ended', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const ticketOf = async (one: Sandbox) =>
    (await corpTicket(await callerOf(one, one.agents[0]!.secret)))['ticket']
  const first = await startSandbox({ members: 1, dataDir })
  const ticket = await ticketOf(first)
  await first.reset({ members: 2 })
  await first.close()
  const second = await startSandbox({ dataDir })
  expect(await ticketOf(second)).toBe(ticket)
  await control(second, 'DELETE', 'jsTickets')
  await second.close()
  const third = await startSandbox({ dataDir })
  expect(await ticketOf(third)).not.toBe(ticket)
  await third.close()
  rmSync(dataDir, { recursive: true })
})
