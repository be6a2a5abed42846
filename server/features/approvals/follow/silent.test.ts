import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { readFeed } from '../../events/event-store.ts'
import { putTemplate, setApprovals } from '../setup/setup.ts'

// What became of approvals whose events did not come.

const templateId = 'C4Silent'
const late = 'C4Late'

let world: World
let dev: Caller
let agentId: number
beforeAll(async () => {
  world = await startWorld({ members: 20, isOneClock: true })
  agentId = await world.connectAgent()
  dev = await world.addDeveloper({ scopes: ['approval:read', 'approval:write', 'webhook:manage'] })
  await setApprovals(world.ctx, 'test', world.corpId, { agentId, appId: null })
  const steps = ['lisi', 'wangwu'].map(userid => ({ userids: [userid] }))
  for (const id of [templateId, late])
    await world.control('approvals/template', { templateId: id, name: '请假', controls: [], steps })
  await follow(templateId, dev)
})
afterAll(() => world.close())

const follow = (id: string, { devId }: Caller) => {
  const grants = [{ devId, applies: true, reads: true }]
  return putTemplate(world.ctx, 'test', world.corpId, { templateId: id, grants })
}
const submit = async (id: string) => {
  const { no } = await world.control('approvals/submit', { userid: 'zhangsan', templateId: id })
  return String(no)
}
const act = async (no: string, name: string, userid: string) => {
  const done = await world.control('approvals/act', { act: name, no, userid })
  expect(done['error']).toBeUndefined()
}
const idOf = async (no: string) => {
  const { rows } = await sql<{ id: number }>`select id from approval where no = ${no}`.execute(world.ctx.db)
  return rows[0]?.id
}
const changesOf = async (no: string) => {
  const id = await idOf(no)
  const feed = await readFeed(world.ctx.db, world.corpId, { since: 0 }, 5000)
  return feed
    .filter(one => one.entity === `approval:${id}`)
    .map(one => `${one.data['action']} ${one.data['status']} ${one.data['by']}`)
}
const get = async (by: Caller, spNo: string) => (await by.get('/api/approval/get', { spNo })).body
const pass = (ms: number) => {
  world.clock.offsetMs += ms
  world.ctx.queue.kick(world.corpId)
}
const submitted = 'submitted pending zhangsan'

it('are found at night, with all that happened', async () => {
  const known = await submit(templateId)
  await until('the first read', async () => (await get(dev, known))?.step === 1)
  await world.control('faults', {
    match: 'callback/agent/sys_approval_change',
    mode: 'dropCallback',
    times: 1000,
  })
  await act(known, 'agree', 'lisi')
  const lost = await submit(templateId)
  for (const userid of ['lisi', 'wangwu']) await act(lost, 'agree', userid)
  await world.settleAgent(agentId)
  await world.control('faults', undefined, 'DELETE')
  expect([await idOf(lost), await changesOf(known)]).toEqual([undefined, [submitted]])
  await world.ctx.jobs.run('approvals')
  pass(60_000)
  await until('both', async () => (await changesOf(lost)).length + (await changesOf(known)).length >= 5)
  expect(await changesOf(lost)).toEqual([submitted, 'approved pending lisi', 'approved approved wangwu'])
  expect(await changesOf(known)).toEqual([submitted, 'approved pending lisi'])
})

it('tell what is new, and not what is past, when wisp meets them after days', async () => {
  const [pushed, asked, withdrawn] = [await submit(late), await submit(late), await submit(late)]
  await act(pushed, 'agree', 'lisi')
  await act(asked, 'reject', 'lisi')
  await act(withdrawn, 'withdraw', 'zhangsan')
  await world.settleAgent(agentId)
  pass(4 * 86_400_000)
  const reader = await world.addDeveloper({ scopes: ['approval:read', 'webhook:manage'] })
  await follow(late, reader)
  expect([(await get(reader, asked)).status, (await get(reader, withdrawn)).status]).toEqual([
    'rejected',
    'withdrawn',
  ])
  await act(pushed, 'agree', 'wangwu')
  await until('it is met', () => idOf(pushed))
  expect((await get(reader, pushed)).status).toBe('approved')
  for (const no of [asked, withdrawn]) await act(no, 'comment', 'zhangsan')
  await world.settleAgent(agentId)
  expect(await changesOf(pushed)).toEqual(['approved approved wangwu'])
  expect([await changesOf(asked), await changesOf(withdrawn)]).toEqual([[], []])
})
