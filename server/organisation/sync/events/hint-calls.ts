import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { choice, optionalText, text } from '../../../platform/http/input.ts'
import type { Corps } from '../../corps/corps.ts'
import { userKey } from '../../directory/mirror/members.ts'
import type { Hints } from './hints.ts'

type Callers = { identify(given: Record<string, unknown>, request: FastifyRequest): Caller }

const hintTypes = [
  'create_user',
  'update_user',
  'delete_user',
  'create_party',
  'update_party',
  'delete_party',
] as const

export const directoryHint = endpoint({
  methods: ['GET'],
  path: '/admin/syncController/callback',
  section: '4.2',
  summary: { zh: '通讯录数据同步通知', en: 'Tell of a change of the address book' },
  description: {
    zh: '第三方调用企业微信接口变更通讯录时，企业微信不会回调，由此通知平台。平台收到后向企业微信核实，以企业微信的数据为准。',
    en: 'WeCom sends no callback about changes that you make by its API, so tell the platform here. The platform asks WeCom, and believes WeCom.',
  },
  access: { by: 'anyone' },
  input: {
    changeType: choice({ zh: '通讯录变更类型', en: 'Kind of the change' }, hintTypes),
    corpId: text({ zh: '企业 ID', en: 'Id of the corp' }, { max: 64 }),
    userId: optionalText(
      { zh: '用户 ID，用户信息变更必填', en: 'Id of the member; needed for changes of members' },
      { max: 64 },
    ),
    partyId: optionalText(
      { zh: '部门 ID，部门信息变更必填', en: 'Id of the department; needed for changes of departments' },
      { max: 32 },
    ),
  },
  logged: ['changeType', 'userId', 'partyId'],
  output: Type.Object({}),
  errors: ['tooManyRequests'],
  sample: {},
  sampleInput: { changeType: 'update_user', corpId: '{corpId}', userId: '{userId}' },
  async handle(ctx: Core & { corps: Corps; developers: Callers; hints: Hints }, { input, given, request }) {
    const corp = ctx.corps.get(input.corpId)
    if (corp.hintTokenRequired && ctx.developers.identify(given, request).corpId !== corp.corpId) {
      throw new ApiError('forbidden', {
        zh: 'devToken 属于另一家企业，没有通知；请用本企业开发者的 devToken',
        en: 'the devToken belongs to another corp, and nothing was noted: use one of a developer of this corp',
      })
    }
    await ctx.hints.accept(corp.corpId, request.ip, input.changeType, hintedEntity(input))
    return {}
  },
})

function hintedEntity(input: {
  changeType: string
  userId: string | undefined
  partyId: string | undefined
}): string {
  if (input.changeType.endsWith('_user')) {
    if (!input.userId) throw new ApiError('missingParameter', 'userId')
    return `user:${userKey(input.userId)}`
  }
  if (!input.partyId) throw new ApiError('missingParameter', 'partyId')
  if (!/^\d{1,10}$/.test(input.partyId))
    throw new ApiError('badParameter', { zh: 'partyId 应为数字', en: 'partyId should be a number' })
  return `party:${Number(input.partyId)}`
}
