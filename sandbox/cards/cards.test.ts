import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sampleCards } from '../../server/upstream/wecom/cards/card-samples.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, type Caller, callerOf, control, messagesOf } from '../test-caller.ts'
import { callbackKeys, startReceiver } from '../test-receiver.ts'

let sandbox: Sandbox
let receiver: Awaited<ReturnType<typeof startReceiver>>
let agent: Caller
let other: Caller
let agentid: number
let now = Date.now()
let task = 0
beforeAll(async () => {
  sandbox = await startSandbox({ members: 40, now: () => now })
  agentid = sandbox.agents[0]!.agentId
  agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
  other = await callerOf(sandbox, sandbox.agents[1]!.secret)
  receiver = await startReceiver()
  await control(sandbox, 'POST', 'agents/callback', { agentId: agentid, url: receiver.url, ...callbackKeys })
})
afterAll(async () => {
  await sandbox.close()
  await receiver.close()
})
beforeEach(() => {
  now += 120_000
})

type Json = Record<string, unknown>
const vote = sampleCards.vote_interaction
const send = (card: object = {}, more: object = {}) =>
  agent.post('message/send', {
    touser: 'lisi|wangwu',
    msgtype: 'template_card',
    agentid,
    template_card: { ...vote, task_id: `task-${++task}`, ...card },
    ...more,
  })
const update = (code: unknown, more: object = {}) =>
  agent.post('message/update_template_card', {
    agentid,
    response_code: code,
    userids: ['lisi'],
    button: { replace_name: '已提交' },
    ...more,
  })
const seen = async (msgid: unknown, userid: string) =>
  (await control(sandbox, 'GET', `cards?msgId=${msgid}&userid=${userid}`)).body
const press = async (msgid: unknown, userid: string, more: object = {}) =>
  (await control(sandbox, 'POST', 'cards/press', { msgId: msgid, userid, key: 'submit', ...more })).body

test('cards of all kinds are taken, and a code is given for those that can change', async () => {
  for (const [kind, card] of Object.entries(sampleCards)) {
    const answer = await send({
      ...card,
      task_id: `of-${kind}`,
      checkbox: undefined,
      submit_button: undefined,
      ...card,
    })
    expect(answer).toMatchObject({ errcode: 0 })
    expect(Object.hasOwn(answer, 'response_code')).toBe(kind !== 'news_notice')
  }
})

test.each<[string, object, string]>([
  ['an unknown kind', { card_type: 'vote' }, 'card_type'],
  ['no task_id', { task_id: undefined }, 'task_id'],
  ['a wrong task_id', { task_id: '投票' }, 'task_id'],
  ['no title', { main_title: { desc: 'x' } }, 'main_title.title'],
  ['no question', { checkbox: undefined }, 'checkbox'],
  [
    '21 options',
    {
      checkbox: {
        question_key: 'q',
        option_list: Array.from({ length: 21 }, (_, id) => ({ id: `${id}`, text: 'x' })),
      },
    },
    'checkbox.option_list',
  ],
  [
    'the same option twice',
    {
      checkbox: {
        question_key: 'q',
        option_list: [
          { id: 'a', text: 'x' },
          { id: 'a', text: 'y' },
        ],
      },
    },
    'checkbox.option_list.id',
  ],
  ['no submit key', { submit_button: { text: '提交' } }, 'submit_button.key'],
  ['a wrong colour', { source: { desc_color: 9 } }, 'source.desc_color'],
  [
    'disable in a new card',
    { checkbox: { ...(vote as unknown as { checkbox: object }).checkbox, disable: true } },
    'checkbox.disable',
  ],
])('%s is 40058 with the field', async (_name, change, field) => {
  const answer = await send(change)
  expect(answer).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining(field) })
})

test('null fields are absent', async () => {
  const answer = await send({
    source: null,
    action_menu: null,
    card_action: null,
    button_selection: null,
    main_title: { title: '选', desc: null },
  })
  expect(answer.errcode).toBe(0)
  expect((await send({ checkbox: null })).errmsg).toContain('checkbox')
})

test('a task_id is good once for an application, but for a repetition that is recognised', async () => {
  const own = { task_id: 'once' }
  const check = { enable_duplicate_check: 1 }
  const first = await send(own, check)
  const repeated = await send(own, check)
  expect(repeated).toEqual(first)
  expect(await send(own)).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining('task_id') })
  const foreign = { touser: '@all', msgtype: 'template_card', agentid: sandbox.agents[1]!.agentId }
  expect((await other.post('message/send', { ...foreign, template_card: { ...vote, ...own } })).errcode).toBe(
    0,
  )
})

test('a code changes cards once, within 72 hours, of those who got them', async () => {
  const { msgid, response_code: code } = await send()
  expect(await update(code, { userids: ['LiSi', 'zhangsan', 'nobody'] })).toMatchObject({
    errcode: 0,
    invaliduser: ['zhangsan', 'nobody'],
  })
  expect(await seen(msgid, 'lisi')).toMatchObject({
    replaced: '已提交',
    card: { card_type: 'vote_interaction' },
  })
  expect(await seen(msgid, 'wangwu')).toMatchObject({ replaced: null, canPress: true })
  const refused = (answer: Json, why: string) =>
    expect(answer).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining(why) })
  refused(await update(code), 'response_code is used')
  refused(await update('made up'), 'response_code is unknown')
  const old = await send()
  now += 72 * 3_600_000 - 1000
  agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
  expect(await update(old['response_code'], { userids: undefined, atall: 1 })).toMatchObject({
    errcode: 0,
    invaliduser: [],
  })
  expect(await seen(old['msgid'], 'wangwu')).toMatchObject({ replaced: '已提交' })
  const late = await send()
  now += 72 * 3_600_000
  agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
  refused(await update(late['response_code']), 'response_code is expired')
})

test('what an update must say', async () => {
  const { response_code: code, msgid } = await send()
  const wrong = async (more: object, why: string) =>
    expect(await update(code, more)).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining(why) })
  await wrong({ button: undefined }, 'button or template_card')
  await wrong({ template_card: vote }, 'button or template_card')
  await wrong({ button: {} }, 'button.replace_name')
  await wrong({ userids: [] }, 'userids')
  await wrong({ button: undefined, template_card: { card_type: 'text_notice' } }, 'card_action')
  expect(await update(code, { userids: ['zhangsan'] })).toMatchObject({ errcode: 81013 })
  expect(await update(code, { agentid: sandbox.agents[1]!.agentId })).toMatchObject({ errcode: 301002 })
  const card = { ...sampleCards.text_notice, replace_text: '已结束' }
  expect(await update(code, { button: undefined, template_card: card })).toMatchObject({ errcode: 0 })
  expect(await seen(msgid, 'lisi')).toMatchObject({ replaced: '已结束', card: { card_type: 'text_notice' } })
  const menu = await send({ ...sampleCards.text_notice, task_id: `menu-${task}` })
  expect(await update(menu['response_code'])).toMatchObject({
    errcode: 40058,
    errmsg: expect.stringContaining('button'),
  })
})

test('a press tells the agent with what was chosen and another code, and shows what is answered', async () => {
  const { msgid } = await send()
  receiver.received.length = 0
  const pressed = await press(msgid, 'lisi', { selected: { day: ['d1', 'd3'] } })
  expect(pressed).toMatchObject({ state: 'answered', responseCode: expect.any(String) })
  const pushes = await receiver.until(1)
  const xml = pushes.at(-1)!.xml.replaceAll(/<!\[CDATA\[(.*?)\]\]>/g, '$1')
  expect(xml).toContain('<Event>template_card_event</Event>')
  expect(xml).toContain(`<TaskId>task-${task}</TaskId>`)
  expect(xml).toMatch(
    /<QuestionKey>day<\/QuestionKey><OptionIds><OptionId>d1<\/OptionId><OptionId>d3<\/OptionId>/,
  )
  expect(await update(pressed['responseCode'])).toMatchObject({ errcode: 0 })
  const refused = async (more: object, why: string) =>
    expect(await press(msgid, 'wangwu', more)).toMatchObject({ error: expect.stringContaining(why) })
  await refused({ key: 'x' }, 'the card has no button x')
  await refused({ key: 'x', menu: true }, 'no line of its menu')
  await refused({ selected: { week: ['1'] } }, 'no question week')
  await refused({ selected: { day: ['d9'] } }, 'day has no option d9')
  expect(await press(msgid, 'zhangsan')).toMatchObject({
    error: expect.stringContaining('did not get this card'),
  })
  expect(await press(msgid, 'lisi')).toMatchObject({ error: expect.stringContaining('grey: 已提交') })
  expect(await press(msgid, 'lisi', { force: true })).toMatchObject({ state: 'answered' })
  expect(await press('nothing', 'lisi')).toMatchObject({ error: expect.stringContaining('there is no card') })
  await agent.post('message/recall', { msgid })
  await refused({}, 'recalled')
})

test('a member who was renamed presses the card that came under the old name', async () => {
  const { msgid } = await send()
  await admin(sandbox, 'user/rename', { userid: 'wangwu', new_userid: 'wang5' })
  expect(await press(msgid, 'wang5')).toMatchObject({ state: 'answered' })
  expect((await messagesOf(sandbox, {})).length).toBeGreaterThan(0)
})
