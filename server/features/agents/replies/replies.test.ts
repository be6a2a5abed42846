import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { avatarPng } from '../../../../sandbox/avatar.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { signIn } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { removeAgent } from '../../../organisation/corps/corps.ts'
import { storeFile } from '../../../platform/files/files.ts'
import { agentOwner } from '../../auto-replies/conversation-owner.ts'
import { addFlow, addRules, removeRule } from '../../auto-replies/edit.ts'
import { newRuleOf } from '../../auto-replies/rules.fixture.ts'
import { rulesOf } from '../../auto-replies/store.ts'
import { Former } from '../forward/former.fixture.ts'
import { pushTo, pushXml, textFields } from '../pushes/push.fixture.ts'
import { agentKind, type NewRule } from './agent-rules.ts'
import type { Content } from './content.ts'

let world: World
let agentId: number
let userId: string
let other: string
beforeAll(async () => {
  world = await startWorld({ members: 6 })
  agentId = await world.connectAgent()
  const active = [...world.ctx.mirrors.of(world.corpId).members.all()].filter(one => one.status === 1)
  ;[userId, other] = active.map(one => one.userId) as [string, string]
})
afterAll(() => world.close())

const by = () => ({ actor: 'test', kind: agentKind, owner: agentOwner(world.corpId, agentId) })
const add = async (...rules: Partial<NewRule>[]) =>
  addRules(
    world.ctx,
    by(),
    rules.map(rule => newRuleOf<Content>(rule)),
  )
const text = (content: string): Content => ({ type: 'text', content })
/** What somebody does on the telephone; resolves with what came back with the push. */
const act = async (what: Record<string, unknown>, userid = userId) => {
  const { reply, note } = await world.control('agents/act', { agentId, userId: userid, ...what })
  expect(note).toBe('')
  return reply as Record<string, unknown> | null
}
const say = (content: string, userid?: string) => act({ act: 'text', content }, userid)
/** What the agent has sent to somebody by itself, the latest last. */
const sent = async (userid = userId) => {
  const { messages } = await world.control(`messages?to=${userid}&channel=wecom`)
  return (
    messages as { isReply?: true; from?: string; msgtype: string; content: Record<string, unknown> }[]
  ).filter(one => !one.isReply && one.from === undefined)
}

beforeEach(async () => {
  for (const { id } of await rulesOf(world.ctx.db, by().owner)) await removeRule(world.ctx, by(), id)
  await world.ctx.db.deleteFrom('reply_greeting').execute()
})

describe('a member who writes to an agent', () => {
  it('is answered by keyword, by type or by the default, and by nothing where there is no rule', async () => {
    expect(await say('你好')).toBeNull()
    await add(
      { words: ['请假'], contents: [text('请在审批里提交')] },
      { kind: 'type', words: ['location'], contents: [text('收到位置')] },
    )
    expect(await say(' 请假 ')).toMatchObject({ MsgType: 'text', Content: '请在审批里提交' })
    expect(await act({ act: 'location' })).toMatchObject({ Content: '收到位置' })
    expect(await say('别的')).toBeNull()
    await add({ kind: 'default', contents: [text('稍后回复')] })
    expect(await say('别的')).toMatchObject({ Content: '稍后回复' })
  })

  it('is told a text with what XML would take for markup, and up to eight articles', async () => {
    const articles = Array.from({ length: 8 }, (_, n) => ({
      title: `第 ${n} 条`,
      description: '',
      picUrl: '',
      url: 'https://example.com/?a=1&b=2',
    }))
    await add(
      { words: ['xml'], contents: [text('a ]]> <b> & "c"')] },
      { words: ['图文'], contents: [{ type: 'articles', articles }] },
    )
    expect(await say('xml')).toMatchObject({ Content: 'a ]]> <b> & "c"' })
    const news = await say('图文')
    expect(news).toMatchObject({ MsgType: 'news', ArticleCount: '8' })
    expect(news?.['Articles']).toMatchObject({
      item: articles.map(one => ({ Title: one.title, Url: one.url })),
    })
  })

  it('gets what cannot go back with the push by messages of the agent, in order, once', async () => {
    const card: Content = {
      type: 'card',
      title: '打卡',
      description: '点开',
      url: 'https://a.cn/',
      button: '去',
    }
    await add({ words: ['全部'], contents: [text('一'), card, { type: 'markdown', content: '**三**' }] })
    const before = (await sent()).length
    expect(await say('全部')).toMatchObject({ Content: '一' })
    await until('both', async () => (await sent()).length === before + 2)
    expect((await sent()).slice(before)).toMatchObject([
      { msgtype: 'textcard', content: { title: '打卡', btntxt: '去' } },
      { msgtype: 'markdown', content: { content: '**三**' } },
    ])
  })

  it('gets a picture by a message at first, and with the push as long as WeCom has it', async () => {
    const { hash } = await storeFile(world.ctx, world.corpId, 'image', avatarPng(1, 40))
    await add({ words: ['地图'], contents: [{ type: 'image', hash }] })
    const before = (await sent()).length
    expect(await say('地图')).toBeNull()
    await until('the picture', async () => (await sent()).length === before + 1)
    expect((await sent()).at(-1)).toMatchObject({ msgtype: 'image' })
    expect(await say('地图')).toMatchObject({ MsgType: 'image', Image: { MediaId: expect.any(String) } })
    expect((await sent()).length).toBe(before + 1)
  })

  it('is answered the same again when a push is repeated, whatever has changed since', async () => {
    const [id] = await add({ words: ['重复'], contents: [text('第一次'), text('随后')] })
    const before = (await sent()).length
    const plain = pushXml(world, agentId, textFields('重复', '7286'), { from: userId })
    const first = await pushTo(world, agentId, plain)
    await removeRule(world.ctx, by(), id as number)
    const again = await pushTo(world, agentId, plain)
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.text).not.toBe('')
    await world.settleAgent(agentId)
    await until('what follows', async () => (await sent()).length === before + 1)
    expect((await sent()).at(-1)).toMatchObject({ content: { content: '随后' } })
  })
})

describe('a welcome', () => {
  /** WeCom's clock is the sandbox's, so that the welcomes go back instead. */
  const welcomedBefore = (days: number) =>
    world.ctx.db
      .updateTable('reply_greeting')
      .set({ greeted_at: new Date(Date.now() - days * 86_400_000) })
      .execute()

  it('is said once a day to each, however often somebody enters', async () => {
    await add({ kind: 'enter', contents: [text('早上好')] })
    expect(await act({ act: 'enter' })).toMatchObject({ Content: '早上好' })
    expect(await act({ act: 'enter' })).toBeNull()
    expect(await act({ act: 'enter' }, other)).toMatchObject({ Content: '早上好' })
    await welcomedBefore(1)
    expect(await act({ act: 'enter' })).toMatchObject({ Content: '早上好' })
    expect(await act({ act: 'enter' })).toBeNull()
  })

  it('is said each time, or once only, where the rule says so', async () => {
    const [id] = await add({ kind: 'enter', again: 'always', contents: [text('又见面了')] })
    for (let n = 0; n < 2; n++) expect(await act({ act: 'enter' })).toMatchObject({ Content: '又见面了' })
    await removeRule(world.ctx, by(), id as number)
    await add({ kind: 'enter', again: 'once', contents: [text('欢迎')] })
    expect(await act({ act: 'enter' }, other)).toMatchObject({ Content: '欢迎' })
    await welcomedBefore(300)
    expect(await act({ act: 'enter' }, other)).toBeNull()
  })
})

describe('the menu of an agent', () => {
  it('is answered by the key of the button, passively where WeCom takes that', async () => {
    await add({ kind: 'menu', words: ['help', 'photo'], contents: [text('帮助')] })
    expect(await act({ act: 'click', key: 'help' })).toMatchObject({ Content: '帮助' })
    expect(await act({ act: 'scancode_waitmsg', key: 'help' })).toMatchObject({ Content: '帮助' })
    expect(await act({ act: 'click', key: 'nothing' })).toBeNull()
    expect(await act({ act: 'view', key: 'https://example.com/' })).toBeNull()
    const before = (await sent()).length
    expect(await act({ act: 'pic_sysphoto', key: 'photo' })).toBeNull()
    await until('the answer', async () => (await sent()).length === before + 1)
  })
})

describe('a flow', () => {
  it('leads through its steps, and tells by a message when nobody answers in time', async () => {
    const flowId = await addFlow(world.ctx, by(), {
      name: '报修',
      minutes: 10,
      timeoutText: '没有等到回答',
      enabled: true,
      steps: [
        {
          id: 's1',
          contents: [text('哪里坏了？')],
          next: {
            type: 'wait',
            branches: [{ match: 'contains', words: ['灯'], to: 's2' }],
            otherwise: 'again',
          },
        },
        { id: 's2', contents: [text('已登记')], next: { type: 'end' } },
      ],
    })
    await add({ words: ['报修'], flowId })
    expect(await say('报修')).toMatchObject({ Content: '哪里坏了？' })
    expect(await say('不知道')).toMatchObject({ Content: '哪里坏了？' })
    expect(await say('灯')).toMatchObject({ Content: '已登记' })
    expect(await say('灯')).toBeNull()
    const before = (await sent()).length
    expect(await say('报修')).toMatchObject({ Content: '哪里坏了？' })
    await world.ctx.db
      .updateTable('official_flow_state')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .execute()
    await world.ctx.db
      .updateTable('queue')
      .set({ due_at: new Date(0) })
      .where('stream', '=', 'agent-flow')
      .execute()
    world.ctx.queue.kick(world.corpId)
    await until('the words', async () => (await sent()).length === before + 1, 20_000)
    expect((await sent()).at(-1)).toMatchObject({ content: { content: '没有等到回答' } })
  })
})

describe('a rule that WeCom or sense does not allow is refused', () => {
  it.each<[string, Partial<NewRule>, RegExp]>([
    ['a text of 2049 bytes', { words: ['a'], contents: [text('a'.repeat(2049))] }, /contents\[0\]\.content/],
    [
      'nine articles',
      {
        words: ['a'],
        contents: [
          {
            type: 'articles',
            articles: Array(9).fill({ title: 'a', description: '', picUrl: '', url: 'https://a.cn' }),
          },
        ],
      },
      /1 到 8 条，现有 9/,
    ],
    ['no article', { words: ['a'], contents: [{ type: 'articles', articles: [] }] }, /1 到 8 条，现有 0/],
    [
      'a script',
      {
        words: ['a'],
        contents: [{ type: 'card', title: 'a', description: 'b', url: 'javascript:1', button: '' }],
      },
      /contents\[0\]\.url 应为 http/,
    ],
    [
      'a file that nobody uploaded',
      { words: ['a'], contents: [{ type: 'voice', hash: 'a'.repeat(64) }] },
      /文件不存在/,
    ],
    ['seven contents', { words: ['a'], contents: Array(7).fill(text('a')) }, /最多 6 条，现有 7/],
    [
      'a type of message that members cannot send',
      { kind: 'type', words: ['shortvideo'], contents: [text('a')] },
      /没有消息类型 shortvideo/,
    ],
  ])('%s', async (_what, rule, why) => {
    await expect(add(rule)).rejects.toThrow(why)
  })

  it('a picture that WeCom does not take', async () => {
    const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
    const { hash } = await storeFile(world.ctx, world.corpId, 'image', gif)
    await expect(add({ words: ['a'], contents: [{ type: 'image', hash }] })).rejects.toThrow(
      /不接受 image\/gif/,
    )
  })
})

describe('beside a system that pushes are passed on to', () => {
  it('a rule that fits answers, everything else that system, and it hears of both', async () => {
    const former = new Former()
    former.answer = 'reply'
    await former.start()
    const system = await signIn(world, { admin: 'forwarding' })
    const { version } = (await system.get('/web/agents/callback', { agentId })).body.callback
    const forward = { url: former.url, token: former.token, encodingAesKey: former.key }
    await system.post('/web/agents/forward/save', { agentId, ...forward, version })
    await add(
      { words: ['规则'], contents: [text('由规则回复')] },
      { kind: 'enter', contents: [text('欢迎')] },
    )
    expect(await say('规则')).toMatchObject({ Content: '由规则回复' })
    expect(await say('别的')).toMatchObject({ Content: '旧系统的答复' })
    expect(await act({ act: 'enter' })).toMatchObject({ Content: '欢迎' })
    // Nobody is welcomed twice on one day, by whatever system.
    expect(await act({ act: 'enter' })).toBeNull()
    expect(former.heard.length).toBe(4)
    await system.post('/web/agents/forward/stop', { agentId })
    await former.close()
  })
})

it('keeps nothing of an agent that is removed', async () => {
  await add({ words: ['在吗'], contents: [text('在')] })
  await say('在吗')
  await removeAgent(world.ctx, 'test', world.corpId, agentId)
  expect(await rulesOf(world.ctx.db, by().owner)).toEqual([])
  for (const table of ['agent_send', 'official_flow', 'reply_greeting'] as const)
    expect(await world.ctx.db.selectFrom(table).selectAll().execute()).toEqual([])
})
