import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../test/harness.ts'
import { type SignedInClient, signIn } from '../../test/sign-in.ts'
import { secondFactorStatus } from '../callers/sign-in/factor/second-factor.ts'
import { allCheckpoints } from '../features/audit-tree/checkpoints/checkpoint-store.ts'
import { putDestination } from '../features/audit-tree/checkpoints/destination-store.ts'
import { endOver } from '../features/break-glass/break-glass.ts'
import { breakGlassUnclosed } from '../features/break-glass/causes.ts'
import { readParts } from '../platform/command/command.ts'
import { authorised } from './authorise.ts'
import { wisp } from './cli.fixture.ts'
import { findCommand } from './execute.ts'
import { parseArguments } from './program.ts'
import { joinAgain, separate, withAuthenticator } from './three.fixture.ts'

const nowhere = { url: '', members: [], mails: [], receiver: '', bucket: null, bucketSecret: null }

let world: World
/** The place to which checkpoints of the corp are sent, and what came there. */
const received: string[] = []
const receiver = createServer((request, reply) => {
  let body = ''
  request.on('data', chunk => {
    body += chunk
  })
  request.on('end', () => {
    received.push(body)
    reply.end()
  })
})
beforeAll(async () => {
  world = await startWorld()
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await world.close()
  await new Promise(resolve => receiver.close(resolve))
})
beforeEach(async () => {
  received.length = 0
  await separate(world, world.corpId, { system: 'zhangsan', security: 'lisi', auditor: 'wangwu' })
})
afterEach(() => joinAgain(world))

async function type(words: string, reason = '演练') {
  const parsed = parseArguments([...words.split(' '), '--break-glass', '--reason', reason])
  if (!parsed) throw new Error('help was shown')
  const command = findCommand(parsed.command)
  const input = readParts(command.parts, parsed.values)
  const said: string[] = []
  const io = { note: (text: string) => said.push(text) }
  const work = async () => {
    if (reason === '失败') throw new Error('it failed')
    return { data: null, text: `ran with ${received.length} sent` }
  }
  const { text } = await authorised(world.ctx, { command, input, signing: parsed.signing }, io, work)
  return { text, said: said.join('\n') }
}

const as = (userId: string, acr: 2 | 3 = 3) => signIn(world, { userId }, { acr, amr: ['qr', 'totp'] })
const noticesFor = async (who: SignedInClient) => (await who.get('/web/three/notices')).body.breakGlasses
const acts = async () =>
  (
    await world.ctx.db
      .selectFrom('audit')
      .select('act')
      .where(sql<boolean>`act like 'break-glass.%'`)
      .orderBy('id')
      .execute()
  ).map(one => one.act.replace('break-glass.', ''))

describe('a break-glass', () => {
  it('runs a command without codes, between two checkpoints that were sent', async () => {
    const { port } = receiver.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/`
    await putDestination(world.ctx.db, world.corpId, { ...nowhere, url }, { at: new Date(), actor: 'test' })
    const { text, said } = await type('sync run')
    expect(text).toBe('ran with 1 sent')
    expect(received).toHaveLength(2)
    expect(said).toMatch(/^应急执行到 .* 结束/)
    const made = await allCheckpoints(world.ctx.db, world.corpId)
    expect(made.slice(-2).map(one => one.cause)).toEqual(['break-glass', 'break-glass'])
    expect(received.at(-1)).toBe(made.at(-1)?.note)
  })

  it('goes on when nothing can be sent, and says so', async () => {
    await world.ctx.db.deleteFrom('audit_destination').execute()
    const { text, said } = await type('sync run')
    expect(text).toMatch(/^ran/)
    expect(said).toMatch(/没有设置检查点发到哪里/)
  })

  it('lasts an hour, for further commands too; then there is another one', async () => {
    const before = (await acts()).length
    await type('sync run', '第一次')
    await type('sync status', '第二次')
    world.clock.offsetMs += 61 * 60_000
    await type('sync run', '第三次')
    expect((await acts()).slice(before)).toEqual(['open', 'use', 'end', 'open'])
    world.clock.offsetMs += 61 * 60_000
    await endOver(world.ctx)
    await endOver(world.ctx)
    expect((await acts()).slice(before)).toEqual(['open', 'use', 'end', 'open', 'end'])
  })

  it('gives no rights, and resets the factor of one person', async () => {
    await expect(type('sign-in second-factor reset typo', '失败')).rejects.toThrow('it failed')
    for (const words of [
      'role add x',
      'admin role set zhaomin --level 2',
      'audit destination',
      'apply a.json',
    ])
      await expect(type(words), words).rejects.toThrow(/没有执行|绕过三员/)
    expect(await type('sign-in second-factor reset lisi')).toMatchObject({
      text: expect.stringMatching(/^ran/),
    })
    expect(await type('sign-in second-factor reset lisi')).toMatchObject({
      text: expect.stringMatching(/^ran/),
    })
    await expect(type('sign-in second-factor reset lisi', '失败')).rejects.toThrow('it failed')
    await expect(type('sign-in second-factor reset wangwu')).rejects.toThrow(/已经重置过一个人/)
  })

  it('resets what takes the other two of the three else', async () => {
    const { env, ctx } = world
    world.clock.offsetMs = 0
    const person = await withAuthenticator(world, 'lisi')
    const words = ['sign-in', 'second-factor', 'reset', 'lisi']
    const hasFactor = async () => (await secondFactorStatus(ctx, person.owner)).isOn
    const security = await wisp(env, [...words, '--totp', person.code()])
    expect(security).toMatchObject({ code: 1, stderr: expect.stringContaining('另外两员') })
    expect(await hasFactor()).toBe(true)
    const done = await wisp(env, [...words, '--break-glass', '--reason', '两位的手机都丢了'])
    expect(done.code, done.stderr).toBe(0)
    expect(await hasFactor()).toBe(false)
  })

  it('stays on the screen of all three until an auditor closes it', async () => {
    await type('sync run', '三人都不在')
    world.clock.offsetMs += 61 * 60_000
    await endOver(world.ctx)
    const [of] = [world.corpId]
    for (const userId of ['zhangsan', 'lisi', 'wangwu']) {
      const [shown] = await noticesFor(await as(userId))
      expect(shown).toMatchObject({ reason: '三人都不在', isOpen: false, mayClose: userId === 'wangwu' })
    }
    expect(await noticesFor(await as('zhaomin'))).toEqual([])
    const [{ id }] = await noticesFor(await as('wangwu'))
    const close = async (who: SignedInClient) =>
      (await who.post('/web/three/break-glass/close', { id, of })).retCode
    expect(await close(await as('zhangsan'))).toBe('1009')
    expect(await close(await as('zhaomin'))).toBe('1009')
    expect(await close(await as('wangwu', 2))).toBe('1009')
    expect((await breakGlassUnclosed.find(world.ctx)).found).toMatchObject([{ subject: String(id) }])
    expect(await close(await as('wangwu'))).toBe('0')
    expect((await breakGlassUnclosed.find(world.ctx)).found).toEqual([])
    expect(await close(await as('wangwu'))).toBe('1000')
    expect(await noticesFor(await as('lisi'))).toEqual([])
    expect((await acts()).at(-1)).toBe('close')
  })

  it('one that is closed ends at once', async () => {
    await type('sync run', '第一次')
    const auditor = await as('wangwu')
    const [{ id }] = await noticesFor(auditor)
    await auditor.post('/web/three/break-glass/close', { id, of: world.corpId })
    const before = (await acts()).length
    await type('sync run', '第二次')
    expect((await acts()).slice(before)).toEqual(['open'])
  })
})
