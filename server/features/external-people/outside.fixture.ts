import { expect } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { callerWith, type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { codesSent } from '../../callers/sign-in/sms-code/sms-code.ts'
import { saveWays } from '../../callers/sign-in/ways/ways.ts'
import { setCorp } from '../../organisation/corps/corps.ts'
import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import { shownSms, useAgents, useSms, useSmtp } from '../messages/messages.fixture.ts'

export const dayMs = 86_400_000

export const digits = (text = '') => /\d{6}/.exec(text)?.[0] ?? ''

export const cookiesOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map(one => one.split(';', 1)[0])
    .join('; ')

export const sessionOf = async (who: SignedInClient) => (await who.get('/web/session')).body

/** What tests of people from outside WeCom have: a corp with mail and SMS, an administrator, a developer. */
export type OutsideWorld = {
  world: World
  admin: SignedInClient
  dev: Caller
  inDays(days: number): string
  nobody(): SignedInClient
  coreOf(userId: string): MemberCore | undefined
  /** Fields of the form, with a mobile and a mail address of their own. */
  form(more?: object): OutsideForm
  added(more?: object): Promise<OutsideForm & { userId: string }>
  /** Undefined where no code was sent. */
  signInBySms(mobile: string): Promise<SignedInClient | undefined>
}

type OutsideForm = {
  name: string
  mobile: string
  email: string
  organisation: string
  sponsorUserId: string
  endsAt: string
}

export async function startOutside(): Promise<OutsideWorld> {
  const world = await startWorld({ members: 40 })
  await useAgents(world)
  await useSmtp(world)
  await setCorp(world.ctx, 'test', world.corpId, { publicUrl: 'https://wisp.example.com' })
  await useSms(world, 'tencent')
  await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom', 'sms', 'passkey'], smsTemplate: 'code' })
  const admin = await signInAs(world, 'system')
  const scopes = [
    'directory:read',
    'directory:mobile',
    'directory:external',
    'message:send',
    'sms:send',
  ] as const
  const dev = await world.addDeveloper({ name: '门禁', scopes: [...scopes] })
  let n = 0
  const inDays = (days: number) => new Date(world.ctx.now() + days * dayMs).toISOString()
  const nobody = () => callerWith(world.server.url, '', '', '')
  const form = (more: object = {}): OutsideForm => {
    n++
    return {
      name: `外部${n}`,
      mobile: `139${String(10_000_000 + n)}`,
      email: `outside${n}@example.com`,
      organisation: '甲公司',
      sponsorUserId: 'lisi',
      endsAt: inDays(90),
      ...more,
    }
  }
  return {
    world,
    admin,
    dev,
    inDays,
    nobody,
    form,
    coreOf: userId => world.ctx.mirrors.of(world.corpId).members.byKey(userId.toLowerCase()),
    async added(more = {}) {
      const given = form(more)
      const answer = await admin.post('/web/external/people/save', given)
      expect(answer.retMessage).toBe('成功')
      return { ...given, userId: String(answer.body.userId) }
    },
    async signInBySms(mobile) {
      const before = (await shownSms(world)).length
      const { state } = (await nobody().post('/web/sign-in/sms', { corpId: world.corpId, mobile })).body
      await codesSent()
      const sms = (await shownSms(world)).slice(before).at(-1)
      if (!sms) return undefined
      const answer = await nobody().post('/web/sign-in/sms/code', { state, code: digits(sms.text) })
      expect(answer.retMessage).toBe('成功')
      return callerWith(world.server.url, cookiesOf(answer.headers), '', '')
    },
  }
}
