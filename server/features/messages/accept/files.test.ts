import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, type Caller, call, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import { switchFeatures } from '../../../organisation/corps/features/switch.ts'
import {
  arrived,
  faultSend,
  fresh,
  later,
  type ShownMail,
  shownMail,
  shownWecom,
  statusOf,
  struck,
  useAgents,
  useSmtp,
} from '../messages.fixture.ts'

const png = (text: string) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(text)])
const mp4 = (text: string) =>
  Buffer.concat([Buffer.from('00000020', 'hex'), Buffer.from('ftypisom'), Buffer.from(text)])
const hourMs = 3_600_000

describe('messages with files', () => {
  let world: World
  let other: Caller
  let receiver: SignedInClient
  let stranger: SignedInClient
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld({ members: 30 })
    await useAgents(world)
    await useSmtp(world)
    await world.control('limits', { perMemberMinute: null, perMemberHour: null })
    other = await world.addDeveloper({ name: '门禁', scopes: ['message:send'] })
    receiver = await signIn(world, { userId: 'zhangsan' })
    stranger = await signIn(world, { userId: 'lisi' })
    as = await signInAs(world, 'super')
  })
  beforeEach(() => world.control('faults', undefined, 'DELETE'))
  afterAll(() => world.close())

  async function upload(bytes: Buffer, name: string, by = fresh(world)): Promise<string> {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(bytes)]), name)
    const url = `${world.server.url}/api/message/media?devToken=${await by.token()}`
    return (await call(url, { method: 'POST', body: form })).body.mediaId
  }
  const send = (body: object, by = fresh(world)): Promise<Answer> =>
    by.post('/api/message/send', { toUser: 'zhangsan', sendType: '0', agentName: '人事', ...body })
  const ofKind = async (msgtype: string) => (await shownWecom(world)).filter(one => one.msgtype === msgtype)
  const uploads = async () =>
    (
      await sql<{ given: string }>`select given_id as given from message_media_upload order by until`.execute(
        world.ctx.db,
      )
    ).rows.map(row => row.given)
  const download = (who: SignedInClient, path: string, msgId: string, mediaId: string) =>
    fetch(`${world.server.url}${path}?msgId=${msgId}&mediaId=${mediaId}`, { headers: { cookie: who.cookie } })
  const kept = async () =>
    (await sql<{ n: number }>`select count(*)::int as n from message`.execute(world.ctx.db)).rows[0]!.n

  it('give a picture to WeCom once, for all messages and receivers', async () => {
    const mediaId = await upload(png('once'), 'a.png')
    for (const toUser of ['zhangsan', 'lisi|wangwu'])
      expect((await send({ msgType: '06', mediaId, toUser })).body.status).toBe('sent')
    expect(await uploads()).toHaveLength(1)
    const shown = await ofKind('image')
    expect(shown.map(one => [one.to, one.content])).toEqual([
      [['zhangsan'], { media_id: (await uploads())[0] }],
      [expect.arrayContaining(['lisi', 'wangwu']), { media_id: (await uploads())[0] }],
    ])
  })

  it('show them to who got the message, and to nobody else', async () => {
    const page = Buffer.from('<html><script>alert(1)</script></html>')
    const mediaId = await upload(page, '工资"表.png')
    const { msgId } = (await send({ msgType: '07', mediaId })).body
    const { list } = (await receiver.get('/web/portal/messages')).body
    expect(list[0]).toMatchObject({
      id: msgId,
      title: '工资_表.png',
      files: [{ mediaId, kind: 'file', name: '工资_表.png', size: page.length }],
    })
    const given = await download(receiver, '/web/portal/messages/file', msgId, mediaId)
    expect(Buffer.from(await given.arrayBuffer())).toEqual(page)
    expect(Object.fromEntries(given.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="____.png"; filename*=UTF-8''%E5%B7%A5%E8%B5%84_%E8%A1%A8.png`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      // It is asked for again once the message was recalled.
      'cache-control': 'no-store',
    })
    const another = await upload(png('another'), 'b.png')
    for (const [who, id] of [
      [stranger, mediaId],
      [receiver, another],
    ] as const) {
      const refused = await download(who, '/web/portal/messages/file', msgId, id)
      expect((await refused.json()) as object).toMatchObject({ retCode: '1000' })
    }
    expect((await download(as, '/web/messages/file', msgId, mediaId)).status).toBe(200)
    expect((await download(stranger, '/web/messages/file', msgId, mediaId)).status).toBe(403)
    const looked = await sql<{ detail: object }>`
      select detail from audit where act = 'message.look' and target = ${msgId}`.execute(world.ctx.db)
    expect(looked.rows).toEqual([{ detail: expect.objectContaining({ fileName: '工资_表.png' }) }])
    await fresh(world).post('/api/message/recall', { msgId })
    expect((await download(receiver, '/web/portal/messages/file', msgId, mediaId)).status).toBe(404)
  })

  it('go as videos, Markdown and mini-program notices, with nothing in front', async () => {
    const mediaId = await upload(mp4('a film'), '培训.mp4')
    await send({ msgType: '08', mediaId, title: '长'.repeat(50), content: '说明' })
    expect((await ofKind('video')).at(-1)?.content).toMatchObject({
      title: '长'.repeat(42),
      description: '说明',
    })
    const markdown = await send({
      msgType: '05',
      content: '# 通知\n**今晚**停电，见 [公告](https://a.example/x)',
    })
    expect(markdown.body.warnings).toMatchObject([
      { path: 'msgType', message: expect.stringContaining('微信') },
    ])
    expect(await arrived(world, '# 通知')).toHaveLength(1)
    const { list } = (await receiver.get('/web/portal/messages')).body
    expect(list[0]).toMatchObject({
      text: '通知\n今晚停电，见 公告',
      url: 'https://a.example/x',
      button: '公告',
    })
    const items = [{ key: '时间', value: '今晚' }]
    const notice = { msgType: '10', appid: 'wx0123456789abcdef', page: 'pages/a', title: '会议提醒', items }
    expect((await send(notice)).body.status).toBe('sent')
    expect((await ofKind('miniprogram_notice')).at(-1)?.content).toEqual({
      appid: notice.appid,
      page: notice.page,
      title: notice.title,
      content_item: items,
    })
    // WeCom does not take them to @all, so that each person is named.
    const toAll = (await send({ ...notice, title: '全员会议', toUser: '@all' })).body
    await world.ctx.dispatcher.drain()
    expect((await statusOf(world, toAll.msgId)).receivers.total).toBeGreaterThan(10)
    expect((await ofKind('miniprogram_notice')).at(-1)?.to.length).toBeGreaterThan(10)
  })

  it('are refused with what is wrong, and nothing is stored', async () => {
    const [picture, film, others] = [
      await upload(png('refused'), 'a.png'),
      await upload(mp4('refused'), 'a.mp4'),
      await upload(png('of another'), 'a.png', other),
    ]
    const before = await kept()
    for (const [body, code, words] of [
      [{ msgType: '06', mediaId: others }, '1002', '不是本应用上传的'],
      [{ msgType: '06', mediaId: 'nothing' }, '1002', '没有文件 nothing'],
      [{ msgType: '06' }, '1001', 'mediaId'],
      [{ msgType: '06', mediaId: film }, '1000', 'mediaId 应为图片（JPG、PNG），收到的是视频（MP4）'],
      [{ msgType: '08', mediaId: picture }, '1000', 'mediaId 应为视频（MP4）'],
      [
        { msgType: '03', content: '甲', mediaId: picture },
        '1000',
        'mediaId 只在 msgType 为 06、07、08 时使用',
      ],
      [{ msgType: '07', mediaId: picture, attachments: [picture] }, '1000', 'attachments 只用于邮件'],
      [
        { msgType: '01', title: '甲', content: '乙', url: 'https://a.example', safe: '1' },
        '1000',
        'safe 只用于',
      ],
      [{ msgType: '05', content: '字'.repeat(683) }, '1000', '最长 2048 字节，收到 2049 字节'],
      [{ msgType: '10', appid: 'wx1', title: '短' }, '1000', 'title 应为 4 到 12 个字'],
      [
        { msgType: '10', appid: 'wx1', title: '会议提醒', items: Array(11).fill({ key: 'a', value: 'b' }) },
        '1000',
        '最多 10 个',
      ],
      [{ sendType: '2', title: '甲', content: '乙', mediaId: picture }, '1000', '邮件用 attachments'],
      [
        { sendType: '5', toUser: '', toRobot: 'robot:a', title: '甲', content: '乙', attachments: [picture] },
        '1000',
        '不能填写 attachments',
      ],
      [{ sendType: '2', title: '甲', content: '乙', attachments: [others] }, '1002', '不是本应用上传的'],
    ] as const)
      expect([await send(body), body]).toMatchObject([
        { retCode: code, retMessage: expect.stringContaining(words) },
        body,
      ])
    expect(await kept()).toBe(before)
    expect((await send({ msgType: '05', content: `${'字'.repeat(682)}ab` })).retCode).toBe('0')
  })

  it('go again by the same bytes when it is not clear whether they arrived', async () => {
    const mediaId = await upload(png('unclear'), 'unclear.png')
    const before = (await ofKind('image')).length
    await faultSend(world, 'truncated')
    const { msgId } = (await send({ msgType: '06', mediaId, safe: '1' })).body
    // Another message makes WeCom get the file anew; this one keeps what it went by.
    await sql`update message_media_upload set until = now() + interval '1 hour' where media_id = ${mediaId}`.execute(
      world.ctx.db,
    )
    await send({ msgType: '06', mediaId, toUser: 'lisi' })
    await later(world, 10_000)
    expect((await statusOf(world, msgId)).attempts).toMatchObject([
      { outcome: 'unsure' },
      { outcome: 'sent' },
    ])
    const [first, second, again] = (await ofKind('image')).slice(before)
    expect(again).toMatchObject({ deduplicated: true, msgId: first?.msgId, content: first?.content })
    expect(second?.content).not.toEqual(first?.content)
  })

  it('are unclear when WeCom forgot what they may have arrived by, and go by nothing else', async () => {
    const mediaId = await upload(png('forgotten'), 'f.png')
    const before = (await ofKind('image')).length
    await faultSend(world, 'truncated')
    const { msgId } = (await send({ msgType: '06', mediaId })).body
    await sql`update message_media_use set given_until = now() - interval '1 day' where message_id = ${msgId}`.execute(
      world.ctx.db,
    )
    await later(world, 10_000)
    expect((await statusOf(world, msgId)).attempts).toMatchObject([
      { outcome: 'unsure' },
      { outcome: 'unsure' },
    ])
    // Nor by what another part of the same message went by since.
    await sql`update message_media_use set given_until = now() + interval '9 days', replaced_at = now() + interval '9 days'
      where message_id = ${msgId}`.execute(world.ctx.db)
    await later(world, 30_000)
    expect((await statusOf(world, msgId)).attempts.at(-1)).toMatchObject({ outcome: 'unsure' })
    expect(await ofKind('image')).toHaveLength(before + 1)
  })

  it('are given to WeCom again when it does not know them any more', async () => {
    const mediaId = await upload(png('three days'), 'b.png')
    await send({ msgType: '06', mediaId })
    await sql`update message_media_upload set given_id = 'gone' where media_id = ${mediaId}`.execute(
      world.ctx.db,
    )
    const { msgId } = (await send({ msgType: '06', mediaId })).body
    await later(world, 10_000)
    expect(await statusOf(world, msgId)).toMatchObject({
      status: 'sent',
      attempts: [{ outcome: 'again' }, { outcome: 'sent' }],
    })
    const before = await uploads()
    world.clock.offsetMs += 73 * hourMs
    await send({ msgType: '06', mediaId })
    expect((await uploads()).filter(one => !before.includes(one))).toHaveLength(1)
  })

  it('wait while WeCom does not take the file, and go when it does', async () => {
    const mediaId = await upload(png('silent'), 'c.png')
    await world.control('faults', { match: 'media/upload', mode: 'http500', times: 1 })
    const { msgId, status } = (await send({ msgType: '06', mediaId })).body
    expect(status).toBe('queued')
    await later(world, 10_000)
    expect((await statusOf(world, msgId)).status).toBe('sent')
  })

  it('do not leave behind an upload that took longer than the part is leased', async () => {
    const mediaId = await upload(png('slow'), 'slow.png')
    const before = (await ofKind('image')).length
    await world.control('faults', { match: 'media/upload', mode: 'slow', times: 1, delayMs: 300 })
    const sending = send({ msgType: '06', mediaId })
    await struck(world)
    world.clock.offsetMs += 70_000
    const { msgId } = (await sending).body
    expect(await ofKind('image')).toHaveLength(before)
    await later(world, 70_000)
    expect((await statusOf(world, msgId)).status).toBe('sent')
    expect(await ofKind('image')).toHaveLength(before + 1)
  })

  it('go by mail as attachments', async () => {
    const ids = [await upload(png('attached'), '图.png'), await upload(Buffer.alloc(200_000, 'x'), 'x.txt')]
    const { msgId } = (await send({ sendType: '2', title: '附件', content: '请看附件', attachments: ids }))
      .body
    await world.ctx.dispatcher.drain()
    expect((await statusOf(world, msgId)).status).toBe('sent')
    const mail = (await shownMail(world)).at(-1) as ShownMail & { attachments: object[] }
    expect(mail.attachments).toEqual([
      { filename: '图.png', mimeType: 'image/png', size: 16 },
      { filename: 'x.txt', mimeType: 'application/octet-stream', size: 200_000 },
    ])
  })

  it('keep their files as long as they are kept, also while they wait', async () => {
    const mediaId = await upload(png('waits'), 'd.png')
    const sendAt = new Date(world.ctx.now() + 60 * 24 * hourMs).toISOString()
    const { msgId } = (await send({ msgType: '06', mediaId, sendAt })).body
    await sql`update message_media set used_at = now() - interval '90 days' where id = ${mediaId}`.execute(
      world.ctx.db,
    )
    await world.ctx.jobs.run('retention')
    const found = () => sql`select from message_media where id = ${mediaId}`.execute(world.ctx.db)
    expect((await found()).rows).toHaveLength(1)
    await sql`delete from message where id = ${msgId}`.execute(world.ctx.db)
    await world.ctx.jobs.run('retention')
    expect((await found()).rows).toHaveLength(0)
  })

  it('are refused while an older node lives, and where files are switched off', async () => {
    const mediaId = await upload(png('old node'), 'e.png')
    const before = await kept()
    await sql`insert into node (id, name, place, version, migrations, seen_at)
      values ('older', 'older', '10.0.0.9', '0.4.0', '{}', now())`.execute(world.ctx.db)
    for (const body of [
      { msgType: '06', mediaId },
      { msgType: '05', content: '# 甲' },
      { msgType: '03', content: '甲', safe: '1' },
    ])
      expect(await send(body)).toMatchObject({
        retCode: '1013',
        retMessage: expect.stringContaining('10.0.0.9'),
      })
    expect((await send({ msgType: '03', content: '甲' })).retCode).toBe('0')
    await sql`delete from node where id = 'older'`.execute(world.ctx.db)
    await switchFeatures(world.ctx, 'test', world.corpId, { 'message-media': false })
    expect((await send({ msgType: '06', mediaId })).retCode).toBe('1009')
    await switchFeatures(world.ctx, 'test', world.corpId, { 'message-media': true })
    expect(await kept()).toBe(before + 1)
  })
})
