import { resetAdministratorPassword } from '../../server/callers/sign-in/administrator.ts'
import { finishEnrolment, resetSecondFactor } from '../../server/callers/sign-in/factor/second-factor.ts'
import { issueTrialTicket } from '../../server/features/apps/trial-ticket.ts'
import { removeRole } from '../../server/organisation/people/administrators.ts'
import { administratorPassword } from '../sign-in.ts'
import { api, command, feature, here, page, type Rule } from './ways.ts'

/** The rules for people: the local account's password, roles, tickets. */

const actor = 'test'
const ctx = () => here.world.ctx
const corpId = () => here.world.corpId
const appId = () => here.appId

const password = (next: string) => [
  feature(() => resetAdministratorPassword(ctx(), actor, next)),
  page('/web/password', () => ({ current: administratorPassword, next })),
  command('admin', 'reset-password', '--password', next),
]

const rules: Rule[] = [
  ['a short password', '1000', /密码.*10 到 200/, password('xK7#mQ2vP')],
  ['a common password', '1000', /密码.*太常见/, password('1qaz2wsx3edc')],
  ['a password made of common ones', '1000', /密码.*太常见/, password('Password123!')],
  ["a password that is the account's name", '1000', /密码.*账号名 admin/, password('Admin-admin1')],
  ['a long password', '1000', /密码|next/, password('x'.repeat(201))],
  ...(['lisi', 'nobody'] as const).map((userId): Rule => {
    const [code, why] = userId === 'lisi' ? (['1000', /没有角色/] as const) : (['1007', /nobody/] as const)
    const attempts = [
      feature(() => removeRole(ctx(), actor, corpId(), userId)),
      page('/web/directory/role-remove', () => ({ userId })),
      command('admin', 'role', 'remove', userId),
    ]
    return [`a role taken from ${userId}, who has none`, code, why, attempts]
  }),
]

const proof = { acr: 2, amr: [], authAt: 0 } as const
const factors: Rule[] = [
  ...(
    [
      ['nobody', /没有账号 nobody/],
      ['admin', /admin 没有启用/],
    ] as const
  ).map(([name, why]): Rule => {
    const attempts = [
      feature(() => resetSecondFactor(ctx(), actor, { adminName: name })),
      command('admin', 'second-factor', 'reset', name),
    ]
    return [`reset of ${name}, who has none`, '1000', why, attempts]
  }),
  [
    'turned on with a setup of somebody else',
    '1000',
    /设置已过期/,
    [
      feature(() =>
        finishEnrolment(
          ctx(),
          { owner: { adminName: 'admin' }, proof, sessionId: '', address: '' },
          { setup: 'x', code: '000000' },
        ),
      ),
      page('/web/second-factor/finish', () => ({ setup: 'x', code: '000000' })),
    ],
  ],
]

const ticket = (userId: string, of: () => string) => [
  feature(() => issueTrialTicket(ctx(), actor, corpId(), userId, of())),
  command('ticket', 'issue', userId, of),
  api('/api/ticket/issue', () => ({ userId, appId: of() })),
]

const tickets: Rule[] = [
  ['nobody', '1007', /nobody/, ticket('nobody', appId)],
  ['a disabled member', '1007', /wangwu/, ticket('wangwu', appId)],
  ['an unknown app', '1000', /app0/, ticket('lisi', () => 'app0')],
  ['a disabled app', '1000', /停用/, ticket('lisi', () => here.disabledAppId)],
]

export const everywhere: [of: string, rules: Rule[]][] = [
  ['people', rules],
  ['a second factor', factors],
  ['a ticket for', tickets],
]
