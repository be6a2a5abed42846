import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { signIn } from '../../../../test/sign-in.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { casAt } from '../browser.fixture.ts'
import type { ImportedService } from './import.ts'
import { readHjson } from './registry.ts'

let world: World
let directory: string
const services = 'org.apereo.cas.services'

/** As registries have them: HJSON with comments, Java's lists, classes of several versions. */
const files: Record<string, string> = {
  'library-1001.json': `{
  # the library, since 2019
  "@class": "${services}.CasRegisteredService",
  "serviceId": "^https://lib\\\\.example\\\\.edu(/.*)?", // all of it
  name: 图书馆
  "id": 1001, "evaluationOrder": 10,
  /* what it gets */
  "attributeReleasePolicy": {
    "@class": "${services}.ReturnAllowedAttributeReleasePolicy",
    "allowedAttributes": ["java.util.ArrayList", ["cn", "mail", "shoeSize",]],
  },
  "description": '''
    two
    lines
    ''',
}`,
  'sub/dir/jw-1002.json': JSON.stringify({
    '@class': `${services}.RegexRegisteredService`,
    serviceId: String.raw`^https://jw\.example\.edu/.*`,
    name: '教务',
    evaluationOrder: 1,
    usernameAttributeProvider: {
      '@class': `${services}.PrincipalAttributeRegisteredServiceUsernameProvider`,
      usernameAttribute: 'employeeNumber',
    },
    attributeReleasePolicy: {
      '@class': `${services}.ReturnMappedAttributeReleasePolicy`,
      allowedAttributes: {
        '@class': 'java.util.TreeMap',
        uid: 'userName',
        mobile: ['java.util.ArrayList', ['phone']],
      },
    },
    logoutType: 'NONE',
    multifactorPolicy: {
      '@class': `${services}.DefaultRegisteredServiceMultifactorPolicy`,
      multifactorAuthenticationProviders: ['java.util.LinkedHashSet', ['mfa-gauth']],
    },
  }),
  'staff-1003.json': JSON.stringify({
    '@class': 'org.jasig.cas.services.RegexRegisteredService',
    serviceId: String.raw`^https://staff\.example\.edu/.*`,
    name: '人事',
    accessStrategy: {
      '@class': `${services}.DefaultRegisteredServiceAccessStrategy`,
      enabled: true,
      requiredAttributes: { '@class': 'java.util.HashMap', memberOf: ['java.util.HashSet', ['staff']] },
    },
  }),
  'all-10000001.json': JSON.stringify({
    '@class': `${services}.RegexRegisteredService`,
    serviceId: '^(https|imaps)://.*',
    name: 'HTTPS and IMAPS',
    evaluationOrder: 10000,
  }),
  'any-5.json': JSON.stringify({
    '@class': `${services}.RegexRegisteredService`,
    serviceId: '.*',
    name: 'any',
  }),
  'off-6.json': JSON.stringify({
    '@class': `${services}.RegexRegisteredService`,
    serviceId: String.raw`^https://off\.example\.edu/.*`,
    name: 'off',
    accessStrategy: { enabled: false },
  }),
  'gitlab-7.json': JSON.stringify({
    '@class': `${services}.OidcRegisteredService`,
    serviceId: String.raw`^https://git\.example\.edu/.*`,
    name: 'GitLab',
  }),
  'one-8.json': '{ "@class": ',
  'one-9.json': JSON.stringify({
    '@class': `${services}.CasRegisteredService`,
    serviceId: 'https://a.example.edu/.*',
    name: 'a',
  }),
  'two-9.json': JSON.stringify({
    '@class': `${services}.CasRegisteredService`,
    serviceId: 'https://b.example.edu/.*',
    name: 'b',
  }),
  'README.md': 'no service',
  'nothing.json': '{}',
}

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  directory = mkdtempSync(join(tmpdir(), 'wisp-registry-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
})
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  await world.close()
})

type ShownService = Omit<ImportedService, 'settings'> & { services: string[] }
async function run(...words: string[]): Promise<{ list: ShownService[]; text: string }> {
  const { data, text } = await runCommand(world.ctx, ['cas', 'import', directory, ...words])
  return { list: (data as { services: ShownService[] }).services, text }
}
const names = () => world.ctx.apps.ofCorp(world.corpId).map(app => app.name)

describe('wisp cas import', () => {
  it('says of each service what would become of it, and writes nothing', async () => {
    const { list, text } = await run('--dry-run')
    expect(list.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['5', 'refused'],
      ['7', 'refused'],
      ['6', 'refused'],
      ['8', 'refused'],
      ['9', 'refused'],
      ['1003', 'narrowed'],
      ['9', 'refused'],
      ['1002', 'taken'],
      ['1001', 'narrowed'],
      ['10000001', 'refused'],
    ])
    expect(text).toContain('试运行，没有写入：不导入 7，收窄 2，照原样 1')
    for (const why of [
      '没有限定 https 和域名',
      '没有限定域名',
      '已停用',
      'OpenID Connect',
      '不是 JSON',
      '编号相同',
      'shoeSize',
    ])
      expect(text).toContain(why)
    expect(names()).not.toContain('图书馆')
  })

  it('writes nothing when a later prefix is wrong', async () => {
    const wrong = run('--prefix', '1001=https://a.example.edu/?x=1')
    await expect(wrong).rejects.toMatchObject({ message: expect.stringContaining('不带参数') })
    for (const name of ['图书馆', '教务', '人事']) expect(names()).not.toContain(name)
  })

  it('makes an app of each that is taken, once', async () => {
    const first = await run()
    const ids = first.list.filter(one => one.appId !== '').map(one => one.appId)
    expect(ids).toHaveLength(3)
    expect(names().filter(name => ['图书馆', '教务', '人事'].includes(name))).toHaveLength(3)
    const again = await run()
    expect(again.text).toContain('已导入 3')
    expect(again.list.map(one => one.appId)).toEqual(first.list.map(one => one.appId))
    expect(names().filter(name => ['图书馆', '教务', '人事'].includes(name))).toHaveLength(3)
  })

  it('takes over how people are named, what is given, who may, and how logout is told', async () => {
    const of = (name: string) => {
      const app = world.ctx.apps.ofCorp(world.corpId).find(one => one.name === name)
      return { app, signIn: app && world.ctx.appSignIns.of(app.id) }
    }
    expect(of('图书馆').signIn).toMatchObject({
      userNameField: 'userid',
      leastAcr: 1,
      cas: { services: ['https://lib.example.edu/'], singleLogout: true, attributesInV2: true },
      attributes: [
        { name: 'cn', field: 'name', approvedBy: '' },
        { name: 'mail', field: 'email', approvedBy: '' },
      ],
    })
    expect(of('教务').signIn).toMatchObject({
      userNameField: 'employeeNumber',
      leastAcr: 3,
      cas: { singleLogout: false },
      attributes: [
        { name: 'userName', field: 'userid' },
        { name: 'phone', field: 'mobile' },
      ],
    })
    expect([of('人事').app?.enabled, of('图书馆').app?.enabled]).toEqual([false, true])
  })

  it('takes a literal prefix in the place of a pattern that cannot be narrowed', async () => {
    const asks = (await run('--dry-run')).list.find(one => one.id === '5')
    expect(asks?.notes.join()).toContain('--prefix 5=https://')
    const given = await run('--dry-run', '--prefix', '5=https://a.example.edu/x/,5=https://b.example.edu')
    expect(given.list.find(one => one.id === '5')).toMatchObject({
      outcome: 'narrowed',
      services: ['https://a.example.edu/x/', 'https://b.example.edu/'],
    })
    for (const [prefix, why] of [
      ['5', '编号=地址'],
      ['55=https://a.example.edu/', '没有编号 55'],
      ['5=http://a.example.edu/', 'http'],
      ['5=https://a.example.edu/?x=1', '不带参数'],
    ] as const)
      await expect(run('--dry-run', '--prefix', prefix)).rejects.toMatchObject({
        message: expect.stringContaining(why),
      })
  })

  it('lets the services sign people in', async () => {
    const { cookie } = await signIn(world, { userId: 'zhangsan' })
    const cas = casAt(world.ctx.appSignIns.addressesOf(world.corpId).casBase)
    const service = 'https://lib.example.edu/opac?x=1'
    const ticket = await cas.ticket(cookie, service)
    expect((await cas.ask('serviceValidate', { service, ticket })).text).toContain('<cas:user>zhangsan<')
    const staff = await cas.login(cookie, { service: 'https://staff.example.edu/' })
    expect(staff.text).toContain('应用已停用')
  })

  it('says so when there is no directory, or nothing in it', async () => {
    const missing = runCommand(world.ctx, ['cas', 'import', join(directory, 'missing')])
    await expect(missing).rejects.toMatchObject({ code: '1000' })
    const empty = join(directory, 'sub', 'empty')
    mkdirSync(empty)
    expect((await runCommand(world.ctx, ['cas', 'import', empty])).text).toContain('没有 name-id.json')
  })
})

describe('HJSON', () => {
  it.each<[string, unknown]>([
    ['{a: 1, "b": [1\n2, 3,], \'c\': true}', { a: 1, b: [1, 2, 3], c: true }],
    ['{a: some text # not a comment\n b: "x" # a comment\n}', { a: 'some text # not a comment', b: 'x' }],
    ['{"a": "\\u5b66\\n\\\\.", b: 10000}', { a: '学\n\\.', b: 10000 }],
    ["{a: '''one'''}", { a: 'one' }],
    ['/* x */ [null, -1.5, "//", false] // end', [null, -1.5, '//', false]],
    ['{"__proto__": {"x": 1}}', {}],
    ['\ufeff{"allowedAttributes": ["java.util.ArrayList", ["cn"]]}', { allowedAttributes: ['cn'] }],
  ])('reads %s', (text, value) => {
    expect(readHjson(text)).toEqual(value)
  })

  it.each([
    ['{'],
    ['{a}'],
    ['{"a": }'],
    ['["a'],
    ["'''"],
    ['{} x'],
    ['['.repeat(1000)],
    ['['.repeat(900_000)],
  ])('refuses %s', text => {
    expect(() => readHjson(text)).toThrow(Error)
  })

  it('takes no empty file for a service', () => {
    expect(readHjson('')).toBe('')
  })
})
