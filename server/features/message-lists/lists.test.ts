import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Caller, call, startWorld, type World } from '../../../test/harness.ts'
import { signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { setTypeState } from '../message-types/change-type.ts'
import { arrived, statusOf, useAgents } from '../messages/messages.fixture.ts'
import { findMessage } from '../messages/parts/store.ts'
import { findPlans } from '../messages/plans/plan-store.ts'
import { openCall } from '../messages/waiting/open-call.ts'

const dayMs = 86_400_000

let world: World
let dev: Caller
let other: Caller
beforeAll(async () => {
  world = await startWorld({ members: 60 })
  await useAgents(world)
  const scopes = ['message:send', 'message:type', 'directory:mobile'] as const
  dev = await world.addDeveloper({ name: '人事', scopes: [...scopes] })
  other = await world.addDeveloper({
    name: '门禁',
    scopes: ['message:send', 'message:type'],
    dataScope: { departments: [2], tags: [] },
  })
  for (const by of [dev, other])
    await by.post('/api/message/type/put', {
      key: `pay-${by.devId}`,
      name: '工资',
      text: '{{ month }} 月工资 {{ amount }} 元{% if note %}：{{ note }}{% endif %}',
    })
})
afterAll(() => world.close())

/** As curl -F sends it. */
async function upload(content: string | Buffer, by = dev, name = 'file'): Promise<Answer> {
  const form = new FormData()
  form.append(name, new Blob([new Uint8Array(Buffer.from(content))]), 'list.csv')
  return call(`${world.server.url}/api/message/list?devToken=${await by.token()}`, {
    method: 'POST',
    body: form,
  })
}
const lines = (...text: string[]) => text.join('\n')
const send = (toList: string, more: object = {}, by = dev) =>
  by.post('/api/message/notify', { type: `pay-${by.devId}`, toList, data: { month: '11' }, ...more })
const count = async (table: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(world.ctx.db))
    .rows[0]!.n
const member = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId)!
const columnOf = async (userId: string, column: string) =>
  (
    await sql<{ value: string }>`
      select ${sql.ref(column)} as value from member where id = ${member(userId).id}`.execute(world.ctx.db)
  ).rows[0]!.value

/** `账号,amount` and `zhangsan,1` in GBK. */
const gbk = Buffer.concat([Buffer.from([0xd5, 0xcb, 0xba, 0xc5]), Buffer.from(',amount\nzhangsan,1\n')])

describe('a file', () => {
  it('names persons by userId, and says of each line why it is left out', async () => {
    const { body, retCode, retMessage } = await upload(
      lines(
        '﻿UserId,amount,note',
        'zhangsan,100,"a\nb"',
        'nobody,2,',
        'LiSi,=1+1,',
        'ZHANGSAN,3,',
        ',4,',
        `wangwu,5,${'x'.repeat(19_900)}`,
      ),
    )
    expect([retCode, retMessage, body]).toMatchObject([
      '0',
      expect.anything(),
      {
        rows: 3,
        variables: ['amount', 'note'],
        refusedRows: 3,
        refused: [
          { line: 4, why: expect.stringContaining('没有这个成员') },
          { line: 6, why: expect.stringContaining('与第 3 行是同一人') },
          { line: 7, why: expect.stringContaining('没有填写') },
        ],
      },
    ])
    const stored = await sql<{ content: string }>`select content from message_list_piece`.execute(
      world.ctx.db,
    )
    expect(stored.rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(stored.rows)).not.toContain('zhangsan')
    const { msgId } = (await send(body.listId)).body
    await world.ctx.dispatcher.drain()
    expect((await arrived(world, '11 月工资 100 元：a')).map(one => one.to)).toEqual([['zhangsan']])
    // What looks like a formula in a CSV is text.
    expect((await arrived(world, '11 月工资 =1+1 元')).map(one => one.to)).toEqual([['lisi']])
    expect(await statusOf(world, msgId, dev)).toMatchObject({ receivers: { total: 3 } })
  })

  it.each([
    ['GBK', gbk],
    ['a header in Chinese below an explanation', lines('请勿改动表头', '账号（必填）;amount', 'zhangsan;1')],
  ])('in %s is read', async (_what, content) => {
    expect((await upload(content)).body).toMatchObject({ rows: 1, refusedRows: 0, variables: ['amount'] })
  })

  it('names persons by 工号, and by mobiles with the permission alone', async () => {
    const id = member('zhangsan').id
    const attributes = JSON.stringify([{ name: '工号', value: 'A-7', type: 0, text: { value: 'A-7' } }])
    await sql`update member set attributes = ${attributes}::jsonb where id = ${id}`.execute(world.ctx.db)
    expect((await upload(lines('工号,amount', 'A-7,1', 'A-8,1'))).body).toMatchObject({
      rows: 1,
      refusedRows: 1,
    })
    const mobile = await columnOf('lisi', 'mobile')
    const file = lines('手机号,amount', `+86 ${mobile},1`, '1.38E+10,2')
    expect((await upload(file)).body).toMatchObject({
      rows: 1,
      refused: [{ line: 3, why: expect.stringContaining('科学计数法') }],
    })
    expect(await upload(file, other)).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('directory:mobile'),
    })
  })

  it.each([
    ['two columns of persons', lines('账号,手机号,amount', 'zhangsan,1,1'), '表头中有两列指人'],
    ['no column of persons', lines('姓名,amount', '张三,1'), '没有找到表头'],
    ['a column that is no variable', lines('userId,姓名', 'zhangsan,张三'), '不能作变量名的列：姓名'],
    ['a column of the prototype', lines('userId,__proto__', 'zhangsan,1'), '不能作变量名的列：__proto__'],
    ['a column twice', lines('userId,a,a', 'zhangsan,1,2'), '“a”一列出现了两次'],
    ['a header alone', 'userId,amount', '没有数据'],
    [
      'persons who are not there',
      lines('userId,amount', 'nobody,1'),
      '没有可用的行，没有保存：第 2 行没有这个成员',
    ],
    [
      '10,000 columns',
      lines(['userId', ...Array.from({ length: 10_000 }, (_, n) => `c${n}`)].join(','), 'zhangsan'),
      '第 1 行无法读取：超过 20000 个字符',
    ],
    ['200,000 rows', `userId,n\n${'zhangsan,1\n'.repeat(200_000)}`, '最多导入 20000 行'],
  ])('with %s is refused, and nothing is stored', async (_what, content, words) => {
    const before = await count('message_list')
    expect(await upload(content)).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining(words),
    })
    expect(await count('message_list')).toBe(before)
  })

  it('comes as a form with one file', async () => {
    expect((await upload('userId\nzhangsan', dev, 'list')).retMessage).toContain('file')
    const json = await dev.post('/api/message/list', { file: 'userId\nzhangsan' })
    expect(json).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('multipart/form-data'),
    })
    const form = new FormData()
    form.append('toUser', 'zhangsan')
    const elsewhere = await call(`${world.server.url}/api/message/notify?devToken=${await dev.token()}`, {
      method: 'POST',
      body: form,
    })
    expect(elsewhere.status).toBe(415)
    expect(elsewhere.retMessage).toContain('application/json')
    const posted = (body: string) =>
      dev.token().then(token =>
        call(`${world.server.url}/api/message/list?devToken=${token}`, {
          method: 'POST',
          headers: { 'content-type': 'multipart/form-data; boundary=B' },
          body,
        }),
      )
    const part = (head: string, text = 'userId\r\nzhangsan') =>
      `--B\r\nContent-Disposition: form-data; ${head}\r\nContent-Length: 999999999\r\n\r\n${text}\r\n`
    const named = 'name="file"; filename="../../../etc/passwd"'
    // Lengths and names of parts are nothing that wisp goes by.
    expect((await posted(`${part(named)}--B--`)).body).toMatchObject({ rows: 1 })
    for (const [body, words] of [
      [part(named), '不是完整的'],
      [`${part(named)}${part('name="other"; filename="b.csv"')}--B--`, '两个文件'],
      [`${part(named)}${part(named)}--B--`, '两个名为 file'],
      [`${part('name="file"')}--B--`, '应为 multipart/form-data 中的一个文件'],
      ['', 'file'],
    ] as const)
      expect(await posted(body)).toMatchObject({
        retCode: expect.stringMatching(/^100[01]$/),
        retMessage: expect.stringContaining(words),
      })
    const large = await fetch(`${world.server.url}/api/message/list?devToken=${await dev.token()}`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=B' },
      body: Buffer.alloc(8_100_000),
    })
    expect(large.status).toBe(413)
  })
})

describe('sending to a list', () => {
  const listed = async (...text: string[]) => (await upload(lines(...text))).body.listId as string

  it('names lines and columns that lack a variable, and columns that the type does not have', async () => {
    const before = await count('message')
    const empty = await listed('userId,amount', 'zhangsan,1', 'lisi,', 'wangwu,')
    expect((await send(empty)).retMessage).toContain('缺少变量，没有发送：第 3 行 amount、第 4 行 amount')
    const wrong = await listed('userId,amuont', 'zhangsan,1')
    expect((await send(wrong)).retMessage).toContain('toList 缺少变量 amount；有类型没有的变量 amuont')
    expect((await send(empty, { data: { amount: 1, month: '1' } })).retCode).toBe('0')
    expect((await send(empty, { toUser: 'lisi' })).retMessage).toContain('三者只能选一')
    expect(await count('message')).toBeGreaterThan(before)
  })

  it('is for its own developer, within the data scope of the moment', async () => {
    const list = await listed('userId,amount', 'zhangsan,7')
    expect(await send(list, {}, other)).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('没有名单'),
    })
    const { departments } = member('zhangsan')
    const small = await world.addDeveloper({ name: '小', scopes: ['message:send', 'message:type'] })
    await small.post('/api/message/type/put', { key: 'small', name: '小', text: '{{ amount }}' })
    const { listId } = (await upload(lines('userId,amount', 'zhangsan,7'), small)).body
    const elsewhere = [...world.ctx.mirrors.of(world.corpId).tree.order]
      .map(one => one.department.id)
      .find(id => id !== 1 && !departments.includes(id))!
    const dataScope = { departments: [elsewhere], tags: [] }
    await setDeveloper(world.ctx, 'test', small.devId, { dataScope })
    const sent = await small.post('/api/message/notify', { type: 'small', toList: listId })
    expect(sent).toMatchObject({ retCode: '1007', retMessage: expect.stringContaining('zhangsan') })
  })

  it('is kept while something waits to be sent to it', async () => {
    const list = await listed('userId,amount', 'zhangsan,88')
    const usedAfter = async (days: number) =>
      (
        await sql<{ is: boolean }>`
          select used_at > ${new Date(world.ctx.now() + days * dayMs)} as is from message_list where id = ${list}`.execute(
          world.ctx.db,
        )
      ).rows[0]?.is
    const sendAt = new Date(world.ctx.now() + 60 * dayMs).toISOString()
    expect((await send(list, { sendAt })).body).toMatchObject({ state: 'waiting', accepted: 1 })
    expect(await usedAfter(59)).toBe(true)
    const type = { key: 'pay-each', name: '工资', text: '{{ month }} {{ amount }}', digest: { minutes: 1 } }
    expect((await dev.post('/api/message/type/put', type)).retCode).toBe('0')
    const waiting = (await send(list, { type: 'pay-each' })).body
    expect(waiting.state).toBe('waiting')
    await setTypeState(world.ctx, 'test', world.corpId, 'pay-each', 'paused')
    await sql`update message_list set used_at = now() - interval '29 days' where id = ${list}`.execute(
      world.ctx.db,
    )
    const message = (await findMessage(world.ctx.db, { corpId: world.corpId, id: waiting.msgId }))!
    const plan = (await findPlans(world.ctx.db, world.corpId, [waiting.msgId])).get(waiting.msgId)!
    expect(await openCall(world.ctx, message, plan)).toEqual({ isPaused: true })
    expect(await usedAfter(-1)).toBe(true)
  })

  it('refuses what is due later when the list is deleted meanwhile', async () => {
    const list = await listed('userId,amount', 'zhangsan,89')
    const before = await count('message_plan')
    let sent: Promise<Answer> | undefined
    await world.ctx.db.transaction().execute(async tx => {
      await sql`delete from message_list where id = ${list}`.execute(tx)
      sent = send(list, { sendAt: new Date(world.ctx.now() + dayMs).toISOString() })
      await until('the send waits for it', async () => {
        const { rows } = await sql<{ is: boolean }>`select exists (select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query ~ 'message_list') as is`.execute(
          world.ctx.db,
        )
        return rows[0]!.is
      })
    })
    expect((await sent)?.retMessage).toContain('没有名单')
    expect(await count('message_plan')).toBe(before)
  })

  it('counts its age from then on, and is gone after thirty days', async () => {
    const list = await listed('userId,amount', 'zhangsan,8')
    await sql`update message_list set used_at = used_at - interval '29 days'`.execute(world.ctx.db)
    expect((await send(list, { requestId: 'r-list' })).retCode).toBe('0')
    const { rows } = await sql<{ is: boolean }>`
      select used_at > now() - interval '1 day' as is from message_list where id = ${list}`.execute(
      world.ctx.db,
    )
    expect(rows).toEqual([{ is: true }])
    await sql`delete from message_list where id = ${list}`.execute(world.ctx.db)
    expect((await send(list)).retMessage).toContain('没有名单')
    expect((await send(list, { requestId: 'r-list' })).retCode).toBe('0')
  })
})

it('a developer who uploads many files at once keeps no administrator waiting', async () => {
  const as = await signInAs(world, 'super')
  const content = Buffer.from('userId,amount\nzhangsan,9').toString('base64')
  const codes: string[] = []
  const many = Array.from({ length: 12 }, async () => {
    codes.push((await upload(`userId,n\n${'zhangsan,1\n'.repeat(20_000)}`)).retCode)
  })
  await until('the developer has used up the turns', () => codes.includes('1010'))
  expect((await as.post('/web/messages/list-upload', { content, fileName: 'a.csv' })).retCode).toBe('0')
  await Promise.all(many)
  expect(new Set(codes)).toEqual(new Set(['0', '1010']))
})

it('an administrator uploads a list in the console, and sees columns and refused lines', async () => {
  const as = await signInAs(world, 'super')
  const content = Buffer.from(lines('userId,amount', 'zhangsan,9', 'nobody,1')).toString('base64')
  const { body } = await as.post('/web/messages/list-upload', { content, fileName: '名单.csv' })
  expect(body).toMatchObject({
    rows: 1,
    variables: ['amount'],
    first: [{ line: 2, userId: 'zhangsan', values: ['9'] }],
    refused: [{ line: 3 }],
    refusedRows: 1,
  })
  expect((await send(body.listId)).retMessage).toContain('没有名单')
})
