import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { begins, ends } from '../alerts/open-alerts.fixture.ts'
import { addApp } from '../apps/apps.ts'
import { readFeed } from '../events/event-store.ts'
import { isSame, putNumber } from './apply/settle.ts'
import { putTemplate, removeTemplate, setApprovals } from './setup/setup.ts'
import { findByNo } from './store.ts'

const leave = 'C4SandboxLeave000000000000000000001'
const buy = 'C4SandboxBuy00000000000000000000002'
const own = 'sandboxOwnFlow'

let world: World
let dev: Caller
let reader: Caller
let agentId: number
let appId: string
beforeAll(async () => {
  world = await startWorld({ members: 20, isOneClock: true })
  agentId = await world.connectAgent()
  const scopes = ['approval:read', 'approval:write', 'message:send', 'webhook:manage']
  dev = await world.addDeveloper({ name: '人事', scopes })
  reader = await world.addDeveloper({ name: '报表', scopes })
  const { ctx, corpId } = world
  appId = (await addApp(ctx, 'test', corpId, { name: '审批', homeUrl: 'https://oa.example.com/' })).id
  await setApprovals(ctx, 'test', corpId, { agentId, appId })
  const grants = [
    { devId: dev.devId, applies: true, reads: false },
    { devId: reader.devId, applies: false, reads: true },
  ]
  for (const templateId of [leave, buy]) await putTemplate(ctx, 'test', corpId, { templateId, grants })
  await putTemplate(ctx, 'test', corpId, { templateId: own, flow: 'own', name: '用印', grants })
})
afterAll(() => world.close())

let n = 0
const form = (change: object = {}) => ({
  templateId: leave,
  userId: 'zhangsan',
  fields: {
    请假类型: '年假',
    起止时间: { begin: '2026-12-03T09:00', end: '2026-12-04T18:00' },
    请假事由: `家中有事 ${++n}`,
  },
  approvers: [{ userIds: ['lisi'], mode: 'any' }],
  requestId: `r${n}`,
  ...change,
})
const apply = async (change: object = {}): Promise<string> => {
  const answer = await dev.post('/api/approval/apply', form(change))
  expect(answer.retCode, answer.retMessage).toBe('0')
  return answer.body.spNo
}
const refused = async (change: object = {}, by = dev) => {
  const { retCode, retMessage } = await by.post('/api/approval/apply', form(change))
  return `${retCode} ${retMessage}`
}
const act = async (no: string, name: string, userid: string, more: object = {}) => {
  const done = await world.control('approvals/act', { act: name, no, userid, ...more })
  expect(done['error']).toBeUndefined()
}
const inSandbox = async () =>
  (await world.control('approvals'))['approvals'] as { no: string; applicant: string; contents: unknown[] }[]
const get = async (spNo: string, by = reader) => (await by.get('/api/approval/get', { spNo })).body
const reaches = (no: string, status: string, by = reader) =>
  until(`${status} of ${no}`, async () => {
    const found = await by.get('/api/approval/get', { spNo: no })
    return found.body?.status === status && found.body
  })
const idOf = async (no: string) => {
  const { rows } = await sql<{ id: number }>`select id from approval where no = ${no}`.execute(world.ctx.db)
  return rows[0]?.id
}
const changesOf = async (no: string, devId = reader.devId) => {
  const id = await idOf(no)
  const feed = await readFeed(world.ctx.db, world.corpId, { since: 0 }, 5000)
  return feed
    .filter(one => one.entity === `approval:${id}` && one.devId === devId)
    .map(one => `${one.data['action']} ${one.data['status']} ${one.data['by']}`)
}
const todosOf = async (no: string) => {
  const { rows } = await sql<{ todo: string }>`
    select m.user_id || ' ' || t.state || case when t.notify then ' told' else '' end as todo from todo t join member m on m.corp_id = t.corp_id and m.id = t.member_id
    where t.todo_no = ${`wecom-approval:${no}`} order by 1`.execute(world.ctx.db)
  return rows.map(row => row.todo)
}
const fault = (match: string, mode: string, times = 1) => world.control('faults', { match, mode, times })
const pass = (ms: number) => {
  world.clock.offsetMs += ms
  world.ctx.queue.kick(world.corpId)
}

describe('an approval', () => {
  it('is submitted, handed over and passed: each change once, in order, with to-dos that end by themselves', async () => {
    const no = await apply()
    expect(no).toMatch(/^\d{20}$/)
    await until('the first read', async () => (await get(no))?.step === 1)
    expect(await get(no)).toMatchObject({
      name: '请假',
      userId: 'zhangsan',
      waitsFor: ['lisi'],
      step: 1,
      fields: expect.arrayContaining([{ name: '请假类型', value: ['年假'] }]),
    })
    await until('the to-do', async () => (await todosOf(no)).length === 1)
    expect(await todosOf(no)).toEqual(['lisi open'])
    await act(no, 'transfer', 'lisi', { to: 'wangwu' })
    await act(no, 'urge', 'zhangsan')
    await act(no, 'agree', 'wangwu', { text: '同意' })
    await reaches(no, 'approved')
    await world.settleAgent(agentId)
    const all = ['submitted pending zhangsan', 'transferred pending lisi', 'approved approved wangwu']
    await until('the events', async () => (await changesOf(no, dev.devId)).length >= 3)
    expect(await changesOf(no, dev.devId)).toEqual(all)
    expect(await todosOf(no)).not.toContain('lisi open')
    expect(await todosOf(no)).not.toContain('wangwu open')
    await act(no, 'revoke', 'zhangsan')
    await reaches(no, 'revoked')
    expect((await dev.get('/api/approval/get', { requestId: `r${n}` })).body).toMatchObject({ spNo: no })
  })

  it('is returned and gets another approver: who has it now is told, and to-dos go with it', async () => {
    await world.admin('user/create', {
      userid: 'zhaoliu',
      name: '赵六',
      department: [1],
      mobile: '13900000124',
    })
    await world.sync()
    const approvers = ['lisi', 'wangwu'].map(userId => ({ userIds: [userId], mode: 'any' }))
    const no = await apply({ approvers })
    await until('the first read', async () => (await get(no))?.step === 1)
    await act(no, 'agree', 'lisi')
    await until('the second step', async () => (await get(no)).waitsFor[0] === 'wangwu')
    await act(no, 'return', 'wangwu', { to: 'lisi', text: '请核对天数' })
    const returned = await until('the return', async () => {
      const found = await get(no)
      return found.waitsFor[0] === 'lisi' && found
    })
    expect(returned).toMatchObject({ status: 'pending', step: 3 })
    expect(returned.steps[1]).toMatchObject({
      status: 'returned',
      people: [{ userId: 'wangwu', status: 'returned', speech: '请核对天数' }],
    })
    expect(await todosOf(no)).toEqual(['lisi open', 'wangwu done'])
    await act(no, 'add', 'lisi', { to: 'zhaoliu' })
    await until('the added one', async () => (await get(no)).waitsFor[0] === 'zhaoliu')
    expect(await todosOf(no)).toEqual(['lisi done', 'wangwu done', 'zhaoliu open'])
    await act(no, 'agree', 'zhaoliu')
    await until('it is back', async () => (await get(no)).waitsFor[0] === 'lisi')
    await act(no, 'agreeAndAdd', 'lisi', { to: 'zhaoliu' })
    await act(no, 'agree', 'zhaoliu')
    await act(no, 'agree', 'wangwu')
    await reaches(no, 'approved')
    const all = [
      'submitted pending zhangsan',
      'approved pending lisi',
      'returned pending wangwu',
      'added pending lisi',
      'approved pending zhaoliu',
      'approvedAndAdded pending lisi',
      'approved pending zhaoliu',
      'approved approved wangwu',
    ]
    await until('the events', async () => (await changesOf(no)).length >= all.length)
    expect(await changesOf(no)).toEqual(all)
    expect(await todosOf(no)).toEqual(['lisi done', 'wangwu done', 'zhaoliu done'])
  })

  it('is not submitted twice by one requestId, nor when its answer is lost', async () => {
    const given = form()
    const [first, second] = await Promise.all([
      dev.post('/api/approval/apply', given),
      dev.post('/api/approval/apply', given),
    ])
    expect([first.retCode, second.retCode]).toEqual(['0', '0'])
    const again = await dev.post('/api/approval/apply', given)
    expect(again.body.spNo).toBe(first.body.spNo || second.body.spNo)
    const turned = Object.fromEntries(Object.entries(given.fields).reverse())
    const reordered = await dev.post('/api/approval/apply', { ...given, fields: turned })
    expect(reordered.body?.spNo, reordered.retMessage).toBe(again.body.spNo)
    expect(await refused({ requestId: given.requestId })).toMatch(/^1000 .*另一次提交/)
    await fault('oa/applyevent', 'truncated')
    const lost = await dev.post('/api/approval/apply', form({ requestId: 'lost' }))
    expect(lost.body, lost.retMessage).toMatchObject({ spNo: expect.stringMatching(/^\d{20}$/) })
    await reaches(lost.body.spNo, 'pending', dev)
    await fault('oa/applyevent', 'truncated')
    await fault('oa/getapprovalinfo', 'http500')
    const later = await dev.post('/api/approval/apply', form({ requestId: 'later' }))
    expect(later.body).toEqual({ spNo: '', status: 'applying' })
    await fault('oa/applyevent', 'timeout').catch(() => undefined)
    await world.control('faults', undefined, 'DELETE')
    pass(40_000)
    await until('the lost number', async () => {
      const { body } = await dev.get('/api/approval/get', { requestId: 'later' })
      return body.spNo !== '' && body.status === 'pending'
    })
    const numbers = (await inSandbox()).filter(one => one.applicant === 'zhangsan')
    expect(new Set(numbers.map(one => JSON.stringify(one.contents))).size).toBe(numbers.length)
  })

  it('that others met before its answer came is its developer’s, who is told everything', async () => {
    await fault('oa/applyevent', 'truncated')
    await fault('oa/getapprovalinfo', 'http500')
    const early = await dev.post('/api/approval/apply', form({ requestId: 'early' }))
    expect(early.body, early.retMessage).toEqual({ spNo: '', status: 'applying' })
    const no = (await inSandbox())[0]?.no ?? ''
    expect((await get(no)).status).toBe('pending')
    await act(no, 'agree', 'lisi')
    await reaches(no, 'approved')
    await world.control('faults', undefined, 'DELETE')
    pass(40_000)
    await until('its number', async () => {
      const { body } = await dev.get('/api/approval/get', { requestId: 'early' })
      return body?.spNo === no && body.status === 'approved'
    })
    const all = ['submitted pending zhangsan', 'approved approved lisi']
    await until('the events', async () => (await changesOf(no, dev.devId)).length >= 2)
    expect([await changesOf(no, dev.devId), await changesOf(no)]).toEqual([all, all])
  })

  it('keeps its row where its number is found twice, and where another seems to have it', async () => {
    const { ctx, corpId } = world
    const [no, other] = [await apply({ requestId: 'one' }), await apply({ requestId: 'two' })]
    const row = (await findByNo(ctx.db, corpId, 'wecom', no))!
    const rowOfOther = (await findByNo(ctx.db, corpId, 'wecom', other))!
    for (const one of [row, rowOfOther]) await ctx.db.transaction().execute(tx => putNumber(ctx, tx, one, no))
    expect((await dev.get('/api/approval/get', { requestId: 'one' })).body.spNo).toBe(no)
    expect((await dev.get('/api/approval/get', { requestId: 'two' })).body.spNo).toBe(other)
  })

  it('stays unknown where WeCom has none, and is not repeated', async () => {
    await fault('oa/applyevent', 'http500')
    const before = (await inSandbox()).length
    const answer = await dev.post('/api/approval/apply', form({ requestId: 'never' }))
    expect(answer.body).toEqual({ spNo: '', status: 'applying' })
    pass(3_600_000)
    const status = async () => (await dev.get('/api/approval/get', { requestId: 'never' })).body?.status
    await until('unknown', async () => (await status()) === 'unknown')
    expect((await inSandbox()).length).toBe(before)
  })

  it('that stayed unknown is known once its number is found', async () => {
    await fault('oa/applyevent', 'truncated')
    await fault('oa/getapprovalinfo', 'http500')
    const late = await dev.post('/api/approval/apply', form({ requestId: 'late' }))
    expect(late.body, late.retMessage).toEqual({ spNo: '', status: 'applying' })
    await sql`update approval set state = 'unknown' where request_id = 'late'`.execute(world.ctx.db)
    await world.control('faults', undefined, 'DELETE')
    pass(40_000)
    await until('its number', async () => {
      const { body } = await dev.get('/api/approval/get', { requestId: 'late' })
      return body?.spNo !== '' && body?.status === 'pending'
    })
  })

  it('is found again with files in its rows, whose ids WeCom replaces', () => {
    const rows = (file: string, text: string) => [
      {
        control: 'Table',
        id: 'T1',
        value: {
          children: [
            {
              list: [
                { control: 'File', id: 'F1', value: { files: [{ file_id: file }] } },
                { control: 'Text', id: 'X1', value: { text } },
              ],
            },
          ],
        },
      },
    ]
    expect(isSame(rows('given', 'a'), rows('replaced', 'a'))).toBe(true)
    expect(isSame(rows('given', 'a'), rows('replaced', 'b'))).toBe(false)
  })

  it('goes on from events that come twice, out of order or for another template', async () => {
    await fault('callback/agent/sys_approval_change', 'duplicateCallback', 2)
    await fault('callback/agent/sys_approval_change', 'reorderCallback', 1)
    const no = await apply()
    await act(no, 'agree', 'lisi')
    await reaches(no, 'approved')
    await world.settleAgent(agentId)
    await until('the events', async () => (await changesOf(no)).length >= 2)
    expect(await changesOf(no)).toEqual(['submitted pending zhangsan', 'approved approved lisi'])
    await world.control('approvals/template', { templateId: 'foreign', name: '薪资', controls: [] })
    const { no: foreign } = (await world.control('approvals/submit', {
      userid: 'zhangsan',
      templateId: 'foreign',
    })) as { no: string }
    await world.settleAgent(agentId)
    expect(await idOf(foreign)).toBeUndefined()
    expect((await reader.get('/api/approval/get', { spNo: foreign })).retCode).toBe('1000')
  })

  it('that somebody submitted by hand is seen by those who may read all, and by nobody else', async () => {
    const { no } = (await world.control('approvals/submit', {
      userid: 'lisi',
      templateId: buy,
      contents: [
        { control: 'Text', id: 'Text-1', value: { text: '纸' } },
        { control: 'Money', id: 'Money-1', value: { new_money: '12.5' } },
      ],
    })) as { no: string }
    await reaches(no, 'pending')
    expect((await dev.get('/api/approval/get', { spNo: no })).retCode).toBe('1000')
    const listed = await reader.get('/api/approval/list', { templateId: buy })
    expect(listed.body.list.map((one: { spNo: string }) => one.spNo)).toEqual([no])
    expect((await dev.get('/api/approval/list', { templateId: buy })).body.list).toEqual([])
    const stranger = await world.addDeveloper({ scopes: ['approval:read'] })
    expect((await stranger.get('/api/approval/list')).body).toEqual({ list: [], nextId: '' })
    expect((await stranger.get('/api/approval/templates')).body.list).toEqual([])
    const { list } = (await dev.get('/api/approval/templates')).body
    expect(list.map((one: { name: string }) => one.name)).toEqual(['采购', '用印', '请假'].sort())
  })
})

it('follows the own flow of a self-built app', async () => {
  const { url } = world.sandbox
  await fetch(`${url}/pages/js-sdk/thirdPartyOpenPage`, {
    method: 'POST',
    body: JSON.stringify({ oaType: '10001', templateId: own, thirdNo: 'seal-1', userid: 'zhangsan' }),
  })
  const found = await until('the approval', async () => {
    const { body } = await reader.get('/api/approval/get', { thirdNo: 'seal-1' })
    return body?.status === 'pending' && body
  })
  expect(found).toMatchObject({ spNo: '', thirdNo: 'seal-1', userId: 'zhangsan', name: '用印' })
  const [who] = found.waitsFor
  await act('seal-1', 'reject', who, { flow: 'own' })
  await until('the end', async () => {
    const { body } = await reader.get('/api/approval/get', { thirdNo: 'seal-1' })
    return body?.status === 'rejected'
  })
})

it('is set up and watched on pages and by commands, and ends with its template', async () => {
  const no = await apply()
  await until('the first read', async () => (await get(no))?.step === 1)
  pass(3 * 86_400_000)
  const admin = await signInAs(world, 'super')
  const stuck = (await admin.get('/web/approvals', { stuckDays: '2' })).body.list
  expect(stuck.find((one: { spNo: string }) => one.spNo === no)).toMatchObject({ waitsFor: ['lisi'] })
  expect((await admin.get('/web/approvals', { stuckDays: 'x' })).retCode).toBe('1000')
  const settings = (await admin.get('/web/approvals/settings')).body
  expect(settings).toMatchObject({ agentId, appId })
  const listed = await runCommand(world.ctx, ['approval', 'list', '--stuck', '2', '--corp', world.corpId])
  expect(listed.text).toContain(no)
  expect(
    (await runCommand(world.ctx, ['approval', 'template', 'list', '--corp', world.corpId])).text,
  ).toContain('人事')
  const wrong = ['approval', 'list', '--stuck', 'x', '--corp', world.corpId]
  await expect(runCommand(world.ctx, wrong)).rejects.toThrow(/--stuck/)
  const manager = await managerBy(world)
  const { body: file } = await manager.get('/api/admin/settings')
  expect(file.settings.approvals).toEqual({ agentId, appId })
  const told = (await manager.get('/api/admin/approvals', { stuckDays: '2' })).body
  expect(JSON.stringify(told)).toContain(no)
  expect((await manager.get('/api/admin/approvalSettings')).body).toMatchObject({ agentId, appId })
  const removed = await manager.post('/api/admin/approvalTemplate/remove', { templateId: own })
  expect(removed.body, removed.retMessage).toEqual({ templateId: own })
  const set = await manager.post('/api/admin/approvalSettings/set', { agentId, appId })
  expect(set.body, set.retMessage).toEqual({ agentId, appId })
  pass(5 * 86_400_000)
  await world.ctx.lookForCauses({ isDaily: false })
  await begins(world.ctx, 'approvalsStuck')
  // The to-dos end although WeCom would say nothing of the approval any more.
  await fault('oa/getapprovaldetail', 'code:301055', 1000)
  await removeTemplate(world.ctx, 'test', world.corpId, leave)
  await until('no open to-do', async () => (await todosOf(no)).every(one => !one.endsWith(' open')))
  const { rows } = await sql`select status from approval where no = ${no}`.execute(world.ctx.db)
  expect(rows).toEqual([{ status: 'deleted' }])
  await removeTemplate(world.ctx, 'test', world.corpId, buy)
  await until('nothing that waits', async () => {
    const left = await sql`select from approval where status = 'pending' and no is not null`.execute(
      world.ctx.db,
    )
    return left.rows.length === 0
  })
  await world.ctx.lookForCauses({ isDaily: false })
  await ends(world.ctx, 'approvalsStuck')
})
