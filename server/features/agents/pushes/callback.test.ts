import { Writable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { decrypt } from '../../../upstream/transport/message-crypto.ts'
import { findText } from '../../../upstream/transport/xml.ts'
import { callbackSettings } from '../callbacks/set-callback.ts'
import { eventFields, type PushOverrides, pushTo, pushXml, textFields } from './push.fixture.ts'

let world: World
let agentId: number
const lines: string[] = []
beforeAll(async () => {
  const collect = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  world = await startWorld({ overrides: { log: createLog('debug', collect) } })
  agentId = await world.connectAgent()
})
afterAll(() => world.close())
beforeEach(() => {
  lines.length = 0
})

const push = (plain: string, spoiled?: PushOverrides) => pushTo(world, agentId, plain, spoiled)
const say = (text: string, msgId?: string) => pushXml(world, agentId, textFields(text, msgId))

async function stored() {
  return world.ctx.db
    .selectFrom('inbox_event')
    .select(['id', 'kind', 'entity', 'account', 'state', 'dedupe_key as key'])
    .where('stream', '=', 'agent')
    .orderBy('id')
    .execute()
}

async function expectRefused(
  work: Promise<{ status: number; text: string }>,
  status: number,
  reason: RegExp,
) {
  const before = (await stored()).length
  expect(await work).toMatchObject({ status, text: expect.stringMatching(reason) })
  expect((await stored()).length).toBe(before)
  expect(lines.join('')).toMatch(reason)
}

it('is verified by WeCom at the values to paste, and never logs its address', async () => {
  const callback = world.ctx.agents.callbackOf(world.corpId, agentId)!
  expect(callback.verifiedAt).not.toBeNull()
  expect((await push(say('hello'))).status).toBe(200)
  await push(say('hello'), { token: 'wrong' })
  const { url, token, encodingAesKey } = callbackSettings(world.ctx, callback)
  expect(url).toMatch(/\/api\/callback\/agent\/[A-Za-z0-9]{32}$/)
  for (const secret of [callback.addressKey, token, encodingAesKey])
    expect(lines.join('')).not.toContain(secret)
  expect(lines.join('')).toContain('/api/callback/agent/:key')
})

it('stores each push once: by MsgId, by ResponseCode, else by its signature', async () => {
  const before = (await stored()).length
  const text = say('once', '6054768590064713728')
  for (const nonce of ['1', '2', '2']) expect((await push(text, { nonce })).status).toBe(200)
  const enter = pushXml(world, agentId, eventFields('enter_agent'))
  const press = pushXml(
    world,
    agentId,
    eventFields('template_card_event', '<TaskId>foreign</TaskId><ResponseCode>code1</ResponseCode>'),
  )
  for (const nonce of ['4', '5']) expect((await push(press, { nonce })).status).toBe(200)
  // Encrypted anew it is signed anew: a second opening of the conversation in the same second.
  for (const nonce of ['6', '7']) expect((await push(enter, { nonce })).status).toBe(200)
  const rows = (await stored()).slice(before)
  expect(rows.map(one => [one.kind, one.entity, one.account])).toEqual([
    ['text', 'user:zhangsan', String(agentId)],
    ['template_card_event', 'user:zhangsan', String(agentId)],
    ['enter_agent', 'user:zhangsan', String(agentId)],
    ['enter_agent', 'user:zhangsan', String(agentId)],
  ])
  await expectRefused(push(say('other', '6054768590064713728')), 409, /used for another push/)
})

it('takes a burst of one push once, and what WeCom doubles', async () => {
  const before = (await stored()).length
  const text = say('burst', '77')
  const answers = await Promise.all(Array.from({ length: 20 }, () => push(text)))
  expect(answers.every(one => one.status === 200)).toBe(true)
  await world.control('faults', { match: 'callback/agent', mode: 'duplicateCallback', times: 1 })
  const pushed = await world.control('agents/push', {
    agentId,
    fields: { FromUserName: 'lisi', Event: 'enter_agent', EventKey: '' },
  })
  expect(pushed).toMatchObject({ state: 'answered', reply: null })
  expect((await stored()).length).toBe(before + 2)
  await world.settleAgent(agentId)
  expect((await stored()).every(one => one.state === 'done')).toBe(true)
})

it('tells agents apart by their addresses, and refuses what names another', async () => {
  const other = await world.connectAgent(world.sandbox.agents[1]!.agentId)
  const foreign = pushXml(world, other, textFields('for another', '88'))
  await expectRefused(push(foreign), 403, /AgentID is another agent/)
  await expectRefused(push(say('x'), { agentId: String(other) }), 403, /AgentID is another agent/)
  // The same MsgId of another agent is another message.
  expect((await push(say('mine', '88'))).status).toBe(200)
  expect((await pushTo(world, other, foreign)).status).toBe(200)
  const rows = (await stored()).filter(one => one.key?.endsWith(' message 88'))
  expect(rows.map(one => one.account)).toEqual([String(agentId), String(other)])
})

it('refuses an event that names no agent, but for those of the whole corp', async () => {
  const bare = (event: string, fields = '') => pushXml(world, '', eventFields(event, fields), { from: 'sys' })
  await expectRefused(push(bare('enter_agent'), { agentId: '' }), 400, /AgentID is missing/)
  await expectRefused(push(pushXml(world, '', textFields('x')), { agentId: '' }), 400, /AgentID is missing/)
  await expectRefused(push(bare('enter_agent'), { agentId: 'x' }), 400, /AgentID is not a number/)
  const change = bare('change_contact', '<ChangeType>update_user</ChangeType><UserID>zhangsan</UserID>')
  expect((await push(change, { agentId: '' })).status).toBe(200)
  await world.settleAgent(agentId)
  const hints = await world.ctx.db
    .selectFrom('inbox_event')
    .select(['kind', 'entity', 'source'])
    .where('stream', '=', 'directory')
    .execute()
  expect(hints).toEqual([{ kind: 'update_user', entity: 'user:zhangsan', source: 'hint' }])
})

it('refuses what is not signed, not fresh, not for this corp or not XML', async () => {
  await expectRefused(push(say('x'), { token: 'wrong' }), 403, /msg_signature is wrong/)
  await expectRefused(push(say('x'), { encodingAesKey: 'A'.repeat(43) }), 400, /Encrypt/)
  await expectRefused(push(say('x'), { receiveId: 'wwother' }), 403, /receiveid/)
  await expectRefused(push(say('x'), { toUserName: 'wwother' }), 403, /another corp/)
  const toOther = pushXml(world, agentId, textFields('x'), { to: 'wwother' })
  await expectRefused(push(toOther), 403, /another corp/)
  const old = String(Math.floor(world.ctx.now() / 1000) - 301)
  await expectRefused(push(say('x'), { timestamp: old }), 403, /timestamp/)
  await expectRefused(push(say('a\0b')), 400, /NUL/)
  const doctype = '<!DOCTYPE xml [<!ENTITY a "b">]>'
  await expectRefused(push(`${doctype}${say('x')}`), 400, /DOCTYPE/)
  await expectRefused(push('<xml>'), 400, /malformed/)
  await expectRefused(push('<xml><ToUserName>x</ToUserName></xml>'), 400, /MsgType is missing/)
  await expectRefused(push(say('x'), { body: '' }), 400, /empty/)
  await expectRefused(push(say('x'), { body: '<xml><a>1</a></xml>' }), 400, /Encrypt is missing/)
  await expectRefused(push(say('x'), { body: Buffer.from('<xml>\xff</xml>', 'latin1') }), 400, /UTF-8/)
  const before = (await stored()).length
  await push(say('x'), { body: 'x'.repeat(1_000_000) }).catch(() => undefined)
  expect((await stored()).length).toBe(before)
  const url = `${world.server.url}/api/callback/agent/${'A'.repeat(32)}`
  await expectRefused(push(say('x'), { url }), 404, /no agent of this platform has this address/)
})

it('gives a press of a card to the feature that sent it, and its answer back sealed, the same each time', async () => {
  const { offered } = world.ctx
  const given = offered.cardPressed
  const presses: unknown[] = []
  offered.cardPressed = async (press, event) => {
    presses.push(press)
    const xml = `<xml><ToUserName>zhangsan</ToUserName><FromUserName>${world.corpId}</FromUserName><CreateTime>${presses.length}</CreateTime><MsgType>update_button</MsgType><Button><ReplaceName>已提交</ReplaceName></Button></xml>`
    return world.ctx.inbox.accept({ ...event, answer: () => ({ xml }) })
  }
  try {
    const fields = {
      FromUserName: 'zhangsan',
      Event: 'template_card_event',
      EventKey: 'submit',
      TaskId: 'task1',
      CardType: 'vote_interaction',
      ResponseCode: 'code7',
      CreateTime: 1_790_000_000,
      SelectedItems: {
        SelectedItem: [
          { QuestionKey: 'q1', OptionIds: { OptionId: ['a', 'b'] } },
          { QuestionKey: 'q2', OpitonIds: { OptionId: 'c' } },
        ],
      },
    }
    for (let time = 0; time < 2; time++)
      expect(await world.control('agents/push', { agentId, fields })).toMatchObject({
        state: 'answered',
        note: '',
        reply: { MsgType: 'update_button', CreateTime: '1', Button: { ReplaceName: '已提交' } },
      })
    expect(presses[0]).toEqual({
      corpId: world.corpId,
      agentId,
      userId: 'zhangsan',
      taskId: 'task1',
      key: 'submit',
      cardType: 'vote_interaction',
      responseCode: 'code7',
      isMenu: false,
      selected: [
        { questionKey: 'q1', optionIds: ['a', 'b'] },
        { questionKey: 'q2', optionIds: ['c'] },
      ],
      pressedAt: new Date(1_790_000_000_000),
    })
    const menu = eventFields('template_card_menu_event', '<TaskId>t</TaskId><ResponseCode>c8</ResponseCode>')
    const { text } = await push(pushXml(world, agentId, menu))
    expect(presses[2]).toMatchObject({ isMenu: true, selected: [], key: '', cardType: '' })
    const { encodingAesKey } = world.ctx.agents.callbackOf(world.corpId, agentId)!.keys
    const opened = decrypt(encodingAesKey, findText(text, 'Encrypt')!)
    expect(opened).toMatchObject({ receiveId: world.corpId, message: expect.stringContaining('已提交') })
  } finally {
    offered.cardPressed = given
  }
})
