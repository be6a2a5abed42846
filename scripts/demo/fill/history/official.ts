import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account } from '../../../../server/features/official/accounts/accounts.ts'
import { draftsOf, saveDraft } from '../../../../server/features/official/drafts/drafts.ts'
import { remarkFollower } from '../../../../server/features/official/followers/people.ts'
import { requestPull } from '../../../../server/features/official/followers/pull/pull.ts'
import { findPull } from '../../../../server/features/official/followers/pull/store.ts'
import { makeQrCode } from '../../../../server/features/official/followers/qr-codes/qr-codes.ts'
import { link } from '../../../../server/features/official/links/links.ts'
import { createMass } from '../../../../server/features/official/mass/mass.ts'
import type { Menu } from '../../../../server/features/official/menus/menu.ts'
import { menuOf, publishMenu, saveMenu } from '../../../../server/features/official/menus/menus.ts'
import type { NewRule } from '../../../../server/features/official/replies/account-rules.ts'
import { addRules } from '../../../../server/features/official/replies/edit.ts'
import { closeConversation } from '../../../../server/features/official/talk/conversations.ts'
import { saveQuickReply } from '../../../../server/features/official/talk/quick-replies.ts'
import { setMapping } from '../../../../server/features/official/templates/mapping.ts'
import { findMapping } from '../../../../server/features/official/templates/store.ts'
import { addToAccount, keywordsOf } from '../../../../server/features/official/templates/templates.ts'
import { memberOf } from '../../../../server/organisation/people/administrators.ts'
import { storeFile } from '../../../../server/platform/files/files.ts'
import { actor, dayMs, daysBack, type HistoryFill, personOf, until, visitorOf } from './part.ts'
import { areRead, hasFollowersSince, isThere, moveConversation, moveFollower, saidBy } from './past-store.ts'

/** What a follower does, and what is answered; `days` ago. */
type DemoConversation = {
  name: string
  days: number
  said: Record<string, unknown>[]
  answer?: string
  thanks?: string
}

const text = (content: string) => ({ act: 'text', content })
const talks: readonly DemoConversation[] = [
  {
    name: '采购部 小周',
    days: 9,
    said: [text('请问周末食堂开门吗？')],
    answer: '周六 7:00 至 13:00 开放，周日休息。',
    thanks: '好的，谢谢',
  },
  {
    name: '新员工 陈晨',
    days: 5,
    said: [text('新员工报到要带哪些材料？')],
    answer: '身份证、学历证书原件和一寸照片两张，报到地点在一楼人事服务台。',
  },
  {
    name: '访客 林女士',
    days: 2,
    said: [{ act: 'location', label: '杭州市西湖区文三路 100 号' }, text('到了这里从哪个门进？')],
    answer: '请从东门进，在前台登记后乘电梯到三楼。',
  },
  { name: '研发部 老吴', days: 1, said: [{ act: 'click', key: 'HOURS' }, text('节假日呢？')] },
  { name: '3 栋 小郑', days: 0, said: [{ act: 'image' }, text('宿舍门锁坏了，麻烦派人看一下')] },
  { name: '市场部 孙蕾', days: 0, said: [{ act: 'voice', recognition: '我想问一下停车月卡怎么办理' }] },
]

const welcome = '欢迎关注！回复「上班时间」「报修」试试，或点下面的菜单。'
const hours = '服务时间：工作日 8:30 至 17:30。'
const rule = (given: Partial<NewRule> & Pick<NewRule, 'name' | 'kind' | 'contents'>): NewRule => ({
  match: 'exact',
  words: [],
  pick: 'all',
  flowId: null,
  priority: 100,
  hours: null,
  enabled: true,
  ...given,
})
const rules: readonly NewRule[] = [
  rule({ name: '欢迎语', kind: 'subscribe', contents: [{ type: 'text', content: welcome }] }),
  rule({
    name: '服务时间',
    kind: 'keyword',
    match: 'contains',
    words: ['上班时间', '几点'],
    contents: [{ type: 'text', content: hours }],
  }),
  rule({
    name: '菜单：服务时间',
    kind: 'menu',
    words: ['HOURS'],
    contents: [{ type: 'text', content: hours }],
  }),
  rule({
    name: '转人工',
    kind: 'keyword',
    match: 'contains',
    words: ['人工', '报修'],
    contents: [{ type: 'text', content: '已转给值班同事，请稍候。' }, { type: 'person' }],
  }),
]
const quickReplies = [
  { shortcut: 'ts', content: '您好，问题已转给相关部门，处理后会在这里答复您。' },
  { shortcut: 'dh', content: '急事请拨打服务热线 0571-12345678（工作日 8:30 至 17:30）。' },
]
const menu: Menu = {
  buttons: [
    { name: '服务时间', type: 'click', key: 'HOURS' },
    {
      name: '办事',
      sub: [
        { name: '停车月卡', type: 'view', url: 'https://oa.example.com/parking' },
        { name: '访客登记', type: 'view', url: 'https://oa.example.com/visitor' },
      ],
    },
    { name: '人工服务', type: 'click', key: 'PERSON' },
  ],
  personalised: [],
}

/** The first account, a 服务号, as it looks when it is in use; a mass message of each account. */
export async function fillOfficial(filling: HistoryFill): Promise<void> {
  const { ctx, demo } = filling
  const [service, subscription] = (demo.official ?? []).map(one => ctx.accounts.find(one.originalId))
  if (!service) return
  const openids = await followersOf(filling, service)
  await setUp(filling, service)
  await pullFollowers(filling, service)
  await linkPeople(filling, service, openids)
  await useTemplate(filling, service)
  await writeDraft(filling, service)
  await talk(filling, service, openids.slice(2))
  await comeAndGo(filling, service)
  await sendMasses(filling, service, subscription)
}

async function followersOf({ demo }: HistoryFill, { originalId }: Account): Promise<string[]> {
  const query = new URLSearchParams({ originalId, limit: '20' })
  const response = await fetch(`${demo.sandboxUrl}/_sandbox/official/followers?${query}`)
  const { followers } = (await response.json()) as { followers: { openid: string; subscribed?: boolean }[] }
  return followers.filter(one => one.subscribed !== false).map(one => one.openid)
}

/** WeChat is asked for the followers, as after binding. */
async function pullFollowers({ ctx }: HistoryFill, account: Account): Promise<void> {
  if ((await findPull(ctx.db, account))?.state !== 'done') await requestPull(ctx, actor, account)
  await until('the followers', async () => (await findPull(ctx.db, account))?.state === 'done')
}

async function setUp({ ctx, corpId }: HistoryFill, account: Account): Promise<void> {
  if (!(await isThere(ctx.db, 'official_rule', corpId))) await addRules(ctx, { actor, account }, rules)
  if (!(await isThere(ctx.db, 'official_quick_reply', corpId)))
    for (const one of quickReplies) await saveQuickReply(ctx, actor, account, one)
  const { n } = await menuOf(ctx, account)
  if (n > 0) return
  await saveMenu(ctx, actor, account, menu, n)
  await publishMenu(ctx, actor, account)
  await makeQrCode(ctx, actor, account, { scene: 'lobby', name: '一楼大厅展架', seconds: undefined })
}

/** 张三 and 李四 are followers too. What their own WeChat would confirm is entered by the function that confirms it. */
async function linkPeople(filling: HistoryFill, account: Account, openids: readonly string[]): Promise<void> {
  const { ctx, corpId } = filling
  for (const [n, openid] of openids.slice(0, 2).entries()) {
    const { userId } = personOf(filling, n)
    const { id, name } = memberOf(ctx, corpId, userId)
    const person = { openid, unionid: null, nickname: name, avatar: '' }
    await ctx.db.transaction().execute(tx => link(tx, ctx, account, person, { id, actor: userId }))
  }
}

const libraryId = '47123'

const cover = join(import.meta.dirname, '../../../../sandbox/sample-app/icons/notice.png')

/** An article that somebody has begun. */
async function writeDraft({ ctx, corpId }: HistoryFill, account: Account): Promise<void> {
  if ((await draftsOf(ctx, account, { offset: 0, limit: 1 })).total > 0) return
  const { hash: coverHash } = await storeFile(ctx, corpId, 'image', await readFile(cover))
  const article = {
    title: '食堂秋冬菜单上新',
    author: '后勤服务',
    digest: '下周一起，一楼食堂供应十道新菜。',
    content:
      '<p>下周一起，一楼食堂供应十道新菜，早餐延长到 9:30。</p><p>欢迎在服务号里留言，说说您想吃什么。</p>',
    sourceUrl: '',
    coverMediaId: '',
    coverHash,
    hasComments: true,
    fansOnly: false,
  }
  await saveDraft(ctx, actor, account, [article])
}

/** The message centre sends by the template 会议通知. */
async function useTemplate({ ctx }: HistoryFill, account: Account): Promise<void> {
  if (await findMapping(ctx.db, account)) return
  const keywords = (await keywordsOf(account, libraryId)).slice(0, 3)
  const templateId = await addToAccount(ctx, actor, account, {
    kind: 'template',
    libraryId,
    keywords,
    scene: '',
  })
  await setMapping(ctx, actor, account, templateId, [
    { field: 'thing1', from: 'title' },
    { field: 'time2', from: 'sentAt' },
    { field: 'thing3', from: 'content' },
  ])
}

async function talk(filling: HistoryFill, account: Account, openids: readonly string[]): Promise<void> {
  for (const [n, one] of talks.entries()) {
    const openid = openids[n]
    if (openid !== undefined) await talkWith(filling, { account, openid, requestId: `demo-answer-${n}` }, one)
  }
}

async function talkWith(
  filling: HistoryFill,
  { account, openid, requestId }: { account: Account; openid: string; requestId: string },
  { name, days, said, answer, thanks }: DemoConversation,
): Promise<void> {
  const { ctx, corpId, call, sandbox } = filling
  const { originalId } = account
  const of = { corpId, originalId, openid }
  if ((await saidBy(ctx.db, of)) > 0) return
  const say = async (acts: readonly Record<string, unknown>[]) => {
    const before = await saidBy(ctx.db, of)
    for (const act of acts) await sandbox('official/act', { originalId, openid, wait: true, ...act })
    // WeChat's push is answered before it is worked on.
    await until('what a follower says', async () => (await saidBy(ctx.db, of)) >= before + acts.length)
  }
  await say(said)
  if (answer !== undefined)
    await call('/api/official/message/send', { originalId, openid, type: 'text', content: answer, requestId })
  await remarkFollower(ctx, actor, account, openid, name)
  if (thanks !== undefined) {
    await say([text(thanks)])
    await closeConversation(ctx, visitorOf(filling, personOf(filling, 0).userId), account, openid)
  }
  if (days > 0) await ctx.db.transaction().execute(tx => moveConversation(tx, of, days))
}

/** How many days ago somebody followed, and some of them left again. */
const newcomers: readonly { came: number; left?: number }[] = [
  ...[25, 22, 21, 17, 14, 13, 10, 7, 6, 4, 3, 1].map(came => ({ came })),
  ...[19, 11].map(came => ({ came, left: came - 6 })),
]

async function comeAndGo({ ctx, corpId, sandbox }: HistoryFill, { originalId }: Account): Promise<void> {
  const since = new Date(ctx.now() - daysBack * dayMs)
  if (await hasFollowersSince(ctx.db, corpId, since)) return
  const act = async (openid: string | undefined, name: string) =>
    String((await sandbox('official/act', { originalId, openid, act: name, wait: true }))['openid'])
  const followers: { openid: string; came: number; left?: number }[] = []
  for (const one of newcomers) followers.push({ ...one, openid: await act(undefined, 'subscribe') })
  // WeChat is asked about them afterwards, which tells anew since when they follow.
  await until('what WeChat knows of followers', () =>
    areRead(
      ctx.db,
      corpId,
      followers.map(one => one.openid),
    ),
  )
  for (const { openid, came, left = 0 } of followers) {
    const of = { corpId, originalId, openid }
    await moveFollower(ctx.db, of, came - left)
    if (left === 0) continue
    const before = await saidBy(ctx.db, of)
    await act(openid, 'unsubscribe')
    await until('the end of a follower', async () => (await saidBy(ctx.db, of)) > before)
    await moveFollower(ctx.db, of, left)
  }
}

async function sendMasses(
  { ctx }: HistoryFill,
  service: Account,
  subscription: Account | undefined,
): Promise<void> {
  const mass = (account: Account, requestId: string, content: string, sendAt?: Date) =>
    createMass(ctx, actor, account, {
      audience: { to: 'all' },
      content: { type: 'text', text: content },
      requestId,
      ...(sendAt && { sendAt }),
    })
  await mass(service, 'demo-sent', '本周六 8:00 至 12:00 系统升级，期间工作台和公众号服务可能短暂中断。')
  if (subscription)
    await mass(
      subscription,
      'demo-due',
      '下周一起执行冬季作息：上午 8:30 至 12:00，下午 13:00 至 17:00。',
      new Date(ctx.now() + 2 * dayMs),
    )
}
