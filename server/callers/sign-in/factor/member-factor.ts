import { Type } from 'typebox'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { memberOf } from '../../../organisation/people/administrators.ts'
import type { Three } from '../../../organisation/three/three.ts'
import { actor } from '../../../platform/command/actor.ts'
import { directoryCommand } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { requiredText } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { administrator, pageCall, refused } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkSpared } from '../../sessions/end-sessions.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { resetSecondFactor } from './second-factor.ts'

type Needs = Core & {
  corps: Corps
  mirrors: Mirrors
  offered: FeatureOffers
  sessions: Sessions
  three: Three
}

/** For a member, administrators included, who lost the device. Throws 1007, 1000 for who has none. */
export async function resetMemberFactor(
  ctx: Needs,
  by: string,
  corpId: string,
  given: string,
  emergency: { isEmergency?: true } = {},
): Promise<string> {
  const { id: memberId, userId, name } = memberOf(ctx, corpId, given)
  await resetSecondFactor(ctx, by, { corpId, memberId, userId, name }, emergency)
  return userId
}

export const memberFactorReset = pageCall({
  method: 'POST',
  path: '/web/console/second-factor/reset',
  access: administrator('super'),
  point: 'sign-in:help',
  directory: true,
  input: { userId: text('成员', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { id } = memberOf(ctx, corpId, input.userId)
    checkSpared(visitor, id)
    if (visitor.member?.id === id)
      throw refused({
        zh: '自己的两步验证，请在「我的 → 设备与登录」里改',
        en: 'change your own second factor under Me → Devices and sign-in',
      })
    await resetMemberFactor(ctx, visitor.actor, corpId, input.userId)
    return {}
  },
})

const userId = requiredText('<userId>', { zh: '成员 userId', en: 'userId of the member' })

export const resetMemberCommand = directoryCommand({
  path: 'sign-in second-factor reset',
  point: 'sign-in:help',
  summary: {
    zh: '为丢失验证器、通行密钥和恢复码的成员关闭两步验证，并让其全部会话退出、管理令牌失效',
    en: 'Switch off two-step sign-in for a member who lost authenticator, passkeys and recovery codes; the sessions end, the admin tokens are revoked',
  },
  parts: { userId, corp: corpPart },
  async run(ctx: Needs, { userId, corp }, io) {
    const known = await resetMemberFactor(ctx, actor, corpOf(ctx, corp), userId, io)
    return {
      data: { userId: known },
      text: said({ zh: `${known} 的两步验证已关闭`, en: `two-step sign-in of ${known} is off` }),
    }
  },
})
