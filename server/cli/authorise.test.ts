import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../test/harness.ts'
import type { Account } from '../features/official/accounts/accounts.ts'
import { setRole } from '../organisation/people/administrators.ts'
import { readParts } from '../platform/command/command.ts'
import type { ApiError } from '../platform/http/errors.ts'
import { authorised, exempt } from './authorise.ts'
import { commands } from './commands.ts'
import { findCommand } from './execute.ts'
import { parseArguments } from './program.ts'
import { noSigning, type SigningOptions } from './signing.ts'
import { joinAgain, type Person, separate, withAuthenticator } from './three.fixture.ts'

let world: World
let system: Person
let security: Person
let auditor: Person
let account: Account
beforeAll(async () => {
  world = await startWorld()
  system = await withAuthenticator(world, 'zhangsan')
  security = await withAuthenticator(world, 'lisi')
  auditor = await withAuthenticator(world, 'wangwu')
  account = await world.bindOfficial()
})
afterAll(() => world.close())
afterEach(() => joinAgain(world))

const three = { system: 'zhangsan', security: 'lisi', auditor: 'wangwu' } as const
const inCorp = () => separate(world, world.corpId, three)
const nextStep = () => {
  world.clock.offsetMs += 31_000
}

/** Types a command, which then says with what name it acts. Codes stay of use in the test after it. */
async function type(
  words: string,
  given: Partial<SigningOptions> = {},
  ask?: (question: string) => Promise<string>,
) {
  const parsed = parseArguments(words.split(' '))
  if (!parsed) throw new Error('help was shown')
  const command = findCommand(parsed.command)
  const input = readParts(command.parts, parsed.values)
  const signing = { ...parsed.signing, ...given }
  const said: string[] = []
  const io = { note: (text: string) => said.push(text) }
  const { text } = await authorised(world.ctx, { command, input, signing, ask }, io, async () => ({
    data: null,
    text: 'ran',
  })).finally(nextStep)
  return { text, said }
}
const by = (...people: Person[]) => ({ codes: people.map(one => one.code()) })

const acts = async () =>
  world.ctx.db
    .selectFrom('audit')
    .select(['act', 'target', 'corp_id as corpId', 'detail'])
    .where(sql<boolean>`act like 'command.%'`)
    .orderBy('id')
    .execute()

describe('while the three are separated', () => {
  it('every command takes a code but those that are stated', async () => {
    await separate(world, undefined, { security: 'lisi' })
    await inCorp()
    const free: string[] = []
    for (const command of commands) {
      const input = { id: 1, account: 'gh_1' }
      const work = async () => ({ data: null, text: 'ran' })
      const asked = await authorised(world.ctx, { command, input, signing: noSigning }, { note() {} }, work)
        .then(() => undefined)
        .catch(error => error)
      if (!asked) free.push(command.path)
      else expect([command.path, (asked as ApiError).code]).toEqual([command.path, '1009'])
    }
    // The server is what serves and migrates.
    expect([...free, 'serve', 'migrate'].toSorted()).toEqual([...exempt].toSorted())
  })

  it('takes that of the one who is responsible for its point', async () => {
    await inCorp()
    expect(await type('sync run', by(system))).toMatchObject({ text: 'ran' })
    expect(await type('role list', by(security))).toMatchObject({ text: 'ran' })
    expect(await type('role list', by(auditor))).toMatchObject({ text: 'ran' })
    expect(await type('siem list', by(auditor))).toMatchObject({ text: 'ran' })
    await expect(type('sync run', by(security))).rejects.toThrow(/系统管理员/)
    await expect(type('role add x', by(system))).rejects.toThrow(/安全管理员/)
    await expect(type('role add x', by(auditor))).rejects.toThrow(/安全管理员/)
    await expect(type('apply a.json', by(system))).rejects.toThrow(/绕过三员/)
    expect((await acts()).map(one => [one.act, one.target, one.detail])).toEqual([
      ['command.run', 'sync run', { signers: ['zhangsan'] }],
      ['command.run', 'role list', { signers: ['lisi'] }],
      ['command.run', 'role list', { signers: ['wangwu'] }],
      ['command.run', 'siem list', { signers: ['wangwu'] }],
    ])
  })

  it('what none of the three does takes that of somebody whose role has it', async () => {
    await inCorp()
    const manager = await withAuthenticator(world, 'zhaomin')
    await expect(type('message list', by(manager))).rejects.toThrow(/这项权限/)
    await joinAgain(world)
    await setRole(world.ctx, 'test', world.corpId, 'zhaomin', { level: 2 })
    await inCorp()
    expect(await type('message list', by(manager))).toMatchObject({ text: 'ran' })
    await expect(type('sync run', by(manager))).rejects.toThrow(/系统管理员/)
    await expect(type('message list', by(system))).rejects.toThrow(/这项权限/)
  })

  it('the local account is system administrator and no more', async () => {
    await inCorp()
    const account = await withAuthenticator(world, 'admin', false)
    expect(await type('sync run', by(account))).toMatchObject({ text: 'ran' })
    await expect(type('role add x', by(account))).rejects.toThrow(/安全管理员/)
    await expect(type('sync run', { codes: ['nobody=123456'] })).rejects.toThrow(/系统管理员/)
  })

  it('a code is used once, and a wrong or missing one says so; attempts are counted and kept', async () => {
    await inCorp()
    const before = (await acts()).length
    await expect(type('sync run')).rejects.toThrow(/须由系统管理员给出动态验证码.*WISP_TOTP/)
    await expect(type('sync run', { codes: ['zhangsan'] })).rejects.toThrow(/账号=6 位数字/)
    await expect(type('sync run', { codes: ['zhangsan=abcd-efgh-jkmn-pqrs'] })).rejects.toThrow(/恢复码/)
    await expect(type('sync run', by(system, system))).rejects.toThrow(/收到 2 个/)
    const code = { codes: [system.code()] }
    expect(await type('sync run', code)).toMatchObject({ text: 'ran' })
    await expect(type('sync run', code)).rejects.toThrow(/不对或已经用过/)
    for (let n = 0; n < 8; n++)
      await expect(type('sync run', { codes: ['zhangsan=000000'] })).rejects.toThrow(/还可以尝试/)
    await expect(type('sync run', { codes: ['zhangsan=000000'] })).rejects.toThrow(/分钟后再试/)
    await expect(type('sync run', by(system))).rejects.toThrow(/分钟后再试/)
    const kept = (await acts()).slice(before).map(one => one.act)
    expect(kept).toEqual(['command.run', ...Array.from({ length: 11 }, () => 'command.refuse')])
    await expect(type('audit checkpoint', { codes: ['wangwu=000000'] })).rejects.toThrow(/还可以尝试 9 次/)
  })

  it('what the three do together is done by those whose codes it runs with', async () => {
    await inCorp()
    const run = async (words: string[], person: Person) => {
      const parsed = parseArguments([...words, '--totp', person.code()])!
      const command = findCommand(parsed.command)
      if (command.needs !== 'context') throw new Error('no context')
      const input = readParts(command.parts, parsed.values)
      const io = { note() {}, say() {}, output: () => process.stdout, signal: new AbortController().signal }
      const typed = { command, input, signing: parsed.signing }
      return authorised(world.ctx, typed, io, by => command.run(world.ctx, input, { ...io, ...by })).finally(
        nextStep,
      )
    }
    const proposed = await run(
      ['three', 'propose', 'three.appoint', '{"role":"auditor","userId":"zhaomin"}'],
      system,
    )
    const { id } = proposed.data as { id: number }
    expect(world.ctx.three.holders(world.corpId)).toHaveLength(3)
    const agreed = await run(['three', 'agree', String(id)], security)
    expect(agreed.data).toEqual({ isDone: true })
    expect(world.ctx.three.holders(world.corpId).map(one => one.userId)).toContain('zhaomin')
  })

  it('says who has no authenticator', async () => {
    await separate(world, world.corpId, { ...three, system: 'zhaomin' })
    await world.ctx.db.deleteFrom('member_factor').where('member_id', '=', idOf('zhaomin')).execute()
    await expect(type('sync run', { codes: ['zhaomin=123456'] })).rejects.toThrow(/没有设置验证器/)
  })

  it('a terminal is asked, and the audit log says whose codes they were', async () => {
    await inCorp()
    const asked: string[] = []
    const answer = async (question: string) => {
      asked.push(question)
      return system.code()
    }
    expect(await type('sync run', {}, answer)).toMatchObject({ text: 'ran' })
    expect(asked).toEqual(['wisp sync run: 系统管理员的 账号=验证码: '])
  })
})

const idOf = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId)!.id

describe('what a command is about', () => {
  it('is its corp, also by a developer, an official account or a token of it', async () => {
    await inCorp()
    for (const words of [
      `developer usage ${world.dev.devId}`,
      `official rule list --account ${account.originalId}`,
      'admin token list',
      `corp status ${world.corpId}`,
      `brand show --corp ${world.corpId}`,
    ])
      await expect(type(words), words).rejects.toThrow(/动态验证码|绕过三员/)
    for (const words of ['corp list', 'backup list', 'brand show --installation', 'corp status other'])
      expect(await type(words), words).toMatchObject({ text: 'ran' })
  })

  it('is the installation, whose three stand for its commands and for those of other corps', async () => {
    await separate(world, undefined, three)
    await expect(type('corp list')).rejects.toThrow(/三员之一/)
    await expect(type('backup list')).rejects.toThrow(/系统管理员/)
    expect(await type('corp list', by(auditor))).toMatchObject({ text: 'ran' })
    const named = { codes: [`${world.corpId}/${system.code()}`] }
    expect(await type('backup list', named)).toMatchObject({ text: 'ran' })
    expect(await type('sync run', by(system))).toMatchObject({ text: 'ran' })
  })

  it('takes two of the three to settle what was restored', async () => {
    await separate(world, undefined, three)
    const of = (one: Person) => `${world.corpId}/${one.code()}`
    await expect(type('restore settle', { codes: [of(system)] })).rejects.toThrow(/三员中的两位/)
    await expect(type('restore settle', { codes: [of(system), of(system)] })).rejects.toThrow(/不同角色/)
    expect(await type('restore settle', { codes: [of(security), of(auditor)] })).toMatchObject({
      text: 'ran',
    })
  })
})

describe('while they are not', () => {
  it('nothing is asked, and a break-glass is needless', async () => {
    expect(await type('sync run')).toMatchObject({ text: 'ran' })
    await expect(type('sync run --break-glass --reason 演练')).rejects.toThrow(/不要三员的验证码/)
  })

  it.each([
    ['sync run --break-glass', /要写原因/],
    ['sync run --reason x', /一起用/],
    ['sync run --break-glass --reason x --totp a=123456', /不能与 --totp 同用/],
  ])('%s is refused', (words, why) => {
    expect(() => parseArguments(words.split(' '))).toThrow(why)
  })
})
