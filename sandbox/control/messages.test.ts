import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { type Caller, callerOf, control, messagesOf } from '../test-caller.ts'

let sandbox: Sandbox
let agent: Caller
beforeAll(async () => {
  sandbox = await startSandbox({ members: 30 })
  agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.reset({ members: 30 }))

const send = (content: string, touser = 'lisi') =>
  agent.post('message/send', {
    touser,
    agentid: sandbox.agents[0]!.agentId,
    msgtype: 'text',
    text: { content },
  })

test('pages, and where the next one starts', async () => {
  for (const content of ['一', '二', '三']) await send(content)
  const { body } = await control(sandbox, 'GET', 'messages?limit=2')
  expect(body).toMatchObject({ messages: [{ n: 1 }, { n: 2, content: { content: '二' } }], next: 2 })
  expect((await control(sandbox, 'GET', 'messages?since=2')).body).toMatchObject({
    messages: [{ n: 3 }],
    next: 3,
  })
  expect((await control(sandbox, 'GET', 'messages?since=3')).body).toEqual({ messages: [], next: 3 })
  expect(await messagesOf(sandbox, { channel: 'mail' })).toEqual([])
  expect(await messagesOf(sandbox, { to: 'LISI', channel: 'wecom' })).toHaveLength(3)
  expect(await messagesOf(sandbox, { to: 'wangwu' })).toEqual([])
})

test.each([
  ['messages?channel=fax', /^channel must be one of wecom, sms, mail$/],
  ['messages?limit=0', /^limit must be/],
  ['messages?sicne=1', /^sicne is unknown/],
  ['messages/stream?since=x', /^since must be/],
])('%s is refused with a sentence', async (path, sentence) => {
  const answer = await control(sandbox, 'GET', path)
  expect([answer.status, answer.body['error']]).toEqual([400, expect.stringMatching(sentence)])
})

test.each([
  [{ refuse: { nonsense: 'x' } }, /^nonsense is no phone number$/],
  [{ refuse: { '13800000000': 5 } }, /must be a string$/],
  [{ refuse: [] }, /^refuse must be/],
])('sms %j is refused with a sentence', async (body, sentence) => {
  expect((await control(sandbox, 'POST', 'sms', body)).body['error']).toMatch(sentence)
})

test('numbers to refuse are added and removed', async () => {
  const set = async (refuse: unknown) => (await control(sandbox, 'POST', 'sms', { refuse })).body['refuse']
  expect(await set({ '13800000001': 'A.B', '+8613800000002': 'C' })).toEqual({
    '+8613800000001': 'A.B',
    '+8613800000002': 'C',
  })
  expect(await set({ '+8613800000001': null })).toEqual({ '+8613800000002': 'C' })
  expect(await set(null)).toEqual({})
})

test('limits of messages: known values, null for none, wecom for the default of the day', async () => {
  const set = (body: object) => control(sandbox, 'POST', 'limits', body)
  const limits = { perMemberMinute: 0, perMemberHour: null, perAgentDay: 5, smsPerNumberDay: 10 }
  expect((await set(limits)).body['limits']).toMatchObject(limits)
  expect((await set({ perAgentDay: 'wecom' })).body['limits']).toMatchObject({
    perAgentDay: 'wecom',
    perMemberMinute: 0,
  })
  expect((await set({ perAgentDay: 'many' })).status).toBe(400)
  await set({ perMemberMinute: 30, perMemberHour: 1000, smsPerNumberDay: null })
})

/** Reads server-sent events until there are `count`. */
async function read(
  response: Response,
  count: number,
): Promise<{ event: string; data: Record<string, unknown> }[]> {
  const decoder = new TextDecoder()
  let seen = ''
  for await (const chunk of response.body!) {
    seen += decoder.decode(chunk as Uint8Array, { stream: true })
    const events = [...seen.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)]
    if (events.length >= count)
      return events.map(match => ({
        event: match[1]!,
        data: JSON.parse(match[2]!) as Record<string, unknown>,
      }))
  }
  throw new Error(`the stream ended: ${seen}`)
}

test('the stream tells new messages, recalls and resets, and goes on where it was left', async () => {
  const { msgid } = await send('之前')
  const live = await fetch(`${sandbox.url}/_sandbox/messages/stream`)
  const caughtUp = await fetch(`${sandbox.url}/_sandbox/messages/stream`, {
    headers: { 'last-event-id': '0' },
  })
  expect(live.headers.get('content-type')).toMatch(/^text\/event-stream/)
  await send('之后\n第二行')
  await agent.post('message/recall', { msgid })
  await sandbox.reset({ members: 30 })
  const [ready, ...events] = await read(live, 4)
  expect(ready!.event).toBe('ready')
  expect(events.map(item => item.event)).toEqual(['message', 'recall', 'reset'])
  expect(events[0]!.data).toMatchObject({ n: 2, content: { content: '之后\n第二行' } })
  expect(events[1]!.data).toMatchObject({ n: 1, recalledAt: expect.any(String) })
  expect((await read(caughtUp, 5)).map(item => item.data['n'])).toEqual([1, undefined, 2, 1, undefined])
})

test('info names the accounts and the addresses', async () => {
  const { body } = await control(sandbox, 'GET', 'info')
  expect(body['sms']).toEqual(sandbox.sms)
  expect(body['smtp']).toEqual(sandbox.smtp)
  expect(sandbox.sms.endpoint).toBe(new URL(sandbox.url).host)
})
