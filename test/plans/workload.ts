import { press } from '../../server/features/cards/cards.fixture.ts'
import { useAgents, useSms, useSmtp } from '../../server/features/messages/messages.fixture.ts'
import { startTarget } from '../../server/features/webhooks/target.fixture.ts'
import { pageCalls } from '../../server/features.ts'
import { sampleCards } from '../../server/upstream/wecom/cards/card-samples.ts'
import { exampleOf } from '../example-of.ts'
import type { Answer, Caller, World } from '../harness.ts'
import { type SignedInClient, signInAs } from '../sign-in.ts'

type Input = Record<string, string | number>

/** What inputs are given; for all others whatever their declaration allows. */
const given = (world: World, msgId: string): Input => ({
  msgId,
  devId: world.dev.devId,
  developer: world.dev.devId,
  webhookId: 'hook',
  seq: 1,
  appId: 'x',
  requestId: 'r0123',
  userId: 'lisi',
  receiver: 'lisi',
  person: 'lisi',
  text: '审批',
  words: '审批',
  search: '审批',
  q: '审批',
  channel: 'wecom',
  agentName: '审批',
  path: '/api/path/1',
  code: '1000',
  type: 'message',
  target: msgId,
  from: new Date(Date.now() - 3 * 86_400_000).toISOString(),
  to: new Date().toISOString(),
  days: 7,
  before: 9_000_000,
  actor: 'a',
  act: 'message',
  pageSize: 20,
  pageNo: 2,
})

/** Does once what people, developers and the clock do, so that every statement is made that these make. */
export async function doEverything(world: World): Promise<void> {
  await useAgents(world)
  await useSmtp(world)
  await useSms(world, 'tencent')
  await world.connectAgent()
  await world.connectCallback()
  const target = await startTarget()
  const dev = await world.addDeveloper({
    scopes: ['directory:read', 'message:send', 'sms:send', 'webhook:manage', 'official:read', 'inbox:embed'],
  })
  const { webhookId } = ok(await dev.post('/api/webhook/create', { url: target.url })).body.webhook
  const msgId = await send(world, dev)
  await world.admin('user/update', { userid: 'lisi', position: '主任' })
  await world.settle()
  const own = { ...given(world, msgId), webhookId }
  const roles = [await signInAs(world, 'super', 'lisi'), await signInAs(world, 'system')]
  for (const as of roles) await askPages(as, own)
  await callApi(world, dev, roles[0] as SignedInClient, { msgId, webhookId })
  await readInbox(world, dev, msgId)
  for (const name of world.ctx.jobs.names()) await world.ctx.jobs.run(name).catch(() => undefined)
  await fetch(`${world.server.url}/metrics`).then(answer => answer.text())
  await world.ctx.dispatcher.drain()
  await world.ctx.requests.flush()
  await target.close()
}

/** What the inbox in a developer's page asks for. */
async function readInbox(world: World, dev: Caller, msgId: string): Promise<void> {
  const origin = 'https://oa.example'
  const { ticket } = ok(await dev.post('/api/inbox/session', { userId: 'zhangsan', origin })).body
  const headers = { origin, authorization: `Bearer ${ticket}`, 'content-type': 'application/json' }
  const ask = async (path: string, body?: object) => {
    const request = { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) }
    ok((await (await fetch(`${world.server.url}/inbox/${path}`, request)).json()) as never)
  }
  for (const path of ['messages', 'messages?shelf=unread', 'unread']) await ask(path)
  await ask('open', { msgId })
  await ask('place', { msgId, place: 'archived' })
}

/** A message of each kind; returns the id of a card. */
async function send(world: World, dev: Caller): Promise<string> {
  const common = {
    agentName: '审批',
    msgType: '01',
    title: '标题',
    content: '内容',
    url: 'https://oa.example',
  }
  const [everybody, mail, sms, card] = [
    { ...common, sendType: '0', toUser: '@all' },
    { ...common, sendType: '2', toUser: 'zhangsan|lisi' },
    { toUser: 'zhangsan', agentName: '审批', templateId: 'code', params: ['1', '5'] },
    {
      sendType: '0',
      msgType: '04',
      agentName: '审批',
      toUser: 'zhangsan|lisi',
      card: sampleCards.button_interaction,
    },
  ]
  const post = async (path: string, body: object) =>
    ok(await dev.post(path, { ...body, requestId: world.ctx.newId() }))
  await post('/api/message/send', everybody)
  await post('/api/message/send', mail)
  await post('/api/message/sms', sms)
  return (await post('/api/message/send', card)).body.msgId
}

function ok(answer: Answer): Answer {
  if (answer.retCode !== '0') throw new Error(`${answer.retCode} ${answer.retMessage}`)
  return answer
}

/** Every page call that reads: with what it must have, and once more with each other input. */
async function askPages(as: SignedInClient, own: Input): Promise<void> {
  for (const { method, path, input } of pageCalls) {
    if (method !== 'GET') continue
    const value = (name: string) => own[name] ?? (exampleOf(input[name]!.schema as never) as string | number)
    const names = Object.keys(input)
    const needed = names.filter(name => input[name]!.required)
    for (const more of [[], ...names.filter(name => !needed.includes(name)).map(name => [name])]) {
      const query = [...needed, ...more].map(name => [name, value(name)] as const)
      await as.get(path, Object.fromEntries(query)).catch(() => undefined)
    }
  }
}

async function callApi(
  world: World,
  dev: Caller,
  administrator: SignedInClient,
  { msgId, webhookId }: { msgId: string; webhookId: string },
): Promise<void> {
  await dev.get('/api/message/status', { msgId })
  await dev.get('/api/directory/changes', { since: 1 })
  await dev.get('/api/message/card', { msgId })
  await dev.get('/api/webhook/list')
  await dev.get('/api/webhook/log', { webhookId })
  await dev.post('/api/webhook/replay', { webhookId, from: new Date(Date.now() - 3_600_000).toISOString() })
  await dev.get('/api/official/event/list').catch(() => undefined)
  await press(world, msgId, 'zhangsan', 'agree', { selected: { deputy: 'lisi' } }).catch(() => undefined)
  await dev.post('/api/message/card/remind', { msgId })
  await dev.post('/api/message/card/update', { msgId, replaceName: '已处理' })
  await administrator.post('/web/messages/resend', { msgId })
  await dev.post('/api/message/recall', { msgId })
}
