import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import { type Accounts, accountKinds } from '../accounts/accounts.ts'
import { beginLink, unlink, wayOf } from './links.ts'
import { linksOf } from './store.ts'

type Needs = Core & { corps: Corps; accounts: Accounts }

const originalId = text('原始 ID（gh_…）', { max: 64 })
const ways = ['web', 'code'] as const

/** The corp's accounts, and which of them the person is linked to. A local account has no link. */
export const ownLinks = pageCall({
  method: 'GET',
  path: '/web/official/own',
  access: person,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        originalId: Type.String(),
        name: Type.String(),
        kind: Type.Enum(accountKinds),
        way: Type.Enum(ways),
        link: Type.Union([
          Type.Object({ nickname: Type.String(), linkedAt: Type.Union([time, Type.Null()]) }),
          Type.Null(),
        ]),
      }),
    ),
  }),
  async handle(ctx: Needs, { visitor, corpId }) {
    if (!visitor.member) return { list: [] }
    const links = await linksOf(ctx.db, corpId, visitor.member.id)
    const accounts = ctx.accounts.ofCorp(corpId).filter(account => account.enabled)
    return {
      list: accounts.map(account => {
        const { originalId, name, kind } = account
        const link = links.find(one => one.originalId === originalId)
        const own = link ? { nickname: link.nickname, linkedAt: link.linkedAt } : null
        return { originalId, name, kind, way: wayOf(account), link: own }
      }),
    }
  },
})

export const beginOwnLink = pageCall({
  method: 'POST',
  path: '/web/official/own/begin',
  access: person,
  input: { originalId },
  output: Type.Object({
    way: Type.Enum(ways),
    /** To be opened in WeChat; '' where a code is sent. */
    url: Type.String(),
    code: Type.String(),
    expiresAt: time,
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = ctx.accounts.get(corpId, input.originalId)
    return beginLink(ctx, account, memberIdOf(visitor))
  },
})

export const endOwnLink = pageCall({
  method: 'POST',
  path: '/web/official/own/end',
  access: person,
  input: { originalId },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await unlink(ctx, visitor.actor, ctx.accounts.get(corpId, input.originalId), memberIdOf(visitor))
    return {}
  },
})

function memberIdOf({ member }: Visitor): number {
  if (!member)
    throw new ApiError('badParameter', {
      zh: '系统账号不是成员，不能绑定微信',
      en: 'a system account is not a member and has no WeChat to link',
    })
  return member.id
}
