import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { setQuietHours } from '../../quiet-hours/set-quiet-hours.ts'
import { faultSend, fresh, sendText, useAgents, useSmtp } from '../messages.fixture.ts'
import type { WhyStep } from './why.ts'

let world: World
let as: SignedInClient
let other: Caller
beforeAll(async () => {
  world = await startWorld({ members: 10 })
  await useAgents(world)
  other = await world.addDeveloper({ name: '别的', scopes: ['message:send'] })
  as = await signInAs(world, 'super', 'zhangsan')
})
afterAll(() => world.close())

const ask = (msgId: string, userId: string, by = fresh(world)) =>
  by.get('/api/message/why', { msgId, userId })
const words = (steps: WhyStep[]) => steps.map(one => [one.what, one.channel, one.cause])

describe('why a person got a message', () => {
  it('is told in order of time, by every way alike, and never what it says', async () => {
    const { msgId } = await sendText(world, '密码 445566', { toUser: 'zhangsan|lisi' })
    const { id } = await world.ctx.db
      .selectFrom('member')
      .select('id')
      .where('user_id', '=', 'zhangsan')
      .executeTakeFirstOrThrow()
    const at = new Date(world.ctx.now() - 3_600_000)
    const cause = { code: 'quietOfCorp', from: '22:00', to: '07:00' }
    await sql`
      insert into message_step (corp_id, message_id, member_id, at, what, cause, until)
      values (${world.corpId}, ${msgId}, ${id}, ${at}, 'wait', ${JSON.stringify(cause)}::jsonb, ${new Date(at.getTime() + 60_000)}),
        (${world.corpId}, ${msgId}, ${id}, ${new Date(at.getTime() + 60_000)}, 'send', '{"code":"waited"}', null)`.execute(
      world.ctx.db,
    )
    await sql`update message set created_at = ${new Date(at.getTime() - 1)} where id = ${msgId}`.execute(
      world.ctx.db,
    )
    const { steps } = (await ask(msgId, 'zhangsan')).body
    expect(words(steps)).toEqual([
      ['accepted', '', ''],
      ['wait', '', '企业免打扰 22:00–07:00'],
      ['send', '', '等待结束'],
      ['sent', 'wecom', ''],
    ])
    expect(steps[1].until).toBe(new Date(at.getTime() + 60_000).toISOString())
    expect(words((await ask(msgId, 'lisi')).body.steps).map(([what]) => what)).toEqual(['accepted', 'sent'])
    const page = await as.get('/web/messages/why', { msgId, userId: 'zhangsan' })
    expect(page.body.steps[1]).toEqual({
      ...{ at: steps[1].at, until: steps[1].until, via: '' },
      said: '决定等待：企业免打扰 22:00–07:00',
    })
    expect(page.body.steps[3]).toMatchObject({ via: '企业微信', said: '渠道已接受' })
    const { data, text } = await runCommand(world.ctx, ['message', 'why', msgId, 'zhangsan'])
    expect(data).toEqual({ steps })
    expect(text).toContain('决定等待：企业免打扰 22:00–07:00')
    expect(JSON.stringify([page.body, text])).not.toContain('445566')
    await fresh(world).post('/api/message/recall', { msgId })
    expect(words((await ask(msgId, 'lisi')).body.steps).map(([what]) => what)).toContain('recalled')
  })

  it('says why it did not arrive, in the reader’s language', async () => {
    await faultSend(world, 'code:81013')
    const { msgId } = await sendText(world, '不在可见范围', { toUser: 'wangwu' })
    const { steps } = (await ask(msgId, 'wangwu')).body
    expect(words(steps).at(-1)).toEqual(['failed', 'wecom', expect.stringContaining('81013')])
  })

  it('is told of its sender’s own receivers alone', async () => {
    const { msgId } = await sendText(world, '给张三', { toUser: 'zhangsan' })
    expect(await ask(msgId, 'lisi')).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining(`lisi 不是消息 ${msgId} 的接收人`),
    })
    expect((await ask(msgId, 'nobody')).retCode).toBe('1007')
    expect(await ask(msgId, 'zhangsan', other)).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('没有消息'),
    })
  })
})

describe('if it were sent now', () => {
  const definition = (more: object = {}) => ({
    name: '报销',
    level: 'normal',
    channels: ['email', 'wecom'],
    templates: { email: { zh: { title: '到账', content: '甲' } }, wecom: { zh: { content: '甲' } } },
    ...more,
  })
  const simulated = async (more: object = {}, userId = 'lisi') =>
    (await as.post('/web/message-types/simulate', { definition: definition(more), userId })).body

  it('says what would be decided, until when, and by which channel it would leave', async () => {
    expect(await simulated()).toEqual({ name: '李四', what: 'send', cause: '', channel: 'wecom', lost: '' })
    await useSmtp(world)
    expect((await simulated()).channel).toBe('email')
    const minute = new Date(world.ctx.now()).getUTCHours() * 60
    const quiet = { days: [1, 2, 3, 4, 5, 6, 7], from: minute, to: (minute + 120) % 1440, timeZone: 'UTC' }
    await setQuietHours(world.ctx, 'test', world.corpId, quiet)
    expect(await simulated()).toMatchObject({
      what: 'wait',
      cause: expect.stringContaining('企业免打扰'),
      until: expect.any(String),
      channel: 'email',
    })
    expect((await simulated({ digest: { minutes: 600 } })).what).toBe('collect')
    expect((await simulated({ level: 'urgent' })).what).toBe('send')
    await setQuietHours(world.ctx, 'test', world.corpId, null)
  })
})
