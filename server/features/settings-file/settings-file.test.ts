import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { removeLater } from '../../../test/leftovers.ts'
import { soak } from '../../../test/soak.ts'
import { addDeveloper, removeDeveloper, setDeveloper } from '../../callers/developers/developer-admin.ts'
import { authorised } from '../../cli/authorise.ts'
import { findCommand } from '../../cli/execute.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { parseArguments } from '../../cli/program.ts'
import { joinAgain, separate } from '../../cli/three.fixture.ts'
import { addCorp, putAgent, setCorp } from '../../organisation/corps/corps.ts'
import { readParts } from '../../platform/command/command.ts'
import { addApp, setApp } from '../apps/apps.ts'
import { toEveryone } from '../apps/visibility.ts'
import { setChannel } from '../channels/settings/settings.ts'
import { applySettings, exportSettings, readSettings } from './apply-settings.ts'

let world: World
let folder: string
let other: World
const smtpPassword = 'a password of the mail server'
beforeAll(async () => {
  world = await startWorld({ members: 12, departments: 4, tags: 2 })
  other = await startWorld({ members: 12, departments: 4, tags: 2 })
  folder = mkdtempSync(join(tmpdir(), 'wisp-settings-'))
  const { rmSync } = await import('node:fs')
  removeLater(async () => rmSync(folder, { recursive: true, force: true }))
  for (const { ctx, corpId, sandbox } of [world, other]) {
    const [agent] = sandbox.agents
    await putAgent(ctx, 'test', corpId, { ...agent!, name: '门户', uses: ['signin', 'messages'] })
  }
  const { ctx, corpId } = world
  const { devId } = await addDeveloper(ctx, 'test', corpId, {
    name: '报修',
    scopes: ['directory:read'],
    scopeDays: { 'directory:read': '2199-12-31' },
    owners: ['zhangsan'],
    allowedIps: ['192.0.2.0/24'],
    dataScope: { departments: [2], tags: [] },
  })
  await addApp(ctx, 'test', corpId, {
    name: '报修',
    devId,
    homeUrl: 'https://repair.example.com/',
    category: '后勤',
    visibility: { ...toEveryone, everyone: false, departments: [2] },
  })
  await setChannel(ctx, 'test', corpId, 'email', {
    host: 'smtp.example.com',
    security: 'tls',
    port: 465,
    user: 'wisp',
    password: smtpPassword,
    from: 'wisp@example.com',
  })
})
afterAll(async () => {
  await world.close()
  await other.close()
})

type File = {
  format: string
  version: number
  corpId: string
  corp: Record<string, unknown>
  features: Record<string, boolean>
  agents: Record<string, unknown>[]
  developers: Record<string, unknown>[]
  apps: Record<string, unknown>[]
  messages: Record<string, unknown>
  brand: Record<string, unknown>
}

const exported = async ({ ctx } = world) => (await runCommand(ctx, ['export', 'settings'])).data as File

function apply(file: unknown, words: string[] = [], { ctx } = world) {
  const path = join(folder, 'settings.json')
  writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file))
  return runCommand(ctx, ['apply', path, ...words])
}

type ApplyAnswer = {
  differences: { section: string; field: string; key: string; act: string; before: unknown }[]
}
const fieldsOf = (data: unknown) =>
  (data as ApplyAnswer).differences.map(one => `${one.act} ${one.section}.${one.field}`)

describe('the file of the settings', () => {
  it('has what is set, and no secret', async () => {
    const file = await exported()
    expect(file).toMatchObject({
      format: 'wisp settings',
      version: 1,
      corpId: world.corpId,
      corp: { name: '测试企业' },
      features: { payments: true },
      agents: [{ name: '门户', uses: ['signin', 'messages'] }],
      messages: { email: { host: 'smtp.example.com', user: 'wisp' }, sms: null },
      brand: { name: '' },
    })
    expect(file.developers.map(one => one['name'])).toContain('报修')
    const text = JSON.stringify(file)
    const { sandbox, dev } = world
    for (const secret of [smtpPassword, sandbox.contactSecret, sandbox.agents[0]!.secret, dev.devSecret])
      expect(text).not.toContain(secret)
    expect(text.replace(/hintTokenRequired|idTokenAlg/g, '')).not.toMatch(
      /"\w*(secret|password|token|aesKey)\w*":/i,
    )
  })

  it('applied to where it is from says that nothing differs', async () => {
    const { text } = await runCommand(world.ctx, ['export', 'settings'])
    expect((await apply(text)).text).toBe('没有差异')
    expect((await apply(text, ['--dry-run'])).text).toBe('没有差异')
  })

  it('shows the difference row by row, changes it, and then nothing more', async () => {
    const file = await exported()
    const [agent] = file.agents
    const developers = file.developers.map(one =>
      one['name'] === '报修' ? { ...one, scopes: ['directory:read', 'message:send'], enabled: false } : one,
    )
    const changed = {
      ...file,
      corp: { ...file.corp, name: '新名', callLimits: { read: { perMinute: 100 } } },
      features: { mcp: false },
      agents: [{ ...agent, uses: ['messages', 'signin'], name: '工作台' }],
      developers,
      apps: file.apps.map(one => (one['name'] === '报修' ? { ...one, category: '行政' } : one)),
      messages: { keepDays: 90, email: { ...(file.messages['email'] as object), port: 994 } },
      brand: { name: '华宇' },
    }
    const wanted = [
      'set corp.name',
      'set corp.callLimits',
      'set features.mcp',
      'set agents.name',
      'set developers.enabled',
      'set developers.scopes',
      'set brand.name',
      'set apps.category',
      'set messages.keepDays',
      'set messages.email',
    ]
    const before = await exported()
    const dry = await apply(changed, ['--dry-run'])
    expect(fieldsOf(dry.data).sort()).toEqual(wanted.toSorted())
    expect(dry.text).toMatch(/brand +— +name +"" +"华宇"/)
    expect(dry.text).toContain('没有改动')
    expect(await exported()).toEqual(before)
    const done = await apply(changed)
    expect(fieldsOf(done.data).sort()).toEqual(wanted.toSorted())
    expect(done.text).toContain('已应用 10 处改动')
    expect((await apply(changed)).text).toBe('没有差异')
    expect(await exported()).toMatchObject({
      corp: { name: '新名' },
      features: { mcp: false, payments: true },
      messages: { keepDays: 90, email: { port: 994, host: 'smtp.example.com' } },
    })
    expect((await apply(before)).failed).toBeUndefined()
    expect(await exported()).toEqual(before)
  })

  it('makes what another installation lacks, knows it by its name there, and links it', async () => {
    const whole = await exported()
    await expect(apply(whole, ['--corp', other.corpId], other)).rejects.toThrow(/messages：.*email\.password/)
    const { email: _email, ...messages } = whole.messages
    const file = { ...whole, messages }
    expect((await exported(other)).developers.map(one => one['name'])).not.toContain('报修')
    const first = await apply(file, ['--corp', other.corpId], other)
    expect(fieldsOf(first.data)).toContain('add developers.scopes')
    expect(fieldsOf(first.data)).toContain('add apps.devId')
    expect(fieldsOf(first.data)).not.toContain('set agents.uses')
    const made = other.ctx.developers.all().find(one => one.name === '报修')
    expect(made?.devId).not.toBe(file.developers.find(one => one['name'] === '报修')?.['devId'])
    expect(other.ctx.apps.ofCorp(other.corpId).find(one => one.name === '报修')?.devId).toBe(made?.devId)
    expect((await apply(file, ['--corp', other.corpId], other)).text).toBe('没有差异')
  })

  it('makes nothing twice where names do not tell items apart', async () => {
    const { format, version, corpId } = await exported()
    const twins = [
      { devId: 'wd1', name: '双胞胎' },
      { devId: 'wd2', name: '双胞胎' },
    ]
    const file = { format, version, corpId, developers: twins }
    await expect(apply(file)).rejects.toThrow(/developers\[0\]：名称「双胞胎」对应多个，请写明 devId/)
    const first = await apply({ ...file, developers: [{ name: '双胞胎' }] })
    const [made] = (first.data as ApplyAnswer).differences
    expect(first.text).toContain(`双胞胎（新建 ${made?.key}）`)
    const both = { ...file, developers: [{ devId: made?.key, name: '双胞胎' }, twins[1]] }
    expect(fieldsOf((await apply(both)).data)).toEqual(['add developers.name'])
    expect((await apply(both)).text).toBe('没有差异')
    await expect(apply({ ...file, developers: [{ name: '双胞胎' }] })).rejects.toThrow('对应多个')
  })

  it('removes nothing that it leaves out', async () => {
    const before = await exported()
    const { format, version, corpId } = before
    expect((await apply({ format, version, corpId, developers: [], apps: [], corp: {} })).text).toBe(
      '没有差异',
    )
    expect(await exported()).toEqual(before)
  })
})

describe('a wrong file', () => {
  const head = () => ({ format: 'wisp settings', version: 1, corpId: world.corpId })
  it.each([
    ['no JSON', () => '{', /不是 JSON/],
    ['another file', () => ({ a: 1 }), /format 应为 "wisp settings"/],
    ['another version', () => ({ ...head(), version: 2 }), /version 是 2，此版本的 wisp 只读 1/],
    ['no version', () => ({ ...head(), version: undefined }), /version 是/],
    ['another corp', () => ({ ...head(), corpId: 'wwnone' }), /没有企业 wwnone/],
    ['an unknown section', () => ({ ...head(), developer: [] }), /developer 是不认识的名称，应为 developers/],
    ['an unknown name', () => ({ ...head(), corp: { nme: 'x' } }), /corp\.nme 是不认识的名称，应为 name/],
    [
      'one deeper',
      () => ({ ...head(), developers: [{ name: 'x', dataScope: { departments: [], tags: [], x: 1 } }] }),
      /developers\[0\]\.dataScope/,
    ],
    [
      'a feature that is none',
      () => ({ ...head(), features: { pay: true } }),
      /features\.pay 是不认识的名称/,
    ],
    [
      'a secret of a corp',
      () => ({ ...head(), corp: { contactSecret: 's' } }),
      /corp\.contactSecret 密钥不能写在文件里/,
    ],
    [
      'a secret of an agent',
      () => ({ ...head(), agents: [{ agentId: 1, name: 'x', uses: [], secret: 's' }] }),
      /agents\[0\]\.secret 密钥不能写在文件里/,
    ],
    [
      'a password',
      () => ({ ...head(), messages: { email: { password: 'p' } } }),
      /messages\.email\.password 密钥不能写在文件里/,
    ],
    ['another shape', () => ({ ...head(), corp: { requestLogDays: 9 } }), /corp\.requestLogDays 不能大于 7/],
    ['no list', () => ({ ...head(), apps: {} }), /apps 应为数组/],
    [
      'the same twice',
      () => ({ ...head(), developers: [{ name: 'x' }, { name: 'x' }] }),
      /developers\[1\]\.devId 与前面的一项重复/,
    ],
    [
      'an agent that is new',
      () => ({ ...head(), agents: [{ agentId: 99, name: 'x', uses: [] }] }),
      /agents\[0\] 没有这个企业微信应用/,
    ],
  ])('is refused for %s, before anything is changed', async (_what, file, why) => {
    const before = await exported()
    const given = file()
    const whole =
      typeof given === 'string' ? given : { ...given, ...('corp' in given ? {} : { corp: { name: '改' } }) }
    await expect(apply(whole)).rejects.toThrow(why)
    expect(await exported()).toEqual(before)
  })

  it('tells which change a rule refused, and that those before it are made', async () => {
    const file = { ...head(), corp: { name: '改过' }, developers: [{ name: '新的', scopes: ['everything'] }] }
    await expect(apply(file)).rejects.toThrow(/developers\[0\]：.*everything.*此前的 1 处改动已生效/)
    expect((await exported()).corp['name']).toBe('改过')
  })

  it('leaves what somebody else changed after it was compared', async () => {
    const changedTo = async (name: string) => setCorp(world.ctx, 'test', world.corpId, { name })
    await changedTo('原名')
    const file = { ...head(), corp: { name: '文件里的' }, brand: { name: '不会到这里' } }
    let turns = 0
    const during = async <T>(corpId: string, work: () => Promise<T>) => {
      if (++turns === 2) await changedTo('别人改的')
      return world.ctx.mirrors.during(corpId, work)
    }
    const ctx = { ...world.ctx, mirrors: { during } }
    const given = readSettings(ctx, JSON.stringify(file), undefined)
    await expect(applySettings(ctx, 'test', given)).rejects.toThrow(/name 在应用期间被他人改为 "别人改的"/)
    expect((await exported()).corp['name']).toBe('别人改的')
    expect((await exported()).brand).toMatchObject({ name: '' })
    turns = 2
    expect(await applySettings(ctx, 'test', given)).toHaveLength(2)
  })

  it('does not make again what somebody else deleted after it was compared', async () => {
    const { ctx, corpId } = world
    const { devId } = await addDeveloper(ctx, 'test', corpId, { name: '要删的' })
    const file = { ...head(), developers: [{ devId, name: '要删的', listStyle: 'array' }] }
    let turns = 0
    const during = async <T>(_corpId: string, work: () => Promise<T>) => {
      if (++turns === 2) await removeDeveloper(ctx, 'test', corpId, devId)
      return ctx.mirrors.during(corpId, work)
    }
    const meanwhile = { ...ctx, mirrors: { during } }
    const given = readSettings(meanwhile, JSON.stringify(file), undefined)
    await expect(applySettings(meanwhile, 'test', given)).rejects.toThrow(/developers\[0\]：.*被删除或改名/)
    expect((await exported()).developers.some(one => one['name'] === '要删的')).toBe(false)
  })

  it('takes the name of an app where the item is only about it as no setting', async () => {
    const file = await exported()
    const [app] = file.apps.filter(one => one['name'] === '报修')
    app!['name'] = '报修改名'
    expect(fieldsOf((await apply(file, ['--dry-run'])).data)).toEqual(['set apps.name'])
    expect(fieldsOf((await apply(file)).data)).toEqual(['set apps.name'])
    expect(fieldsOf((await apply(file)).data)).toEqual([])
    app!['name'] = '报修'
    await apply(file)
  })

  it('names a developer of another corp by nothing', async () => {
    const { devId } = world.dev
    await setDeveloper(world.ctx, 'test', devId, { name: '唯一的' })
    const file = { ...head(), apps: [{ name: '借用', devId: 'wd0000000000000000' }] }
    await expect(apply(file)).rejects.toThrow(/apps\[0\]：无效的应用 ID/)
    const [app] = world.ctx.apps.ofCorp(world.corpId)
    await setApp(world.ctx, 'test', world.corpId, app!.id, { category: '其他' })
  })

  it('begins with a byte order mark, as editors write it', async () => {
    expect(
      (await apply(`\uFEFF${JSON.stringify({ ...head(), corp: { name: '有标记' } })}`)).data,
    ).toMatchObject({
      differences: [{ field: 'name', after: '有标记' }],
    })
  })

  it.each([
    ['lists', (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`],
    ['objects', (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`],
  ])('is refused when it is nested deeper than any, in %s', async (_what, nested) => {
    const file = (depth: number) =>
      `{"format":"wisp settings","version":1,"corpId":"${world.corpId}","features":${nested(depth)}}`
    for (const depth of [40, 100_000]) await expect(apply(file(depth))).rejects.toThrow('嵌套超过 32 层')
  })

  it('may have any marks in its texts', async () => {
    const texts = { ...head(), corp: { name: `${'['.repeat(40)}{\\"` } }
    expect((await apply(texts)).data).toMatchObject({ differences: [{ field: 'name' }] })
  })

  it('makes many developers without reading all of them after each', async () => {
    const { developers } = world.ctx
    const { reload } = developers
    let readings = 0
    developers.reload = corpId => {
      readings++
      return reload(corpId)
    }
    const many = Array.from({ length: soak(120, 3000) }, (_one, n) => ({
      name: `批量 ${n}`,
      enabled: n % 2 === 0,
    }))
    const started = performance.now()
    await apply({ ...head(), developers: many })
    expect(readings).toBeLessThan((performance.now() - started) / 1000 + 3)
    developers.reload = reload
    const made = developers.all().filter(one => one.corpId === world.corpId && one.name.startsWith('批量'))
    expect(made).toHaveLength(many.length)
    expect(made.filter(one => one.enabled)).toHaveLength(many.length / 2)
    expect((await apply({ ...head(), developers: many })).text).toBe('没有差异')
  })
})

it('is refused where the three of the corp in the file are separated, also beside other corps', async () => {
  const { ctx, corpId } = world
  const before = await exportSettings(ctx, corpId)
  await addCorp(ctx, 'test', {
    corpId: 'ww00000000000000aa',
    name: '另一企业',
    contactSecret: 'x'.repeat(43),
  })
  await separate(world, corpId, { system: 'zhangsan', security: 'lisi', auditor: 'wangwu' })
  const file = JSON.parse(before)
  file.auditDestination.url = 'https://attacker.example.com/'
  const path = join(folder, 'three.json')
  writeFileSync(path, JSON.stringify(file))
  const apply = (...more: string[]) => typed(world, ['apply', path, ...more])
  // Named on the command line, it is refused before the file is read; named by the file alone, by what has read it.
  await expect(apply('--corp', corpId)).rejects.toThrow('绕过三员')
  await expect(apply()).rejects.toThrow(`企业 ${corpId} 启用了三员`)
  await expect(apply('--dry-run')).rejects.toThrow(`企业 ${corpId} 启用了三员`)
  await expect(apply('--break-glass', '--reason', 'x')).rejects.toThrow('不要三员的验证码')
  expect(await exportSettings(ctx, corpId)).toBe(before)
  await joinAgain(world)
  expect(await apply('--dry-run')).toMatchObject({ data: { differences: [{ section: 'auditDestination' }] } })
})

/** As `wisp` runs what is typed, with the codes of the three where they are asked for. */
async function typed({ ctx }: World, words: string[]) {
  const { command, values, signing } = parseArguments(words)!
  const found = findCommand(command)
  if (found.needs !== 'context') throw new Error('no context')
  const input = readParts(found.parts, values)
  const io = { note() {}, say() {}, output: () => process.stdout, signal: new AbortController().signal }
  return authorised(ctx, { command: found, input, signing }, io, by =>
    found.run(ctx, input, { ...io, ...by }),
  )
}
