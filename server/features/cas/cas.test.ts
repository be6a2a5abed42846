import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../test/sign-in.ts'
import { addCasApp, casAt } from './browser.fixture.ts'

let world: World
let cas: ReturnType<typeof casAt>
let zhangsan: SignedInClient
const service = 'https://lib.example.com/portal/home?a=1&b=二'
const ns = 'xmlns:cas="http://www.yale.edu/tp/cas"'
const failed = (code: string, text: string) =>
  `<cas:serviceResponse ${ns}><cas:authenticationFailure code="${code}">${text}</cas:authenticationFailure></cas:serviceResponse>`
const unknown = 'the ticket is unknown, was used already or has expired'

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  const attributes = [
    { name: 'uid', field: 'userid', purpose: '账号' },
    { name: 'email', field: 'name', purpose: '地图里的名称优先' },
  ]
  const claims = [
    { name: 'profile', purpose: '显示姓名' },
    { name: 'departments', purpose: '按部门授权' },
  ]
  await addCasApp(world, '图书馆', { services: ['https://lib.example.com/portal/'] }, { attributes, claims })
  await addCasApp(world, '旧系统', {
    services: ['https://old.example.com/'],
    attributesInV2: true,
    ticketSeconds: 60,
  })
  cas = casAt(world.ctx.appSignIns.addressesOf(world.corpId).casBase)
  zhangsan = await signIn(world, { userId: 'zhangsan' })
})
afterAll(() => world.close())

describe('the answers of validation', () => {
  it('have the three attributes first, and then those of the app, each value in an element of its own', async () => {
    const departments = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!.departments
    const names = departments.map(
      id => world.ctx.mirrors.of(world.corpId).tree.get(id)?.department.name ?? '',
    )
    const ticket = await cas.ticket(zhangsan.cookie, service)
    expect(ticket).toMatch(/^ST-[A-Za-z0-9-]{29,125}$/)
    const { status, type, text } = await cas.ask('p3/serviceValidate', { service, ticket })
    expect([status, type]).toEqual([200, 'application/xml; charset=utf-8'])
    const at = /<cas:authenticationDate>([^<]*)</.exec(text)?.[1]
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(text.replace(/<cas:(picture|updated_at)>[^<]*<\/cas:\1>/g, '')).toBe(
      `<cas:serviceResponse ${ns}><cas:authenticationSuccess><cas:user>zhangsan</cas:user><cas:attributes>` +
        `<cas:authenticationDate>${at}</cas:authenticationDate>` +
        '<cas:longTermAuthenticationRequestTokenUsed>false</cas:longTermAuthenticationRequestTokenUsed>' +
        '<cas:isFromNewLogin>false</cas:isFromNewLogin>' +
        '<cas:uid>zhangsan</cas:uid><cas:email>张三</cas:email><cas:name>张三</cas:name>' +
        '<cas:preferred_username>zhangsan</cas:preferred_username><cas:locale>zh-CN</cas:locale>' +
        names.map(name => `<cas:departments>${name}</cas:departments>`).join('') +
        '</cas:attributes></cas:authenticationSuccess></cas:serviceResponse>',
    )
  })

  it('are without attributes in version 2, unless the app wants them there', async () => {
    const ticket = await cas.ticket(zhangsan.cookie, service)
    expect((await cas.ask('serviceValidate', { service, ticket })).text).toBe(
      `<cas:serviceResponse ${ns}><cas:authenticationSuccess><cas:user>zhangsan</cas:user></cas:authenticationSuccess></cas:serviceResponse>`,
    )
    const old = 'https://old.example.com/'
    const other = await cas.ticket(zhangsan.cookie, old)
    expect((await cas.ask('proxyValidate', { service: old, ticket: other })).text).toContain(
      '<cas:user>zhangsan</cas:user><cas:attributes><cas:authenticationDate>',
    )
  })

  it('are JSON where that is asked for, with one value as a text and several as a list', async () => {
    const ticket = await cas.ticket(zhangsan.cookie, service)
    const query = { service, ticket, format: 'json' }
    const { type, text } = await cas.ask('p3/proxyValidate', query)
    expect(type).toBe('application/json; charset=utf-8')
    expect(JSON.parse(text)).toMatchObject({
      serviceResponse: {
        authenticationSuccess: {
          user: 'zhangsan',
          attributes: { isFromNewLogin: false, uid: 'zhangsan', name: '张三' },
        },
      },
    })
    expect((await cas.ask('p3/serviceValidate', query)).text).toBe(
      `{"serviceResponse":{"authenticationFailure":{"code":"INVALID_TICKET","description":"${unknown}"}}}`,
    )
  })

  it('are two lines in version 1', async () => {
    const ticket = await cas.ticket(zhangsan.cookie, service)
    const good = await cas.ask('validate', { service, ticket })
    expect([good.text, good.type]).toEqual(['yes\nzhangsan\n', 'text/plain; charset=utf-8'])
    expect((await cas.ask('validate', { service, ticket })).text).toBe('no\n\n')
  })

  it('say in words what is wrong, in the language that is asked for', async () => {
    expect(await cas.ask('serviceValidate', { service })).toEqual({
      status: 200,
      type: 'application/xml; charset=utf-8',
      text: failed('INVALID_REQUEST', 'service and ticket are needed, once each'),
    })
    const chinese = await cas.ask('serviceValidate', { ticket: 'ST-1' }, { 'accept-language': 'zh-CN' })
    expect(chinese.text).toBe(failed('INVALID_REQUEST', 'service 和 ticket 各需要一个'))
    const twice = await fetch(`${cas.address('serviceValidate', { service, ticket: 'ST-1' })}&ticket=ST-2`)
    expect(await twice.text()).toContain('INVALID_REQUEST')
  })
})

describe('a ticket', () => {
  const ask = async (query: Record<string, string>) => (await cas.ask('serviceValidate', query)).text

  it.each([
    ['ST-1'],
    ['PT-1'],
    [`ST-${'a'.repeat(48)}`],
    [`ST-${'a'.repeat(5000)}`],
    ["ST-'; drop table cas_ticket"],
    ['ST-\0'],
  ])('is refused when it is %s', async ticket => {
    expect(await ask({ service, ticket })).toBe(failed('INVALID_TICKET', unknown))
  })

  it('is good once', async () => {
    const ticket = await cas.ticket(zhangsan.cookie, service)
    expect(await ask({ service, ticket })).toContain('<cas:user>zhangsan</cas:user>')
    expect(await ask({ service, ticket })).toBe(failed('INVALID_TICKET', unknown))
  })

  it('is void after it was shown for another service', async () => {
    for (const other of [
      'https://lib.example.com/portal/',
      'https://old.example.com/',
      'https://lib.example.com/portal/home?a=1&b=二&c=3',
      'https://evil.example.com/',
      'nothing',
    ]) {
      const ticket = await cas.ticket(zhangsan.cookie, service)
      expect(await ask({ service: other, ticket })).toContain('code="INVALID_SERVICE"')
      expect(await ask({ service, ticket })).toBe(failed('INVALID_TICKET', unknown))
    }
  })

  it.each([
    ['https://lib.example.com/portal/home?a=1&b=%E4%BA%8C'],
    ['https://LIB.example.com:443/portal/home?a=1&b=二#top'],
    ['https://lib.example.com/portal/Home?A=1&b=二'],
  ])('is good for what is the same service to a browser: %s', async same => {
    const ticket = await cas.ticket(zhangsan.cookie, service)
    expect(await ask({ service: same, ticket })).toContain('<cas:user>')
  })

  it('is not good after its time, which the app may lengthen', async () => {
    const old = 'https://old.example.com/'
    const [brief, long] = [await cas.ticket(zhangsan.cookie, service), await cas.ticket(zhangsan.cookie, old)]
    world.clock.offsetMs += 10_001
    expect(await ask({ service, ticket: brief })).toBe(failed('INVALID_TICKET', 'the ticket has expired'))
    expect(await ask({ service: old, ticket: long })).toContain('<cas:user>')
    world.clock.offsetMs -= 10_001
  })

  it('is refused with renew when the person was known by their session', async () => {
    const ticket = await cas.ticket(zhangsan.cookie, service)
    expect(await ask({ service, ticket, renew: 'true' })).toContain('code="INVALID_TICKET_SPEC"')
  })

  it('is not good once the person has signed out', async () => {
    const lisi = await signIn(world, { userId: 'lisi' })
    const ticket = await cas.ticket(lisi.cookie, service)
    await lisi.post('/web/sign-out')
    expect(await ask({ service, ticket })).toBe(failed('INVALID_TICKET', 'the person has signed out'))
  })

  it('is not stored as it is', async () => {
    const ticket = await cas.ticket(zhangsan.cookie, service)
    const rows = await world.ctx.db.selectFrom('cas_ticket').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(ticket)
  })

  it('is one of a flood of validations that succeeds', async () => {
    const ticket = await cas.ticket(zhangsan.cookie, service)
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask({ service, ticket })))
    expect(answers.filter(one => one.includes('<cas:user>'))).toHaveLength(1)
  })
})
