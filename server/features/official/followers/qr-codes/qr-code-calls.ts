import { Type } from 'typebox'
import type { Core } from '../../../../platform/core.ts'
import { optionalInteger, optionalText, text } from '../../../../platform/http/input.ts'
import { pageOf, paging } from '../../../../platform/http/list-input.ts'
import { time } from '../../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../../platform/http/page-call.ts'
import { accountFor } from '../../accounts/access.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { makeQrCode, removeQrCode } from './qr-codes.ts'
import { listQrCodes } from './store.ts'

type Needs = Core & { accounts: Accounts }

const access = administrator('graded')
const originalId = text('原始 ID（gh_…）', { max: 64 })
const scene = text('场景值，1 到 64 个字', { max: 200 })

export const listQrCodesCall = pageCall({
  method: 'GET',
  path: '/web/official/qr-codes',
  point: 'official:read',
  access,
  input: { originalId, ...paging },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        scene: Type.String(),
        name: Type.String(),
        /** What the picture holds. */
        url: Type.String(),
        createdAt: time,
        expiresAt: Type.Union([time, Type.Null()]),
        following: Type.Integer(),
        left: Type.Integer(),
      }),
    ),
    total: Type.Number(),
  }),
  handle: (ctx: Needs, { input, visitor, corpId }) =>
    listQrCodes(ctx.db, accountFor(ctx, visitor, corpId, input.originalId), pageOf(input)),
})

export const makeQrCodeCall = pageCall({
  method: 'POST',
  path: '/web/official/qr-code/create',
  point: 'official:content',
  access,
  input: {
    originalId,
    scene,
    name: optionalText('名称，空为场景值', { max: 64 }),
    seconds: optionalInteger('有效期（秒），60 到 2592000；空为永久', { min: 1, max: 2_147_483_647 }),
  },
  output: Type.Object({ scene: Type.String(), url: Type.String() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const { scene, name = '', seconds } = input
    return makeQrCode(ctx, visitor.actor, account, { scene, name, seconds })
  },
})

export const removeQrCodeCall = pageCall({
  method: 'POST',
  path: '/web/official/qr-code/remove',
  point: 'official:content',
  access,
  input: { originalId, scene },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await removeQrCode(ctx, visitor.actor, account, input.scene)
    return {}
  },
})
