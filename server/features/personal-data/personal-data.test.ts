import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { noteConsent } from '../../callers/consents/ledger.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { addCorp } from '../../organisation/corps/corps.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import { putConsent } from '../app-sign-in/consent-store.ts'
import { addApp } from '../apps/apps.ts'
import { exportSettings } from '../settings-file/apply-settings.ts'
import { findRequest } from './request-store.ts'
import { keysOf } from './rows/person-store.ts'

let world: World
let dev: Caller
let admin: SignedInClient
let person: SignedInClient
let [zhaoliu, sunqi, zhouba, wujiu, zhengshi, chenyi] = ['', '', '', '', '', '']
const folder = mkdtempSync(join(tmpdir(), 'wisp-person-'))
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  await world.connectCallback()
  const { rows } = await sql<{ userId: string }>`
    select user_id as "userId" from member where user_key <> all('{zhangsan,lisi,wangwu}') order by id`.execute(
    world.ctx.db,
  )
  ;[zhaoliu = '', sunqi = '', zhouba = '', wujiu = '', zhengshi = '', chenyi = ''] = rows.map(
    row => row.userId,
  )
  dev = await world.addDeveloper({ name: '报修系统', scopes: ['directory:read', 'directory:mobile'] })
  admin = await signInAs(world, 'super', 'wangwu')
  person = await signIn(world, { userId: 'zhangsan' })
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await world.close()
})

const run = (...words: string[]) => runCommand(world.ctx, ['person', ...words])
type CopyFile = { about: { corp: string; userId: string; name: string }; data: { table: string }[] }
/** A file, as a browser downloads it. */
async function taken(as: SignedInClient, path: string): Promise<CopyFile> {
  const answer = await fetch(`${world.server.url}${path}&format=json`, { headers: { cookie: as.cookie } })
  return (await answer.json()) as CopyFile
}
const ended = (id: number) =>
  until('the end of the request', async () => {
    const request = await findRequest(world.ctx.db, world.corpId, id)
    return request && request.state !== 'asked' && request
  })
const memberOf = async (userId: string) => {
  const { rows } = await sql<{ id: number; leftAt: Date | null }>`
    select id, left_at as "leftAt" from member where corp_id = ${world.corpId} and user_key = ${userId.toLowerCase()} order by id`.execute(
    world.ctx.db,
  )
  return rows
}
async function leave(userId: string): Promise<number> {
  await world.admin('user/delete', { userid: userId })
  await world.settle()
  const [left] = await memberOf(userId)
  expect(left?.leftAt).not.toBeNull()
  return left!.id
}
const put = (statement: ReturnType<typeof sql>) => statement.execute(world.ctx.db)
const until2027 = () => new Date(world.ctx.now() + 100 * 86_400_000).toISOString()

describe('a copy', () => {
  it('is asked for and taken by the person, as JSON and as a page, and by nobody else', async () => {
    await dev.get('/api/user/get', { userId: 'zhangsan' })
    await world.ctx.requests.flush()
    const { id } = (await person.post('/web/portal/personal/copy')).body
    await ended(id)
    expect((await person.get('/web/portal/personal')).body.copies).toMatchObject([{ id, state: 'done' }])
    const json = await taken(person, `/web/portal/personal/take?id=${id}`)
    expect(json.about).toMatchObject({ corp: '测试企业', userId: 'zhangsan', name: '张三' })
    const tables = json.data.map(one => one.table)
    expect(tables).toEqual(expect.arrayContaining(['member', 'session', 'data_read']))
    const text = JSON.stringify(json)
    expect(text).not.toContain('李四')
    expect(text).not.toContain(person.sessionId)
    const other = await signIn(world, { userId: 'lisi' })
    expect((await other.get('/web/portal/personal/take', { id })).retCode).toBe('1000')
    const page = await fetch(`${world.server.url}/web/portal/personal/take?id=${id}`, {
      headers: { cookie: person.cookie },
    })
    expect(page.headers.get('content-disposition')).toContain('attachment')
    expect(await page.text()).toContain('<h2>成员资料')
    expect((await fetch(`${world.server.url}/web/portal/personal/take?id=${id}`)).status).toBe(401)
  })

  it('is taken by the help desk and by administrators, recorded, and not after a week', async () => {
    const helper = await signInAs(world, 'helpDesk', 'lisi')
    const { id } = (await helper.post('/web/help-desk/copy', { userId: 'zhangsan' })).body
    await ended(id)
    expect((await helper.get('/web/help-desk/copies', { userId: 'zhangsan' })).body.list[0]).toMatchObject({
      id,
    })
    const file = await taken(helper, '/web/help-desk/copy/take?userId=zhangsan')
    expect(file.about.userId).toBe('zhangsan')
    expect((await helper.post('/web/help-desk/copy', { userId: 'wangwu' })).status).toBe(403)
    expect((await taken(admin, `/web/personal/copy/take?id=${id}`)).about.name).toBe('张三')
    const acts = await sql<{
      act: string
    }>`select act from audit where act like 'person.%' order by id`.execute(world.ctx.db)
    expect(acts.rows.map(row => row.act)).toEqual(
      expect.arrayContaining(['person.copy', 'person.copy-taken']),
    )
    await put(sql`update person_request set ended_at = now() - interval '8 days' where id = ${id}`)
    expect((await admin.get('/web/personal/copy/take', { id })).retMessage).toContain('7 天')
  })

  it('of somebody who was renamed and has left is of both userids, and nothing of their namesake in another corp', async () => {
    const [before, after, other] = ['copied', 'copied.later', 'ww00000000000000aa']
    await addCorp(world.ctx, 'test', { corpId: other, name: '另一企业', contactSecret: 'x'.repeat(43) })
    await world.admin('user/create', { userid: before, name: '改名', mobile: '13811113333', department: [1] })
    await world.settle()
    await world.admin('user/rename', { userid: before, new_userid: after })
    await world.settle()
    const [renamed] = await memberOf(after)
    const namesake = { corp_id: other, id: 999_999, user_id: before, user_key: before }
    await put(sql`insert into member overriding system value
      select (jsonb_populate_record(m, ${JSON.stringify(namesake)}::jsonb)).* from member m where m.id = ${renamed!.id}`)
    for (const [corpId, act, target] of [
      [world.corpId, 'app.add', before],
      [world.corpId, 'app.set', after],
      [other, 'app.remove', before],
    ] as const)
      await put(
        sql`insert into audit (corp_id, actor, act, target, at) values (${corpId}, 'li', ${act}, ${target}, now())`,
      )
    expect(await leave(after)).toBe(renamed!.id)
    const file = join(folder, 'renamed.json')
    await run('copy', after, '--out', file, '--corp', world.corpId)
    const text = readFileSync(file, 'utf8')
    expect(JSON.parse(text).about).toMatchObject({ userId: after, name: '改名' })
    for (const act of ['app.add', 'app.set']) expect(text).toContain(`"act":"${act}"`)
    expect(text).not.toContain('app.remove')
    await put(sql`delete from member where corp_id = ${other} or id = ${renamed!.id}`)
    await put(sql`delete from corp where corp_id = ${other}`)
    await world.ctx.reloadConfig()
  })

  it('is written by the command line, and never over a file', async () => {
    const file = join(folder, 'copy.json')
    await run('copy', 'zhangsan', '--out', file)
    expect(JSON.parse(readFileSync(file, 'utf8')).about.userId).toBe('zhangsan')
    await expect(run('copy', 'zhangsan', '--out', file)).rejects.toThrow('已存在')
    expect(JSON.parse(readFileSync(file, 'utf8')).about.userId).toBe('zhangsan')
  })
})

describe('an erasure', () => {
  const erase = (userId: string, more = {}) =>
    admin.post('/web/personal/erase', { userId, reason: '本人申请', ...more })

  it('is refused for members, under a hold, and with open bills', async () => {
    expect((await erase('zhangsan')).retMessage).toContain('仍是企业微信的成员')
    expect((await erase('nobody')).retCode).toBe('1007')
    const id = await leave(zhaoliu)
    const hold = (
      await admin.post('/web/personal/hold', { userId: zhaoliu, reason: '劳动仲裁', until: until2027() })
    ).body
    expect((await erase(zhaoliu)).retMessage).toContain('在保全中（劳动仲裁）')
    await admin.post('/web/personal/hold/end', { id: hold.id })
    await put(sql`insert into pay_bill (corp_id, dev_id, bill_no, content_hash, payer_id, payer_user_id, payer_name, title, amount,
        items, remark, attachment_url, notify, mch_id, state, created_at, created_by)
      values (${world.corpId}, '', 'n1', '', ${id}, ${zhaoliu}, 'x', 't', 1, '[]', '', '', false, '', 'open', now(), '')`)
    expect((await erase(zhaoliu)).retMessage).toContain('1 张账单未付')
    await put(sql`update pay_bill set state = 'closed' where bill_no = 'n1'`)
  })

  it('ends what waits for the person with the reason, and leaves others as they are', async () => {
    const [left, other] = [(await memberOf(zhaoliu))[0]!.id, (await memberOf('zhangsan'))[0]!.id]
    await put(sql`insert into message (id, corp_id, dev_id, channel, agent_name, content, truncated, audience, receivers, answer, created_at)
      values ('m1', ${world.corpId}, '', 'email', '', '', '{}', ${JSON.stringify({ toUser: [zhaoliu, 'zhangsan'] })}, 2, '{}', now())`)
    for (const [n, userId, id] of [
      [0, zhaoliu, left],
      [1, 'zhangsan', other],
    ] as const)
      await put(sql`insert into message_part (message_id, corp_id, channel, n, chunk, after_n, user_ids, member_ids, state, attempts, next_attempt_at)
        values ('m1', ${world.corpId}, 'email', ${n}, 0, -1, ${[userId]}::text[], ${[id]}::bigint[], 'waiting', 0, now() + interval '1 day')`)
    const { id } = (await erase(zhaoliu)).body
    expect(await ended(id)).toMatchObject({ state: 'done', userId: '', report: { rows: { member: 1 } } })
    const parts =
      await sql`select state, reason, user_ids from message_part where message_id = 'm1' order by n`.execute(
        world.ctx.db,
      )
    expect(parts.rows).toEqual([
      { state: 'cancelled', reason: expect.stringContaining('receiverGone'), user_ids: [`erased:${left}`] },
      { state: 'waiting', reason: null, user_ids: ['zhangsan'] },
    ])
    const message = await sql`select audience from message where id = 'm1'`.execute(world.ctx.db)
    expect(message.rows).toEqual([{ audience: { toUser: [`erased:${left}`, 'zhangsan'] } }])
    expect(await memberOf(zhaoliu)).toEqual([])
    expect((await erase(zhaoliu)).retCode).toBe('1007')
  })

  it('takes nothing of somebody who has the userid now, and asks which of several is meant', async () => {
    const first = await leave(sunqi)
    await put(
      sql`update member set user_key = 'shared', user_id = 'shared', mobile = '13900007777' where id = ${first}`,
    )
    const second = await leave(zhouba)
    await put(
      sql`update member set user_key = 'shared', user_id = 'shared', mobile = '13900007777' where id = ${second}`,
    )
    await put(
      sql`insert into message_result (corp_id, message_id, user_id, state, reason, at) values (${world.corpId}, 'm1', 'shared', 'failed', '', now())`,
    )
    await put(
      sql`insert into sms_serial (corp_id, way, serial, context, phone, sent_at) values (${world.corpId}, 'w', 's1', '', '13900007777', now())`,
    )
    const texts = async () =>
      (await sql`select from sms_serial where serial = 's1'`.execute(world.ctx.db)).rows.length
    expect((await erase('shared')).retMessage).toMatch(/有 2 个已离职的人/)
    await ended((await erase('shared', { id: first })).body.id)
    const result = await sql`select user_id from message_result where message_id = 'm1'`.execute(world.ctx.db)
    expect(result.rows).toEqual([{ user_id: 'shared' }])
    expect(await texts()).toBe(1)
    await ended(((await run('erase', 'shared', '--reason', 'x')).data as { id: number }).id)
    const after = await sql`select user_id from message_result where message_id = 'm1'`.execute(world.ctx.db)
    expect(after.rows).toEqual([{ user_id: `erased:${second}` }])
    expect(await texts()).toBe(0)
    expect((await run('requests')).text).toContain('（已删除）')
  })

  it('finds nothing by a userid that somebody else signed in with before their rename', async () => {
    const [{ id }, other] = [(await memberOf('lisi'))[0]!, (await memberOf('zhangsan'))[0]!.id]
    const keys = async () => (await keysOf(world.ctx.db, world.corpId, id)).keys
    expect(await keys()).toContain('lisi')
    await put(
      sql`insert into sign_in_log (corp_id, at, number, app_name, member_id, user_id, user_name, way, reason, detail, amr, released, address, user_agent)
        values (${world.corpId}, now() - interval '90 days', 'r', '', ${other}, 'LiSi', '', 'wecom', '', '', '{}', '{}', '', '')`,
    )
    expect(await keys()).not.toContain('lisi')
    await put(sql`delete from sign_in_log where number = 'r'`)
  })

  it('comes by itself after the days of the corp, but not for whoever is back', async () => {
    await run('settings', '--leavers', '30')
    expect((await admin.get('/web/personal/requests')).body.eraseDays).toBe(30)
    const [back, gone] = [await leave(wujiu), await leave(zhengshi)]
    await put(sql`update member set left_at = now() - interval '31 days' where id in (${back}, ${gone})`)
    await world.admin('user/create', { userid: wujiu, name: '吴九', mobile: '13811112222', department: [1] })
    await world.settle()
    await put(
      sql`update member set name = (select name from member where id = ${back}) where corp_id = ${world.corpId} and user_key = ${wujiu.toLowerCase()}`,
    )
    await world.ctx.jobs.run('personal-erasure')
    await until('the leaver is erased', async () => (await memberOf(zhengshi)).length === 0)
    const refused = await until('the refusal', async () => {
      const { list } = (await admin.get('/web/personal/requests', { state: 'refused' })).body
      return list.length > 0 && list
    })
    expect(refused).toMatchObject([
      { userId: wujiu, cause: 'leaver', why: { zh: expect.stringContaining('已回到企业微信') } },
    ])
    await run('settings')
    expect((await admin.get('/web/personal/requests')).body.eraseDays).toBeNull()
    expect(await exportSettings(world.ctx, world.corpId)).toMatch(/eraseDays"?: null/)
  })

  it('is told to another installation without names', async () => {
    const file = join(folder, 'erased.jsonl')
    await run('erased', '--out', file)
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain(zhaoliu)
    await put(sql`delete from person_tombstone where corp_id = ${world.corpId}`)
    expect((await run('erased', '--from', file)).data).toMatchObject({ added: 4 })
    expect((await run('erased', '--from', file)).data).toMatchObject({ added: 0 })
    const other = join(folder, 'other.jsonl')
    writeFileSync(other, text.replace(/"memberId":\d+/, '"memberId":999999'))
    await expect(run('erased', '--from', other)).rejects.toThrow('已被改动')
    await expect(run('erased', '--from', join(folder, 'none'))).rejects.toThrow('读不到文件')
  })
})

describe('a hold', () => {
  it('puts by what the prune takes, until it ends', async () => {
    const id = await leave(chenyi)
    const held = (await run('hold', chenyi, '--reason', '审计', '--until', until2027())).data as {
      id: number
    }
    await put(sql`insert into sign_in_log (corp_id, at, member_id, user_id, number, app_name, user_name, way, reason, detail, amr, released,
        address, user_agent)
      values (${world.corpId}, now() - interval '500 days', ${id}, ${chenyi}, 'n', '', 'x', 'qr', '', '', '{}', '{}', '', 'held device')`)
    await put(sql`update member set left_at = now() - interval '731 days' where id = ${id}`)
    await put(sql`update person_hold set kept_at = null`)
    await world.ctx.jobs.run('personal-holds')
    await until(
      'the rows are put by',
      async () => (await admin.get('/web/personal/holds')).body.list[0].keptAt,
    )
    await world.ctx.jobs.run('retention')
    expect(await memberOf(chenyi)).toHaveLength(1)
    const kept = await taken(admin, `/web/personal/hold/take?id=${held.id}`)
    expect(JSON.stringify(kept)).toContain('held device')
    expect((await run('holds')).text).toContain(chenyi)
    await run('release', String(held.id))
    await world.ctx.jobs.run('retention')
    expect(await memberOf(chenyi)).toEqual([])
    expect((await put(sql`select from person_hold_row`)).rows).toEqual([])
    const past = await admin.post('/web/personal/hold', {
      userId: 'zhangsan',
      reason: 'x',
      until: '2020-01-01T00:00:00Z',
    })
    expect(past.retMessage).toContain('1100')
  })
})

describe('management', () => {
  it('does the same by API', async () => {
    const manager = await managerBy(world)
    expect((await manager.get('/api/admin/person/register')).body.list.length).toBeGreaterThan(0)
    expect((await manager.get('/api/admin/person/requests', { kind: 'erase' })).body.list[0].kind).toBe(
      'erase',
    )
    expect((await manager.post('/api/admin/person/settings', { eraseDays: 90 })).body).toEqual({
      eraseDays: 90,
    })
    await manager.post('/api/admin/person/settings', {})
    const refused = await manager.post('/api/admin/person/erase', { userId: 'zhangsan', reason: 'x' })
    expect(refused.retMessage).toContain('仍是企业微信的成员')
    const held = { userId: 'zhangsan', reason: 'x', until: until2027() }
    const { id } = (await manager.post('/api/admin/person/hold', held)).body
    expect((await manager.get('/api/admin/person/holds')).body.list[0]).toMatchObject({
      id,
      userId: 'zhangsan',
    })
    expect((await manager.post('/api/admin/person/hold/end', { id })).retCode).toBe('0')
    expect((await manager.get('/api/admin/person/consents')).body).toHaveProperty('total')
  })
})

describe('the register and the consents', () => {
  it('say who gets which fields, and what wisp keeps', async () => {
    await put(sql`delete from person_register`)
    expect((await admin.get('/web/personal/register')).body.countedAt).toBeNull()
    const { list } = await until('the counts', async () => {
      const { body } = await admin.get('/web/personal/register')
      return body.countedAt && body
    })
    expect(list).toContainEqual(
      expect.objectContaining({
        kind: 'developer',
        id: dev.devId,
        fields: expect.arrayContaining(['mobile']),
        people: 1,
      }),
    )
    const kept = (await admin.get('/web/personal/kept', { pageSize: 200 })).body
    expect(kept.list).toContainEqual(
      expect.objectContaining({ table: 'pay_bill', erased: expect.anything() }),
    )
    expect((await run('register')).text).toContain('报修系统')
  })

  it('keep each consent with the version of its text, and its end', async () => {
    const app = await addApp(world.ctx, 'test', world.corpId, {
      name: '体检',
      homeUrl: 'https://a.example.com',
    })
    const memberId = (await memberOf('zhangsan'))[0]!.id
    const key = { corpId: world.corpId, memberId, purpose: 'app' as const, subject: app.id }
    const text = { name: '体检', claims: ['profile'], relation: 'third-party', notice: '' }
    const agreedAt = new Date(world.ctx.now())
    await world.ctx.db.transaction().execute(async tx => {
      await putConsent(tx, { corpId: world.corpId, appId: app.id, memberId, claims: ['profile'], agreedAt })
      await noteConsent(tx, key, text, agreedAt)
      await noteConsent(tx, key, { ...text, claims: ['profile', 'phone'] }, agreedAt)
    })
    const consents = async () => (await person.get('/web/portal/personal')).body.consents
    expect(await consents()).toMatchObject([
      { claims: ['profile', 'phone'], withdrawnAt: null },
      { claims: ['profile'], withdrawnAt: expect.any(String) },
    ])
    expect((await person.post('/web/portal/grants/withdraw', { appId: app.id })).retCode).toBe('0')
    expect((await consents())[0].withdrawnAt).not.toBeNull()
    const { list, total } = (await admin.get('/web/personal/consents')).body
    expect([total, list[0].person]).toEqual([2, '张三'])
    expect(list[0].textHash).not.toBe(list[1].textHash)
    expect((await run('consents')).text).toContain('体检')
    // As a node does that does not know the ledger.
    const own = sql`corp_id = ${world.corpId} and app_id = ${app.id} and member_id = ${memberId}`
    await put(
      sql`update app_consent set agreed_at = now(), withdrawn_at = null, claims = '{phone}' where ${own}`,
    )
    expect((await consents())[0]).toMatchObject({ claims: ['phone'], withdrawnAt: null, textHash: 'before' })
    await put(sql`update app_consent set withdrawn_at = now() where ${own}`)
    expect((await consents()).map((one: { withdrawnAt: unknown }) => one.withdrawnAt)).not.toContain(null)
    // And before there was one.
    await put(sql`delete from person_consent where subject = ${app.id}`)
    await enqueue(world.ctx.db, [{ corpId: world.corpId, stream: 'consents-so-far' }], new Date(0))
    await until('the ledger', async () => (await consents()).length === 1)
    expect((await consents())[0]).toMatchObject({ name: '体检', claims: ['phone'] })
  })
})
