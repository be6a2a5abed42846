import { afterAll, beforeAll, expect, it } from 'vitest'
import { putTemplate, setApprovals } from '../../server/features/approvals/setup/setup.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { startTarget, type Target } from '../../server/features/webhooks/target.fixture.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { until } from '../until.ts'
import { startAgentNodes } from './agent-nodes.ts'
import type { Gateway } from './gateway.ts'
import { atShares, type Nodes, workOff } from './nodes-under-fire.ts'

const approvals = soak(60, 1000)
const kills = soak([0.3, 0.7], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
const templateId = 'journey'
const clients = 6

let world: World
let dev: Caller
let target: Target
let gateway: Gateway
let nodes: Nodes
beforeAll(async () => {
  world = await startWorld({ members: 60, departments: 6 })
  const agentId = await world.connectAgent()
  dev = await world.addDeveloper({ scopes: ['approval:read', 'approval:write', 'webhook:manage'] })
  const { ctx, corpId } = world
  const app = await addApp(ctx, 'test', corpId, { name: '审批', homeUrl: 'https://oa.example.com/' })
  const property = { control: 'Text', id: 'Text-1', title: [{ text: '事由', lang: 'zh_CN' }], require: 1 }
  await world.control('approvals/template', { templateId, name: '请假', controls: [{ property }] })
  await setApprovals(ctx, 'test', corpId, { agentId, appId: app.id })
  await putTemplate(ctx, 'test', corpId, {
    templateId,
    grants: [{ devId: dev.devId, applies: true, reads: true }],
  })
  target = await startTarget()
  await dev.post('/api/webhook/create', { url: target.url })
  ;({ gateway, nodes } = await startAgentNodes(world, dev))
})
afterAll(async () => {
  await nodes?.stop()
  await gateway?.close()
  await world.sandbox.close()
  await target.close()
})

/** What people do with each, and what has to be told of it: the ledger. */
const ways = [
  { acts: [['agree', 'lisi']], told: ['submitted', 'approved'], end: 'approved' },
  { acts: [['reject', 'lisi']], told: ['submitted', 'rejected'], end: 'rejected' },
  { acts: [['withdraw', 'zhangsan']], told: ['submitted', 'withdrawn'], end: 'withdrawn' },
  {
    acts: [
      ['transfer', 'lisi'],
      ['urge', 'zhangsan'],
      ['agree', 'wangwu'],
    ],
    told: ['submitted', 'transferred', 'approved'],
    end: 'approved',
  },
  {
    acts: [
      ['agree', 'lisi'],
      ['revoke', 'zhangsan'],
    ],
    told: ['submitted', 'approved', 'revoked'],
    end: 'revoked',
  },
  { acts: [['urge', 'zhangsan']], told: ['submitted'], end: 'pending' },
] as const
/** `no` stays undefined where its node died before it asked WeCom: wisp looks for it then, and never asks again. */
type Journey = { n: number; way: (typeof ways)[number]; no?: string }

it('approvals through all states while nodes are killed: none twice, each change once, in order', {
  timeout: soak(300_000, 20 * 60_000),
}, async () => {
  const all = Array.from({ length: approvals }, (_, n): Journey => ({ n, way: ways[n % ways.length]! }))
  await world.control('faults', {
    match: 'callback/agent/sys_approval_change',
    mode: 'duplicateCallback',
    probability: 0.3,
  })
  await world.control('faults', { match: 'oa/applyevent', mode: 'truncated', probability: 0.1 })
  const killing = atShares(approvals, kills, () => nodes.kill())
  await workOff(all, clients, goThrough, killing.onProgress)
  await killing.finished()
  await world.control('faults', undefined, 'DELETE')

  // What was on its way to WeCom when its node died may have arrived since then.
  const arrived = await numbersInWecom()
  for (const one of all) if (one.no === undefined && arrived.has(reasonOf(one))) await goThrough(one)
  const made = all.filter(one => one.no !== undefined)
  const never = all.filter(one => one.no === undefined)
  expect(never.length).toBeLessThanOrEqual(nodes.kills.length * clients)
  for (const { n } of never) {
    const { body } = await nodes.get('/api/approval/get', { requestId: `journey-${n}` })
    expect(['applying', 'unknown'], `${n}`).toContain(body.status)
    expect(body.spNo, `${n}`).toBe('')
  }
  const inWecom = await numbersInWecom()
  expect(inWecom.size).toBe(made.length)
  for (const one of made) expect(inWecom.get(reasonOf(one)), `${one.n}`).toEqual([one.no])
  const due = made.reduce((sum, one) => sum + one.way.told.length, 0)
  const told = () =>
    new Map(target.got.filter(one => one.event.type === 'approval.changed').map(one => [one.id, one.event]))
  await until('all changes', () => told().size >= due, 120_000)
  const byNo = Map.groupBy(told().values(), event => event.data.spNo)
  expect([...byNo.keys()].sort()).toEqual(made.map(one => one.no).sort())
  for (const { no, way } of made) {
    const events = byNo.get(no) ?? []
    expect(
      events.map(event => event.data.action),
      no,
    ).toEqual(way.told)
    expect(events.at(-1)?.data.status, no).toBe(way.end)
  }
  const open = await nodes.query<{ todo: string }>(
    `select todo_no as todo from todo where state = 'open' order by 1`,
  )
  const pending = made.filter(one => one.way.end === 'pending').map(one => `wecom-approval:${one.no}`)
  expect(open.map(row => row.todo)).toEqual(pending.sort())
  console.log(
    `${made.length} approvals, ${never.length} never submitted, ${due} changes, ${nodes.kills.length} nodes killed`,
  )
})

const reasonOf = ({ n }: Journey) => `第 ${n} 次`

/** Numbers of the approvals that WeCom has, by their reasons. */
async function numbersInWecom(): Promise<Map<string, string[]>> {
  const { approvals: list } = (await world.control('approvals')) as unknown as {
    approvals: { no: string; contents: { value: { text: string } }[] }[]
  }
  const byReason = Map.groupBy(list, one => one.contents[0]?.value.text ?? '')
  return new Map([...byReason].map(([reason, some]) => [reason, some.map(one => one.no)]))
}

/**
 * Submits until a node has answered with a number, and then does what people do: some of it is read together. Where a node knows the request
 * and WeCom has no such approval, nobody submits it any more.
 */
async function goThrough(one: Journey): Promise<void> {
  const given = {
    templateId,
    userId: 'zhangsan',
    fields: { 事由: reasonOf(one) },
    approvers: [{ userIds: ['lisi'], mode: 'any' }],
    requestId: `journey-${one.n}`,
  }
  const found = await until(
    `a number for ${one.n}`,
    async () => {
      const answer = await nodes.post('/api/approval/apply', given)
      if (answer?.body?.spNo) return { no: String(answer.body.spNo) }
      if (answer?.retCode !== '0') return undefined
      return !(await numbersInWecom()).has(reasonOf(one)) && {}
    },
    150_000,
  )
  if (!('no' in found)) return
  one.no = found.no
  for (const [act, userid] of one.way.acts) {
    const to = act === 'transfer' ? { to: 'wangwu' } : {}
    const done = await world.control('approvals/act', { act, no: one.no, userid, ...to })
    expect(done['error']).toBeUndefined()
  }
}
