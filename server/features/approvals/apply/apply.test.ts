import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { storeMedia } from '../../message-media/media.ts'
import { putTemplate, setApprovals } from '../setup/setup.ts'
import { findByNo } from '../store.ts'

const leave = 'C4SandboxLeave000000000000000000001'
const own = 'sandboxOwnFlow'

let world: World
let dev: Caller
let reader: Caller
beforeAll(async () => {
  world = await startWorld({ members: 20 })
  const agentId = await world.connectAgent()
  const scopes = ['approval:read', 'approval:write', 'message:send']
  dev = await world.addDeveloper({ name: '人事', scopes })
  reader = await world.addDeveloper({ name: '报表', scopes })
  const { ctx, corpId } = world
  await setApprovals(ctx, 'test', corpId, { agentId, appId: null })
  const grants = [
    { devId: dev.devId, applies: true, reads: false },
    { devId: reader.devId, applies: false, reads: true },
  ]
  await putTemplate(ctx, 'test', corpId, { templateId: leave, grants })
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
const inSandbox = async () => (await world.control('approvals'))['approvals'] as unknown[]
const reaches = (no: string, status: string, by: Caller) =>
  until(`${status} of ${no}`, async () => {
    const found = await by.get('/api/approval/get', { spNo: no })
    return found.body?.status === status && found.body
  })
const fault = (match: string, mode: string) => world.control('faults', { match, mode, times: 1 })

describe('what is wrong', () => {
  it('is said before WeCom is asked, with its place', async () => {
    const before = (await inSandbox()).length
    expect(await refused({ fields: {} })).toMatch(/^1001 .*请假类型、起止时间、请假事由/)
    const { fields } = form()
    expect(await refused({ fields: { ...fields, 请假类型: '病假' } })).toMatch(/^1000 .*没有选项 病假/)
    const begin = '明天'
    expect(await refused({ fields: { ...fields, 起止时间: { begin, end: begin } } })).toMatch(
      /^1000 .*起止时间\.begin 应为时间/,
    )
    expect(await refused({ userId: 'nobody' })).toMatch(/^1007 .*userId nobody/)
    expect(await refused({ approvers: [{ userIds: ['nobody'] }] })).toMatch(/^1007 .*approvers\[0\]/)
    expect(await refused({ templateId: own })).toMatch(/^1000 .*startApproval/)
    expect(await refused({ templateId: 'x' })).toMatch(/^1002 .*templateId x/)
    expect(await refused({}, reader)).toMatch(/^1002 /)
    expect(await refused({ files: ['x'] })).toMatch(/^1002 .*没有文件 x/)
    expect((await inSandbox()).length).toBe(before)
  })

  it('of a template that was changed meanwhile is what is wrong with it now', async () => {
    const id = 'C4Changing'
    const text = (name: string, at: string) => ({
      property: { control: 'Text', id: at, title: [{ text: name, lang: 'zh_CN' }], require: 1 },
    })
    await world.control('approvals/template', { templateId: id, name: '变化', controls: [text('一', 'T-1')] })
    const grants = [{ devId: dev.devId, applies: true, reads: false }]
    await putTemplate(world.ctx, 'test', world.corpId, { templateId: id, grants })
    const both = [text('一', 'T-1'), text('二', 'T-2')]
    await world.control('approvals/template', { templateId: id, name: '变化', controls: both })
    const given = { templateId: id, fields: { 一: 'x' }, requestId: 'changed' }
    expect(await refused(given)).toMatch(/^1001 .*fields\.二/)
    expect(await apply({ ...given, fields: { 一: 'x', 二: 'y' } })).toMatch(/^\d+$/)
  })

  it('is not there for a member outside the data scope, who is neither applied for nor seen', async () => {
    const { ctx, corpId } = world
    await world.admin('user/create', { userid: 'far', name: '远', department: [1], mobile: '13900000123' })
    await world.sync()
    const dataScope = { departments: [2], tags: [] }
    const narrow = await world.addDeveloper({ scopes: ['approval:read', 'approval:write'], dataScope })
    const templateId = 'C4Narrow'
    const title = (text: string) => [{ text, lang: 'zh_CN' }]
    const contact = (id: string, name: string, mode: string) => ({
      property: { control: 'Contact', id, title: title(name), require: 0 },
      config: { contact: { type: 'multi', mode } },
    })
    const controls = [contact('C-1', '同行', 'user'), contact('C-2', '部门', 'department')]
    await world.control('approvals/template', { templateId, name: '窄', controls })
    const grants = [{ devId: narrow.devId, applies: true, reads: true }]
    await putTemplate(ctx, 'test', corpId, { templateId, grants })
    const given = { templateId, userId: 'far', fields: {}, approvers: [] }
    expect(await refused(given, narrow)).toMatch(/^1007 .*userId far/)
    const near = (await world.control('state'))['members'] as { userid: string; department: number[] }[]
    const within = near.find(one => one.department.includes(2) && !one.department.includes(1))?.userid ?? ''
    const by = (change: object) => refused({ ...given, userId: within, ...change }, narrow)
    expect(await by({ fields: { 同行: [within, 'far'] } })).toMatch(/^1007 .*fields\.同行 far/)
    expect(await by({ fields: { 部门: [1] } })).toMatch(/^1005 .*fields\.部门 1/)
    expect(await by({ approvers: [{ userIds: ['far'] }] })).toMatch(/^1007 .*approvers\[0\]\.userIds far/)
    const members = [within, 'far'].map(userid => ({ userid, name: userid }))
    const contents = [{ control: 'Contact', id: 'C-1', value: { members } }]
    const { no: seen } = await world.control('approvals/submit', { userid: within, templateId, contents })
    const { fields } = await reaches(String(seen), 'pending', narrow)
    expect(fields).toEqual([{ name: '同行', value: [within] }])
    const submitted = await world.control('approvals/submit', { userid: 'far', templateId })
    const no = String(submitted['no'])
    await until('it is read', () => findByNo(ctx.db, corpId, 'wecom', no))
    expect((await narrow.get('/api/approval/get', { spNo: no })).retCode).toBe('1000')
    const { list, nextId } = (await narrow.get('/api/approval/list')).body
    expect([list.map((one: { spNo: string }) => one.spNo), nextId]).toEqual([[seen], ''])
  })

  it('of WeCom is told, and the requestId is free again', async () => {
    await fault('oa/applyevent', 'code:301055')
    expect(await refused({ requestId: 'free' })).toMatch(/^1008 .*301055/)
    expect(await apply({ requestId: 'free' })).toMatch(/^\d+$/)
  })

  it('gives files to WeCom', async () => {
    const owner = { corpId: world.corpId, devId: dev.devId }
    const bytes = Buffer.from('attached file')
    const { mediaId } = await storeMedia(world.ctx, owner, { name: 'a.txt', bytes })
    const no = await apply({ files: [mediaId] })
    const found = await reaches(no, 'pending', dev)
    expect(found.fields.at(-1)).toMatchObject({ name: '附件', value: [expect.any(String)] })
  })
})
