import { addPeople, type ExternalInput } from '../../server/features/external-people/people.ts'
import { type Attempt, command, feature, here, page, type Rule } from './ways.ts'

/** The rules for people from outside WeCom. */

const dayMs = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs)
const dayOf = (at: Date) => at.toISOString().slice(0, 10)

type GivenPerson = Omit<ExternalInput, 'sponsor' | 'department' | 'endsAt'> & {
  sponsor: string
  days: number
}
const good: GivenPerson = {
  name: '王师傅',
  mobile: '13911112222',
  email: '',
  organisation: '甲公司',
  sponsor: 'zhangsan',
  days: 30,
}

function person(change: Partial<GivenPerson>): Attempt[] {
  const { sponsor, days, ...given } = { ...good, ...change }
  const { name, organisation, mobile, email } = given
  const endsAt = inDays(days)
  return [
    feature(() =>
      addPeople(here.world.ctx, 'test', here.world.corpId, [
        { ...given, sponsor: { userId: sponsor }, endsAt },
      ]),
    ),
    page('/web/external/people/save', async () => ({
      ...given,
      sponsorUserId: sponsor,
      endsAt: endsAt.toISOString(),
    })),
    command(
      'external',
      'add',
      name,
      organisation,
      dayOf(endsAt),
      ...['--mobile', mobile, '--email', email, '--sponsor', sponsor],
    ),
  ]
}

const people: Rule[] = [
  ['an end in the past', '1000', /已过/, person({ days: -2 })],
  ['an end over a year', '1000', /超过一年/, person({ days: 370 })],
  ['neither mobile nor mail', '1001', /至少填一个/, person({ mobile: '' })],
  ['half a mobile', '1000', /mobile/, person({ mobile: '1391111' })],
  ['no mail address', '1000', /email/, person({ email: 'nobody' })],
  ['a sponsor who is no member', '1007', /nobody/, person({ sponsor: 'nobody' })],
]

export const everywhere: [of: string, rules: Rule[]][] = [['somebody from outside WeCom', people]]
