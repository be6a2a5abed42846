import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../../test/sign-in.ts'
import { sampleCards } from '../../../upstream/wecom/cards/card-samples.ts'
import { putTemplate } from '../../channels/sms/templates.ts'
import { arrived, faultSend, fresh, sendText, useAgents, useSms } from '../messages.fixture.ts'
import { countUnopenedOf, type MyMessage } from './my-messages.ts'

describe('my messages', () => {
  let world: World
  let me: SignedInClient
  let other: string

  beforeAll(async () => {
    world = await startWorld({ members: 12 })
    await useAgents(world)
    await world.control('limits', { perMemberMinute: null, perMemberHour: null })
    me = await signIn(world, { userId: 'zhangsan' })
    const members = [...world.ctx.mirrors.of(world.corpId).members.all()]
    other = members.find(member => member.userId !== 'zhangsan' && member.status === 1)!.userId
  })
  afterAll(() => world.close())

  const page = async (query = {}) =>
    (await me.get('/web/portal/messages', query)).body as { list: MyMessage[]; next: string }
  const texts = async (query = {}) => (await page(query)).list.map(one => one.text)
  const unread = async () => (await me.get('/web/portal/unread')).body.unread as number

  it('shows what was sent to me, to me among others and to all, newest first', async () => {
    await sendText(world, '给我')
    await sendText(world, '给我们', { toUser: `zhangsan|${other}` })
    await sendText(world, '给别人', { toUser: other })
    await sendText(world, '给大家', { toUser: '@all' })
    await sendText(world, '在链接里', { title: '通知', url: 'https://app.example.com/a?b=1' })
    const { list, next } = await page()
    expect(list.map(one => one.text)).toEqual(['在链接里', '给大家', '给我们', '给我'])
    expect(next).toBe('')
    expect(list[0]).toMatchObject({
      title: '通知',
      url: 'https://app.example.com/a?b=1',
      button: '',
      channel: 'wecom',
      sender: '审批',
      state: 'arrived',
      isUnread: true,
    })
  })

  it('counts what was not opened behind hundreds that were', async () => {
    const { ctx, corpId } = world
    const { id: memberId } = ctx.mirrors.of(corpId).members.byKey('zhangsan')!
    const marked = 'counted-'
    const at = new Date(ctx.now() - 86_400_000)
    await sql`insert into message (id, corp_id, dev_id, channel, agent_name, content, truncated, receivers, answer, created_at)
      select ${marked} || n, ${corpId}, 'd', 'wecom', '', '', '{}', 1, '{}', ${at} from generate_series(1, 450) n`.execute(
      ctx.db,
    )
    await sql`insert into message_part (message_id, corp_id, channel, n, user_ids, member_ids, state, next_attempt_at, finished_at)
      select id, corp_id, channel, 1, '{zhangsan}', array[${memberId}::bigint], 'sent', ${at}::timestamptz,
        ${at}::timestamptz + make_interval(secs => substr(id, 9)::int) from message where id like ${`${marked}%`}`.execute(
      ctx.db,
    )
    await sql`update migration set applied_at = ${new Date(at.getTime() - 1000)} where name = '0143-message-marks.sql'`.execute(
      ctx.db,
    )
    await sql`insert into message_mark (corp_id, message_id, member_id, read_at)
      select corp_id, id, ${memberId}, ${at}::timestamptz from message where id like ${`${marked}%`} and substr(id, 9)::int > 3`.execute(
      ctx.db,
    )
    const counted = (devId: string | undefined, atMost: number) =>
      countUnopenedOf(ctx, { corpId, memberId }, devId, atMost)
    expect([await counted('d', 100), await counted('d', 2), await counted('other', 100)]).toEqual([3, 2, 0])
    await sql`delete from message where id like ${`${marked}%`}`.execute(ctx.db)
  })

  it('carries what the sender wrote on the link', async () => {
    const link = { title: '报销', url: 'https://app.example.com/c' }
    const sent = [
      { msgType: '01', btntxt: '去审批' },
      { msgType: '03', btntxt: '现在处理' },
      { msgType: '01' },
    ]
    for (const [n, one] of sent.entries()) await sendText(world, `第 ${n} 条`, { ...link, ...one })
    expect((await page({ pageSize: 3 })).list.map(one => one.button)).toEqual(['', '现在处理', '去审批'])
    await sql`delete from message where id in (select id from message order by created_at desc limit 3)`.execute(
      world.ctx.db,
    )
  })

  it('shows news with its picture and its link', async () => {
    const news = { url: 'https://app.example.com/n', picUrl: 'https://app.example.com/n.png', title: '年会' }
    const { msgId } = await sendText(world, '周五下午', { msgType: '02', ...news })
    const shown = await arrived(world, '周五下午')
    expect(shown).toMatchObject([{ msgtype: 'news', to: ['zhangsan'] }])
    expect(shown[0]?.content).toMatchObject({
      articles: [
        {
          title: expect.stringContaining('年会'),
          description: '周五下午',
          url: news.url,
          picurl: news.picUrl,
        },
      ],
    })
    expect((await page({ pageSize: 1 })).list[0]).toMatchObject({
      id: msgId,
      text: '周五下午',
      url: news.url,
      picUrl: news.picUrl,
      title: expect.stringContaining('年会'),
    })
    await sql`delete from message where id = ${msgId}`.execute(world.ctx.db)
  })

  it('shows a card as it was sent, and other messages without one', async () => {
    const card = sampleCards.news_notice
    const { msgId } = await sendText(world, '卡片', { msgType: '04', card, agentName: '企业文化' })
    const [first, second] = (await page({ pageSize: 2 })).list
    expect(first).toMatchObject({ id: msgId, card, title: card.main_title.title, url: card.card_action.url })
    expect(second?.card).toBeNull()
    await sql`delete from message where id = ${msgId}`.execute(world.ctx.db)
  })

  it('goes through pages without losing what arrived at the same moment', async () => {
    await sql`update message_part set finished_at = ${new Date(world.ctx.now())}`.execute(world.ctx.db)
    const seen: string[] = []
    for (let after = ''; ; ) {
      const { list, next } = await page({ pageSize: 1, ...(after ? { after } : {}) })
      seen.push(...list.map(one => one.text))
      if (!next) break
      after = next
    }
    expect(seen).toHaveLength(4)
    expect(new Set(seen).size).toBe(4)
    expect((await me.get('/web/portal/messages', { after: 'x' })).retCode).toBe('1000')
  })

  it('counts the unread ones, until they are read', async () => {
    expect(await unread()).toBe(4)
    const { list } = await page()
    await me.post('/web/portal/messages/read', { upTo: list[0]!.at })
    expect(await unread()).toBe(0)
    expect((await page()).list.every(one => !one.isUnread)).toBe(true)
    world.clock.offsetMs += 120_000
    await sendText(world, '新的')
    expect(await unread()).toBe(1)
    await me.post('/web/portal/messages/read', { upTo: '2000-01-01T00:00:00Z' })
    expect(await unread()).toBe(1)
  })

  it('shows nothing of a recalled one, and says which did not arrive', async () => {
    const { msgId } = await sendText(world, '说错了')
    await fresh(world).post('/api/message/recall', { msgId })
    expect((await page()).list[0]).toMatchObject({ id: msgId, state: 'recalled', text: '', title: '' })
    await faultSend(world, 'code:81013')
    await sendText(world, '没送到')
    expect((await page()).list[0]).toMatchObject({ text: '没送到', state: 'lost' })
  })

  it('shows a long text once, an SMS with its variables, and to newcomers nothing that was sent to everybody before', async () => {
    await sendText(world, '长'.repeat(1500))
    expect((await texts())[0]).toBe('长'.repeat(1000))
    expect((await texts())[1]).toBe('没送到')
    await useSms(world, 'aliyun')
    const [template] = world.sandbox.sms.aliyun.templates
    const text = '验证码$' + '{code}，$' + '{minute}分钟内有效'
    await putTemplate(world.ctx, 'test', world.corpId, {
      id: 'code',
      vendorId: template!.code,
      signName: '',
      text,
      params: ['code', 'minute'],
    })
    const sms = { toUser: 'zhangsan', templateId: 'code', params: ['1234', '5'], agentName: '审批' }
    expect((await fresh(world).post('/api/message/sms', sms)).retCode).toBe('0')
    expect((await page()).list[0]).toMatchObject({ channel: 'sms', text: '验证码1234，5分钟内有效' })
    await sql`update member set created_at = now() + interval '1 day' where user_id = 'zhangsan'`.execute(
      world.ctx.db,
    )
    expect(await texts()).not.toContain('给大家')
    expect(await texts()).toContain('给我们')
  })

  it('is read by its indexes', async () => {
    // In one transaction, which a pooler gives one connection.
    const plan = await world.ctx.db.transaction().execute(async tx => {
      await sql`set local enable_seqscan = off`.execute(tx)
      const { rows } = await sql`explain select 1 from message_part p
        where p.corp_id = 'x' and cardinality(p.member_ids) = 1 and p.chunk = 0 and p.state in ('sent', 'failed', 'unknown')
        and p.member_ids[1] = 1 order by p.finished_at desc, p.id desc limit 20`.execute(tx)
      return JSON.stringify(rows)
    })
    expect(plan).toContain('message_part_of_one')
    expect(plan).not.toContain('Sort')
  })
})
