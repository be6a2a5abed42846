import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { type Caller, callerOf, control } from '../test-caller.ts'
import { callbackKeys, type Receiver, startReceiver } from '../test-receiver.ts'

const leave = 'C4SandboxLeave000000000000000000001'
const [applicant, leader, other] = ['ga', 'gb', 'gc'] as const

let sandbox: Sandbox
let receiver: Receiver
let agent: Caller
beforeAll(async () => {
  sandbox = await startSandbox({ members: 12 })
  receiver = await startReceiver()
  agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
  const callback = { agentId: sandbox.agents[0]!.agentId, url: receiver.url, ...callbackKeys }
  await control(sandbox, 'POST', 'agents/callback', callback)
  for (const [at, userid] of [applicant, leader, other].entries())
    await control(sandbox, 'POST', 'admin/user/create', {
      userid,
      name: userid,
      department: [1],
      mobile: `1390000000${at}`,
    })
})
afterAll(async () => {
  await sandbox.close()
  await receiver.close()
})
beforeEach(() => {
  receiver.received.length = 0
})

const contents = [
  {
    control: 'Selector',
    id: 'Selector-1',
    value: { selector: { type: 'single', options: [{ key: 'option-2' }] } },
  },
  {
    control: 'DateRange',
    id: 'DateRange-1',
    value: {
      date_range: { type: 'hour', new_begin: 1_796_000_000, new_end: 1_796_010_000, new_duration: 10_000 },
    },
  },
  { control: 'Textarea', id: 'Textarea-1', value: { text: '家中有事' } },
]
const form = (change: object = {}) => ({
  creator_userid: applicant,
  template_id: leave,
  use_template_approver: 0,
  process: { node_list: [{ type: 1, apv_rel: 2, userid: [leader] }] },
  apply_data: { contents },
  summary_list: [{ summary_info: [{ text: '请假', lang: 'zh_CN' }] }],
  ...change,
})
const act = (no: string, name: string, userid: string, more: object = {}) =>
  control(sandbox, 'POST', 'approvals/act', { act: name, no, userid, ...more })
const detail = async (no: string) =>
  (await agent.post('oa/getapprovaldetail', { sp_no: no }))['info'] as {
    sp_status: number
    sp_record: { sp_status: number; details: { approver: { userid: string }; sp_status: number }[] }[]
    apply_data: { contents: { id: string; value: unknown }[] }
  }

it('takes a submission, hands it over, passes it, and tells each in an event', async () => {
  const { sp_no: no } = await agent.post('oa/applyevent', form())
  expect(no).toMatch(/^\d{20}$/)
  expect(Number.isSafeInteger(Number(no))).toBe(false)
  await act(String(no), 'transfer', leader, { to: other })
  await act(String(no), 'urge', applicant)
  expect((await act(String(no), 'agree', leader)).status).toBe(400)
  await act(String(no), 'agree', other, { text: '同意' })
  const pushes = (await receiver.until(4)).map(one => one.xml)
  const events = pushes.map(xml => /<StatuChangeEvent>(\d+)</.exec(xml)?.[1])
  expect(events.sort()).toEqual(['1', '2', '4', '5'])
  expect(pushes[0]).toContain(`<SpNo>${no}</SpNo>`)
  expect(pushes[0]).toContain('<AgentID>3010040</AgentID>')
  const info = await detail(String(no))
  expect(info.sp_status).toBe(2)
  expect(info.sp_record[0]?.details.map(one => [one.approver.userid, one.sp_status])).toEqual([
    [leader, 4],
    [other, 2],
  ])
  expect(info.apply_data.contents.find(one => one.id === 'File-1')?.value).toEqual([])
  expect(info.apply_data.contents.find(one => one.id === 'Textarea-1')?.value).toMatchObject({ children: [] })
})

it.each([
  [
    'a required field that is missing',
    form({ apply_data: { contents: contents.slice(1) } }),
    /Selector-1 is required/,
  ],
  [
    'another kind',
    form({ apply_data: { contents: [{ ...contents[0], control: 'Text' }, ...contents.slice(1)] } }),
    /control Selector-1/,
  ],
  [
    'an option that is not there',
    form({
      apply_data: {
        contents: [
          { ...contents[0], value: { selector: { type: 'single', options: [{ key: 'x' }] } } },
          ...contents.slice(1),
        ],
      },
    }),
    /value of Selector-1/,
  ],
  [
    'a stranger who approves',
    form({ process: { node_list: [{ type: 1, userid: ['nobody'] }] } }),
    /approver nobody/,
  ],
  ['another template', form({ template_id: 'x' }), /template_id/],
])('refuses %s', async (_what, body, words) => {
  const answer = await agent.post('oa/applyevent', body)
  expect([answer.errcode, answer.errmsg]).toEqual([301025, expect.stringMatching(words)])
})

it('refuses applicants out of range and the contact secret', async () => {
  const narrow = await callerOf(sandbox, sandbox.agents[1]!.secret)
  expect((await narrow.post('oa/applyevent', form())).errcode).toBe(301055)
  expect((await (await callerOf(sandbox)).post('oa/applyevent', form())).errcode).toBe(48002)
})

it('lists numbers by creator, template and time', async () => {
  const { sp_no: no } = await agent.post('oa/applyevent', form())
  const now = Math.floor(Date.now() / 1000)
  const filters = [
    { key: 'creator', value: applicant },
    { key: 'template_id', value: leave },
  ]
  const query = { starttime: String(now - 60), endtime: String(now + 60), new_cursor: '', size: 100, filters }
  expect((await agent.post('oa/getapprovalinfo', query))['sp_no_list']).toContain(no)
  const none = { ...query, filters: [{ key: 'creator', value: other }] }
  expect((await agent.post('oa/getapprovalinfo', none))['sp_no_list']).toEqual([])
})

type ShownRecord = { sp_status: number; details: { approver: { userid: string }; sp_status: number }[] }
const stepsOf = async (no: string) => {
  const info = (await detail(no)) as unknown as {
    sp_record: ShownRecord[]
    process_list: { node_list: { sp_status: number; sub_node_list: { userid: string; sp_yj: number }[] }[] }
  }
  return info.process_list.node_list.map(
    node => `${node.sp_status}: ${node.sub_node_list.map(one => `${one.userid} ${one.sp_yj}`).join(', ')}`,
  )
}

it('returns an approval to somebody who agreed before, and then goes through the steps once more', async () => {
  const nodes = [leader, other].map(userid => ({ type: 1, apv_rel: 2, userid: [userid] }))
  const { sp_no } = await agent.post('oa/applyevent', form({ process: { node_list: nodes } }))
  const no = String(sp_no)
  expect((await act(no, 'return', leader, { to: other })).status).toBe(400)
  expect((await act(no, 'transfer', leader, { to: 'nobody' })).status).toBe(400)
  await act(no, 'agree', leader)
  await act(no, 'return', other, { to: leader, text: '请补充' })
  expect(await stepsOf(no)).toEqual(['2: gb 2', '11: gc 11', '1: gb 1', '1: gc 1'])
  expect((await act(no, 'agree', other)).status).toBe(400)
  await act(no, 'agree', leader)
  await act(no, 'agree', other)
  expect((await detail(no)).sp_status).toBe(2)
  const pushes = (await receiver.until(5)).map(one => one.xml)
  expect(pushes.map(xml => /<StatuChangeEvent>(\d+)</.exec(xml)?.[1]).sort()).toEqual([
    '1',
    '11',
    '2',
    '2',
    '2',
  ])
})

it('adds an approver, who decides first or after one who agrees', async () => {
  const { sp_no: first } = await agent.post('oa/applyevent', form())
  await act(String(first), 'add', leader, { to: other })
  expect(await stepsOf(String(first))).toEqual(['12: gb 12', '1: gc 1', '1: gb 1'])
  await act(String(first), 'agree', other)
  await act(String(first), 'agree', leader)
  expect((await detail(String(first))).sp_status).toBe(2)
  const { sp_no: second } = await agent.post('oa/applyevent', form())
  await act(String(second), 'agreeAndAdd', leader, { to: other })
  expect(await stepsOf(String(second))).toEqual(['13: gb 13', '1: gc 1'])
  await act(String(second), 'agree', other)
  expect((await detail(String(second))).sp_status).toBe(2)
})

it('has what is to be handled done and handed over, and nothing else', async () => {
  const node = { type: 3, apv_rel: 2, userid: [leader] }
  const { sp_no } = await agent.post('oa/applyevent', form({ process: { node_list: [node] } }))
  const no = String(sp_no)
  expect((await act(no, 'add', leader, { to: other })).status).toBe(400)
  await act(no, 'transfer', leader, { to: other })
  await act(no, 'agree', other)
  expect(await stepsOf(no)).toEqual(['14: gb 15, gc 14'])
  const [, , { xml } = { xml: '' }] = await receiver.until(3)
  expect(xml).toContain('<ProcessList><NodeList><NodeType>3</NodeType>')
  expect(xml).toContain('<UserInfo><UserId><![CDATA[gc]]></UserId></UserInfo>')
})

it('withdraws, and after it passed too', async () => {
  const { sp_no: first } = await agent.post('oa/applyevent', form())
  await act(String(first), 'withdraw', applicant)
  expect((await detail(String(first))).sp_status).toBe(4)
  const { sp_no: second } = await agent.post('oa/applyevent', form())
  await act(String(second), 'agree', leader)
  await act(String(second), 'revoke', applicant)
  expect((await detail(String(second))).sp_status).toBe(6)
})

it('plays the own flow, whose event has no CDATA and other spellings than its answer', async () => {
  const given = { userid: applicant, templateId: 'sandboxOwnFlow', thirdNo: 'seal-1' }
  const page = (oaType: string): Promise<{ err_msg: string }> =>
    fetch(`${sandbox.url}/pages/js-sdk/thirdPartyOpenPage`, {
      method: 'POST',
      body: JSON.stringify({ ...given, oaType, extData: { fieldList: [{ title: '合同', value: '甲<乙' }] } }),
    }).then(answer => answer.json() as Promise<{ err_msg: string }>)
  expect(await page('10001')).toEqual({ err_msg: 'thirdPartyOpenPage:ok' })
  expect((await page('10001')).err_msg).toMatch(/thirdNo exists/)
  expect(await page('10002')).toEqual({ err_msg: 'thirdPartyOpenPage:ok' })
  const [{ xml } = { xml: '' }] = await receiver.until(1)
  expect(xml).not.toContain('CDATA')
  expect(xml).toContain('<ApproverStep >0</ApproverStep >')
  expect(xml).toContain('<ItemUserid>')
  const { data } = (await agent.post('corp/getopenapprovaldata', { thirdNo: 'seal-1' })) as unknown as {
    data: Record<string, unknown>
  }
  expect(data).toMatchObject({
    ThirdNo: 'seal-1',
    OpenSpstatus: 1,
    ApplyUserId: applicant,
    ApplyUsername: applicant,
    ApproverStep: 0,
  })
  expect(xml).toContain(`<ApplyUserName>${applicant}</ApplyUserName>`)
})
