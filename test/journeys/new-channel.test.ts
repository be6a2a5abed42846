import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callerOf, startWorld, type World } from '../harness.ts'
import { signInAs } from '../sign-in.ts'
import { until } from '../until.ts'
import { type ServerProcess, startProcess } from './server-process.ts'

/** A channel is its folder (pigeon/) and its row in the list: no other file of the tree knows of it. */

const flown: { to: string; text: string; whistle: string }[] = []
const loft = createServer(async (request, response) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const given = JSON.parse(Buffer.concat(parts).toString()) as (typeof flown)[number]
  if (given.to === 'lisi') response.writeHead(422).end(`no perch for ${given.whistle}`)
  else {
    flown.push(given)
    response.end('landed')
  }
})

let world: World
let node: ServerProcess
beforeAll(async () => {
  world = await startWorld({ members: 10 })
  const own = await world.addDeveloper({ name: '报销系统', scopes: ['message:send', 'message:type'] })
  const { cookie, csrf } = await signInAs(world, 'super')
  await world.server.close()
  const root = join(import.meta.dirname, '../..')
  const hook = pathToFileURL(join(import.meta.dirname, 'pigeon/one-row.ts')).href
  const release = { main: join(root, 'server/main.ts'), execArgv: ['--import', hook] }
  node = await startProcess({ ...world.env, WISP_LOG_LEVEL: 'error' }, { release })
  dev = callerBy({ authorization: `Bearer ${await callerOf(node.url, own).token()}` })
  admin = callerBy({ cookie, 'x-wisp-csrf': csrf })
  await new Promise<void>(resolve => loft.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await node?.stop()
  loft.close()
  await world.sandbox.close()
})

/** The harness compares answers with what this process declares, which knows no such channel. */
// biome-ignore lint/suspicious/noExplicitAny: the test looks into bodies of every shape
type Reply = { retCode: string; retMessage: string; body: any }
async function ask(headers: Record<string, string>, path: string, body?: object): Promise<Reply> {
  const all = { 'content-type': 'application/json', ...headers }
  const given = body ? { method: 'POST', headers: all, body: JSON.stringify(body) } : { headers: all }
  return (await fetch(`${node.url}${path}`, given)).json() as Promise<Reply>
}
const callerBy = (headers: Record<string, string>) => ({
  get: (path: string, query: Record<string, string> = {}) =>
    ask(headers, `${path}?${new URLSearchParams(query)}`),
  post: (path: string, body: object) => ask(headers, path, body),
})
let dev: ReturnType<typeof callerBy>
let admin: ReturnType<typeof callerBy>

const url = () => `http://127.0.0.1:${(loft.address() as AddressInfo).port}/`
const channelNow = async () => {
  const { list } = (await admin.get('/web/messages/channels')).body
  return list.find((one: { name: string }) => one.name === 'pigeon')
}
const settled = (msgId: string) =>
  until('it to be over', async () => {
    const { body } = await dev.get('/api/message/status', { msgId })
    return body.status !== 'queued' && body
  })

it('carries messages by a new channel, of which one folder and one row know', async () => {
  const message = { sendType: '9', agentName: '报销', content: '已到账', toUser: 'zhangsan|lisi' }
  expect(await channelNow()).toMatchObject({ label: '信鸽', state: 'missing', missing: '鸽舍' })
  expect((await dev.post('/api/message/send', message)).retCode).toBe('1008')

  const forms = (await admin.get('/web/messages/settings')).body.channels
  const form = forms.find((one: { name: string }) => one.name === 'pigeon')
  expect(form.fields.map((one: { name: string; kind: string }) => [one.name, one.kind])).toEqual([
    ['loft', 'line'],
    ['whistle', 'secret'],
  ])
  const settings = { loft: url(), whistle: 'coo-coo' }
  const tested = await admin.post('/web/messages/test', { channel: 'pigeon', userId: 'lisi', settings })
  expect(tested.body, tested.retMessage).toMatchObject({
    ok: false,
    answers: ['refused 鸽舍拒收：no perch for ••••'],
  })
  const saved = await admin.post('/web/messages/settings/channel', {
    channel: 'pigeon',
    version: form.version,
    settings,
  })
  expect(saved.retCode, saved.retMessage).toBe('0')
  expect(await channelNow()).toMatchObject({ state: 'testFailed', lastTest: { ok: false, isCurrent: true } })
  const landed = await admin.post('/web/messages/test', { channel: 'pigeon', userId: 'zhangsan' })
  expect(landed.body, landed.retMessage).toMatchObject({ ok: true, answers: ['sent landed'] })
  expect(await channelNow()).toMatchObject({ state: 'ready' })
  const again = await admin.post('/web/messages/settings/channel', {
    channel: 'pigeon',
    version: 'x',
    settings,
  })
  expect(again.retCode).toBe('1000')

  const msgId = (await dev.post('/api/message/send', message)).body.msgId
  const fate = await settled(msgId)
  expect(fate).toMatchObject({
    status: 'sent',
    channel: 'pigeon',
    receivers: { total: 2, sent: 1, failed: 1 },
    failed: [{ userId: 'lisi', reason: expect.stringContaining('鸽舍拒收：no perch') }],
  })
  expect(flown.slice(1)).toEqual([{ to: 'zhangsan', text: '已到账', whistle: 'coo-coo' }])
  const why = (await dev.get('/api/message/why', { msgId, userId: 'lisi' })).body
  expect(JSON.stringify(why.steps)).toContain('鸽舍拒收')

  const type = {
    key: 'paid',
    name: '到账',
    channels: ['pigeon'],
    templates: { pigeon: { zh: { content: '{{ n }} 元已到账' } } },
  }
  const put = await dev.post('/api/message/type/put', type)
  expect(put.retCode, put.retMessage).toBe('0')
  const told = await dev.post('/api/message/notify', { type: 'paid', toUser: 'wangwu', data: { n: 300 } })
  expect(told.retCode, told.retMessage).toBe('0')
  expect(await settled(told.body.msgId)).toMatchObject({ status: 'sent' })
  expect(flown.at(-1)).toMatchObject({ to: 'wangwu', text: '300 元已到账' })

  // What took long to count is kept for at most a minute.
  await expect.poll(channelNow, { timeout: 65_000 }).toMatchObject({
    state: 'ready',
    today: { messages: 3, troubled: 1, waiting: 0, isWhole: true },
    lastFailure: { msgId, reason: expect.stringContaining('鸽舍拒收') },
  })
  const { list } = (await admin.get('/web/messages/list', { channel: 'pigeon' })).body
  expect(list.map((one: { state: string }) => one.state)).toEqual(['sent', 'partial', 'sent'])
  const choices = (await admin.get('/web/messages/choices')).body.channels
  expect(choices.find((one: { name: string }) => one.name === 'pigeon')).toMatchObject({
    label: '信鸽',
    lines: { content: 'required' },
  })
  const preview = await admin.post('/web/messages/preview', {
    ...message,
    toUser: ['zhangsan'],
    forecast: '1',
  })
  expect(preview.body).toMatchObject({
    preview: { channel: 'pigeon', text: '已到账' },
    forecast: { persons: 1 },
  })
  const figures = (await admin.get('/web/overview')).body.whole.figures.messages
  expect(figures.find((one: { channel: string }) => one.channel === 'pigeon').values.at(-1)).toBe(3)
})
