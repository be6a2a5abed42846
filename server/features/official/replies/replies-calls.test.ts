import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../../../sandbox/avatar.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { storeFile } from '../../../platform/files/files.ts'
import type { Account } from '../accounts/accounts.ts'
import { grantAccount } from '../accounts/bind.ts'
import type { NewFlow } from './account-rules.ts'
import { newRule, say } from './replies.fixture.ts'

let world: World
let account: Account
let admin: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 8, departments: 2 })
  account = await world.bindOfficial()
  admin = await signInAs(world, 'super')
})
afterAll(() => world.close())

const path = '/web/official/replies'
const given = (more: object = {}) => ({ originalId: account.originalId, ...more })
const act = async (what: string, more: object, as = admin) => {
  const { retCode, retMessage, body } = await as.post(`${path}/${what}`, given(more))
  return retCode === '0' ? body : retMessage
}
const list = async (query: Record<string, string> = {}) =>
  (await admin.get(`${path}/rules`, { originalId: account.originalId, ...query })).body
const follower = async () =>
  (
    (await world.control(`official/followers?originalId=${account.originalId}`))['followers'] as {
      openid: string
    }[]
  )[0]?.openid as string
const flow: NewFlow = {
  name: '预约',
  minutes: 10,
  timeoutText: '',
  enabled: true,
  steps: [
    {
      id: 'day',
      contents: say('哪一天？'),
      next: {
        type: 'wait',
        branches: [{ match: 'contains', words: ['周一'], to: 'end' }],
        otherwise: 'again',
      },
    },
  ],
}

describe('rules of an account', () => {
  it('are saved, live at once, shown in order with their conflicts, changed and removed', async () => {
    const { id } = await act('rules/save', {
      rule: newRule({ words: ['地址'], contents: say('科技路 1 号') }),
    })
    const other = newRule({ name: '二', words: ['地址'], contents: say('x'), priority: 50 })
    const { id: second } = await act('rules/save', { rule: other })
    const asked = {
      originalId: account.originalId,
      openid: await follower(),
      act: 'text',
      content: '地址',
      wait: true,
    }
    expect(await world.control('official/act', asked)).toMatchObject({
      pushed: 'answered',
      reply: { type: 'text', content: { content: '科技路 1 号' } },
    })
    const { list: rows, total, conflicts } = await list()
    expect([total, conflicts]).toEqual([2, 1])
    expect(rows[1]).toMatchObject({ id: second, conflicts: ['关键词“地址”与“地址”相同，由后者回复'] })
    const version = rows[0].version
    const changed = newRule({ words: ['地址', '在哪'], contents: say('科技路 2 号') })
    expect(await act('rules/save', { id, version, rule: changed })).toEqual({ id })
    expect(await act('rules/save', { id, version, rule: changed })).toContain('已被他人修改')
    expect((await list({ search: '在哪' })).list).toHaveLength(1)
    expect((await list({ kind: 'default' })).total).toBe(0)
    expect(await act('rules/remove', { id: second })).toEqual({ id: second })
    expect(await act('rules/remove', { id: second })).toContain(`没有规则 ${second}`)
    const acts = await world.ctx.db
      .selectFrom('audit')
      .select(['act', 'target'])
      .where('act', 'like', 'official.rule%')
      .execute()
    expect(acts.map(one => one.act)).toEqual([
      'official.rule.add',
      'official.rule.add',
      'official.rule.set',
      'official.rule.remove',
    ])
    expect(acts.every(one => one.target === account.originalId)).toBe(true)
  })

  it.each<[string, object, string]>([
    ['a kind that does not exist', newRule({ kind: 'fax' as 'menu' }), 'rule.kind'],
    ['a flow that does not exist', newRule({ words: ['x'], flowId: 77, contents: say('x') }), '没有流程 77'],
    [
      'an expression that is not one',
      newRule({ words: ['('], match: 'regex', contents: say('x') }),
      '正则表达式无效',
    ],
    ['a text of 2,049 bytes', newRule({ words: ['x'], contents: say('x'.repeat(2049)) }), '2048 字节'],
    ['half a surrogate pair', newRule({ words: ['x'], contents: say('\ud83d') }), '代理字符'],
  ])('refuse %s', async (_what, rule, why) => {
    const { total } = await list()
    expect(await act('rules/save', { rule })).toContain(why)
    expect((await list()).total).toBe(total)
  })

  it('have 50 regular expressions at most', async () => {
    const words = Array.from({ length: 50 }, (_, n) => `^x${n}`)
    const { id } = await act('rules/save', { rule: newRule({ match: 'regex', words, contents: say('x') }) })
    const one = newRule({ match: 'regex', words: ['^y'], contents: say('x') })
    expect(await act('rules/save', { rule: one })).toContain('最多 50 个正则表达式')
    const branches = [{ match: 'regex', words: ['^y'], to: 'end' }]
    const asks = { ...flow.steps[0], next: { type: 'wait', branches, otherwise: 'again' } }
    const inFlow = { ...flow, name: '正则', steps: [asks] }
    expect(await act('flows/save', { flow: inFlow })).toContain('最多 50 个正则表达式，现在会有 51 个')
    await act('rules/remove', { id })
    const { id: flowId } = await act('flows/save', { flow: inFlow })
    expect(await act('rules/save', { rule: { ...one, words } })).toContain('现在会有 51 个')
    await act('flows/remove', { id: flowId })
  })

  it('are for administrators to whom the account was given', async () => {
    const graded = await signInAs(world, 'graded', 'wangwu', [{ departmentId: 1, manage: true }])
    const ask = () => graded.get(`${path}/rules`, { originalId: account.originalId })
    expect((await ask()).status).toBe(403)
    await grantAccount(world.ctx, 'test', world.corpId, account.originalId, ['wangwu'])
    expect((await ask()).retCode).toBe('0')
    expect(await act('rules/save', { originalId: 'gh_another', rule: newRule({}) }, graded)).toContain(
      '没有公众号',
    )
  })
})

describe('the simulator', () => {
  it('says which rule answers, why the others do not, and goes through a flow', async () => {
    const { id: flowId } = await act('flows/save', { flow })
    await act('rules/save', { rule: newRule({ words: ['预约'], flowId }) })
    await act('rules/save', {
      rule: newRule({ kind: 'subscribe', contents: [...say('欢迎'), { type: 'person' }] }),
    })
    const say1 = await act('simulate', { event: { kind: 'message', text: '预约' } })
    expect(say1).toMatchObject({
      by: '预约',
      contents: say('哪一天？'),
      place: { flowId, stepId: 'day', taken: 1 },
    })
    const { place } = say1
    const again = await act('simulate', { event: { kind: 'message', text: '不知道' }, place })
    expect(again).toMatchObject({ by: '预约', flow: '预约', place: { taken: 2 } })
    expect(await act('simulate', { event: { kind: 'message', text: '周一' }, place })).toMatchObject({
      place: null,
    })
    const late = new Date(Date.now() + 3_600_000).toISOString()
    expect(
      await act('simulate', { event: { kind: 'message', text: '周一' }, place, at: late }),
    ).toMatchObject({ by: '', place: null })
    const subscribed = await act('simulate', { event: { kind: 'subscribe' } })
    expect(subscribed).toMatchObject({ by: 'subscribe', person: true })
    expect(subscribed.rules.filter((one: { answers: boolean }) => one.answers)).toHaveLength(1)
    expect(subscribed.rules.every((one: { why: string }) => one.why !== '')).toBe(true)
    const silent = await act('simulate', { event: { kind: 'silence' }, place })
    expect(silent).toMatchObject({ by: '', contents: [], timeout: '', place: null })
    expect(await world.ctx.db.selectFrom('official_flow_state').selectAll().execute()).toEqual([])
  })

  it('shows flows with the rules that begin them, and keeps those', async () => {
    const { body } = await admin.get(`${path}/flows`, { originalId: account.originalId })
    expect(body.list).toMatchObject([{ name: '预约', begunBy: ['预约'] }])
    const [{ id, version }] = body.list
    expect(await act('flows/remove', { id })).toContain('规则“预约”会进入这个流程')
    const round = { ...flow, steps: [{ ...flow.steps[0], next: { type: 'go', to: 'day' } }] }
    expect(await act('flows/save', { id, version, flow: round })).toContain('循环')
    expect(await act('flows/save', { id, version, flow: { ...flow, minutes: 20 } })).toEqual({ id })
  })
})

/** As docs/upstream/official-followers.md#replies-of-the-website tells of it. */
const site = {
  is_add_friend_reply_open: 1,
  is_autoreply_open: 1,
  add_friend_autoreply_info: { type: 'text', content: '欢迎关注' },
  message_default_autoreply_info: { type: 'text', content: '已收到您的消息' },
  keyword_autoreply_info: {
    list: [
      {
        rule_name: '帮助',
        create_time: 1714112445,
        reply_mode: 'reply_all',
        keyword_list_info: [
          { type: 'text', match_mode: 'equal', content: '帮助' },
          { type: 'text', match_mode: 'contain', content: '怎么用' },
        ],
        reply_list_info: [{ type: 'text', content: '回复“地址”试试' }],
      },
      {
        rule_name: '活动',
        create_time: 1714112500,
        reply_mode: 'random_one',
        keyword_list_info: [{ type: 'text', match_mode: 'contain', content: '活动' }],
        reply_list_info: [
          { type: 'text', content: '本周没有活动' },
          {
            type: 'news',
            news_info: {
              list: [
                {
                  title: '春季开放日',
                  author: '微科技',
                  digest: '欢迎来访',
                  show_cover: 1,
                  cover_url: 'https://mmbiz.qpic.cn/spring/0',
                  content_url: 'https://mp.weixin.qq.com/s?__biz=spring',
                  source_url: '',
                },
              ],
            },
          },
        ],
      },
      {
        rule_name: '宣传片',
        create_time: 1714112600,
        reply_mode: 'reply_all',
        keyword_list_info: [{ type: 'text', match_mode: 'equal', content: '宣传片' }],
        reply_list_info: [{ type: 'video', content: 'video_media_id' }],
      },
    ],
  },
}

describe('what was set up on the site of WeChat', () => {
  const setUp = (autoReply: object) =>
    world.control('official/settings', { originalId: account.originalId, autoReply })

  it('is shown with what cannot be taken over, and taken over once', async () => {
    await setUp(site)
    const preview = async () =>
      (await admin.get(`${path}/import`, { originalId: account.originalId })).body.list
    expect(await preview()).toMatchObject([
      { name: '被关注回复', kind: 'subscribe', why: '已有相同的规则“subscribe”' },
      { name: '收到消息回复', kind: 'default', why: '' },
      { name: '帮助（全匹配）', words: ['帮助'], why: '', notes: ['全匹配与半匹配的关键词分成两条规则'] },
      { name: '帮助（半匹配）', words: ['怎么用'], why: '' },
      { name: '活动', contents: [{ type: 'text' }, { type: 'news', title: '春季开放日' }], why: '' },
      { name: '宣传片', kind: '', why: '不支持的回复类型 video，不能导入' },
    ])
    expect(await act('import/apply', {})).toEqual({ added: 4 })
    expect(await act('import/apply', {})).toEqual({ added: 0 })
    expect(await act('simulate', { event: { kind: 'message', text: '这个怎么用呀' } })).toMatchObject({
      by: '帮助（半匹配）',
    })
  })

  it.each<[string, object, string]>([
    [
      'switched off',
      { is_autoreply_open: 0, message_default_autoreply_info: { type: 'text', content: 'x' } },
      '已关闭',
    ],
    [
      'of several articles',
      {
        message_default_autoreply_info: {
          type: 'news',
          news_info: { list: [{ title: 'a', content_url: 'https://a.example' }, { title: 'b' }] },
        },
      },
      '有 2 篇',
    ],
    ['of no article', { message_default_autoreply_info: { type: 'news', news_info: {} } }, '没有文章'],
    [
      'too long',
      { message_default_autoreply_info: { type: 'text', content: '长'.repeat(1000) } },
      '2048 字节',
    ],
  ])('tells of a reply that is %s', async (_what, autoReply, told) => {
    await setUp(autoReply)
    const { body } = await admin.get(`${path}/import`, { originalId: account.originalId })
    expect(JSON.stringify(body.list)).toContain(told)
  })

  it('in a shape that nobody knows is a failure of WeChat', async () => {
    const autoReply = { keyword_autoreply_info: { list: 'x' } }
    await setUp(autoReply)
    const answer = await admin.get(`${path}/import`, { originalId: account.originalId })
    expect(answer.retMessage).toContain('微信没有返回（json）')
    await setUp({})
    await world.control('faults', {
      match: 'official/cgi-bin/get_current_autoreply_info',
      mode: 'code:48001',
    })
    const refused = await admin.get(`${path}/import`, { originalId: account.originalId })
    expect(refused.retMessage).toMatch(/微信 48001 .*rid/)
    await world.control('faults', undefined, 'DELETE')
  })
})

it('a picture of a rule that was uploaded here is shown in the simulator', async () => {
  const { hash } = await storeFile(world.ctx, world.corpId, 'image', avatarPng(5, 40))
  const kept = await admin.post('/web/official/media/keep', given({ hash, kind: 'image' }))
  const { mediaId } = kept.body
  await act('rules/save', { rule: newRule({ words: ['看图'], contents: [{ type: 'image', mediaId }] }) })
  expect(await act('simulate', { event: { kind: 'message', text: '看图' } })).toMatchObject({
    contents: [{ type: 'image', mediaId }],
    files: [{ mediaId, hash }],
  })
})

describe('rules on the command line', () => {
  const wisp = (...words: string[]) => runCommand(world.ctx, words)

  it('are added, listed and removed', async () => {
    const { data } = await wisp(
      'official',
      'rule',
      'add',
      '--account',
      account.originalId,
      '--type',
      'keyword',
      '--match',
      'contains',
      '--keywords',
      '退款,退货',
      '--reply-text',
      '七天内可退',
      '--person',
    )
    const { id } = data as { id: number }
    expect((await list({ search: '退货' })).list).toMatchObject([
      { id, name: '退款', words: ['退款', '退货'], contents: [...say('七天内可退'), { type: 'person' }] },
    ])
    expect(await act('simulate', { event: { kind: 'message', text: '想退货' } })).toMatchObject({
      by: '退款',
    })
    const listed = await wisp('official', 'rule', 'list', '--account', account.originalId)
    expect(listed.text).toContain('退款、退货')
    await wisp('official', 'rule', 'remove', String(id), '--account', account.originalId)
    expect((await list({ search: '退货' })).total).toBe(0)
    await expect(wisp('official', 'rule', 'list', '--account', 'gh_nobody')).rejects.toThrow(
      '没有公众号 gh_nobody',
    )
    await expect(
      wisp('official', 'rule', 'add', '--account', account.originalId, '--keywords', 'x'),
    ).rejects.toThrow('没有回复内容')
  })
})
