import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { arrived, fresh, useAgents } from '../messages/messages.fixture.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 20 })
  await useAgents(world)
})
afterAll(() => world.close())

async function connect(dev: Caller): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  const headers = { authorization: `Bearer ${await dev.token()}`, 'accept-language': 'zh' }
  const url = new URL(`${world.server.url}/mcp`)
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }))
  return client
}

async function use(client: Client, name: string, given: Record<string, unknown>) {
  const { content, isError = false } = await client.callTool({ name, arguments: given })
  const [first] = content as { type: string; text: string }[]
  return { isError, text: first?.text ?? '' }
}
async function answer(client: Client, name: string, given: Record<string, unknown>) {
  const { isError, text } = await use(client, name, given)
  expect(isError, text).toBe(false)
  return JSON.parse(text)
}

describe('a confirmation', () => {
  const message = { toUser: ['zhangsan'], sendType: '0', msgType: '03', agentName: '审批' }
  const ofNone = '1000 参数错误: requestId 不是以这些参数预览得到的'
  const previewed = async (client: Client, content: string) => {
    const given = { ...message, content }
    const { requestId } = await answer(client, 'send_message', given)
    return { ...given, requestId, confirm: true }
  }

  it('is refused when it is invented, altered, or of another preview', async () => {
    const client = await connect(world.dev)
    const content = '确认须与预览一致'
    const confirmed = await previewed(client, content)
    const { requestId } = confirmed
    const [ends, nonce, signature] = String(requestId).split('.')
    const later = `${(Number.parseInt(ends ?? '', 36) + 3600).toString(36)}.${nonce}.${signature}`
    const others = [
      { requestId: 'r-1' },
      { requestId: later },
      { requestId: `${requestId}x` },
      { requestId: 7 },
      { toUser: ['zhangsan', 'lisi'] },
      { toUser: '@all' },
      { content: `${content}！` },
      { toParty: ['1'] },
      { title: '加上的标题' },
      { requestId: (await previewed(client, '另一条')).requestId },
    ]
    for (const other of others)
      expect(await use(client, 'send_message', { ...confirmed, ...other }), JSON.stringify(other)).toEqual({
        isError: true,
        text: expect.stringContaining(ofNone),
      })
    const another = await connect(await world.addDeveloper({ scopes: ['message:send'] }))
    expect((await use(another, 'send_message', confirmed)).text).toContain(ofNone)
    expect(await arrived(world, content)).toEqual([])
  })

  it('takes the same arguments in another order, and answers the same again with the same message', async () => {
    const client = await connect(world.dev)
    const confirmed = await previewed(client, '顺序无关')
    const turned = Object.fromEntries(Object.entries({ ...confirmed, title: '' }).reverse())
    const sent = await answer(client, 'send_message', turned)
    expect((await answer(client, 'send_message', confirmed)).msgId).toBe(sent.msgId)
    expect(await arrived(world, '顺序无关')).toHaveLength(1)
  })

  it('is good for ten minutes, and afterwards only says what was sent with it', async () => {
    const lateFor = async (confirmed: Record<string, unknown>) =>
      use(await connect(fresh(world)), 'send_message', confirmed)
    const client = await connect(world.dev)
    const used = await previewed(client, '按时确认')
    const unused = await previewed(client, '过期确认')
    const { msgId } = await answer(client, 'send_message', used)
    world.clock.offsetMs += 10 * 60_000
    expect(await lateFor(unused)).toEqual({
      isError: true,
      text: expect.stringContaining('1000 参数错误: 预览已超过 10 分钟，什么都没有发送'),
    })
    expect(JSON.parse((await lateFor(used)).text).msgId).toBe(msgId)
    expect(await arrived(world, '过期确认')).toEqual([])
    expect(await arrived(world, '按时确认')).toHaveLength(1)
  })
})
