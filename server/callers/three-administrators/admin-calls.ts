import { Type } from 'typebox'
import { agree, propose, refuse, type ThreeActor, threeActor } from '../../organisation/three/joint-acts.ts'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import type { AdminCaller } from '../../platform/http/admin/admin-gate.ts'
import { integer, structured, text } from '../../platform/http/input.ts'
import { checkCode } from '../sign-in/factor/check-code.ts'
import type { FactorOwner } from '../sign-in/factor/factor-owner.ts'
import type { ThreeNeeds } from './needs.ts'
import { stateShape, threeState } from './state.ts'

const code = text(
  {
    zh: '令牌创建者的两步验证码：令牌本身不能证明是谁在操作',
    en: 'A code of the second factor of the maker of the token, which alone does not say who is there',
  },
  { max: 64 },
)
const id = integer({ zh: '操作编号', en: 'Number of the act' }, { min: 1, max: Number.MAX_SAFE_INTEGER })
const where = {
  zh: '可用于全部企业的令牌不写 corpId 时，为整个平台的三员。',
  en: 'Without corpId, a token of the whole installation means the three of the installation.',
}

/** The maker, after a code: agreeing takes two factors, on every way. */
async function provedBy(
  ctx: ThreeNeeds,
  { person }: AdminCaller,
  corpId: string | undefined,
  given: string,
): Promise<ThreeActor> {
  const by = threeActor(ctx.three, person, corpId)
  await checkCode(ctx, makerAsOwner(person), given)
  return by
}

function makerAsOwner(person: AdminCaller['person']): FactorOwner {
  if (!person.member) return { adminName: person.adminName }
  const { id: memberId, userId, name } = person.member
  return { corpId: person.corpId, memberId, userId, name }
}

export const adminThree = adminCall({
  method: 'GET',
  path: '/api/admin/three',
  summary: { zh: '三员与共同的操作', en: 'The three administrators and what they do together' },
  description: where,
  scope: 'admin:read',
  point: 'three:read',
  reach: 'own',
  directory: 'handler',
  input: {},
  output: Type.Object(stateShape),
  errors: [],
  sample: { isOn: false, since: null, holders: [], acts: [] },
  handle: (ctx: ThreeNeeds, { corpId, language }) => threeState(ctx, corpId, language),
})

export const adminThreePropose = adminCall({
  method: 'POST',
  path: '/api/admin/three/propose',
  summary: { zh: '提议三员共同的操作', en: 'Propose an act of the three administrators' },
  description: where,
  scope: 'admin:sync',
  point: 'three:agree',
  reach: 'own',
  directory: 'handler',
  input: {
    kind: text({ zh: '种类，例如 three.appoint', en: 'Its kind, such as three.appoint' }, { max: 64 }),
    given: structured(
      { zh: '操作的内容', en: 'What is done' },
      Type.Object({}, { additionalProperties: true }),
    ),
    code,
  },
  output: Type.Object({ id: Type.Number({ about: { zh: '操作编号', en: 'Number of the act' } }) }),
  errors: ['unknownMember', 'tooManyRequests'],
  sample: { id: 7 },
  sampleInput: {
    kind: 'three.appoint',
    given: { role: 'auditor', userId: 'zhangsan' },
    code: '123456',
  },
  async handle(ctx: ThreeNeeds, { corpId, caller, input }) {
    const by = await provedBy(ctx, caller, corpId, input.code)
    return { id: await propose(ctx, by, corpId, input.kind, input.given) }
  },
})

export const adminThreeAgree = adminCall({
  method: 'POST',
  path: '/api/admin/three/agree',
  summary: { zh: '同意三员共同的操作', en: 'Agree to an act of the three administrators' },
  description: where,
  scope: 'admin:sync',
  point: 'three:agree',
  reach: 'own',
  directory: 'handler',
  input: { id, code },
  output: Type.Object({
    isDone: Type.Boolean({ about: { zh: '同意已够，操作已完成', en: 'Enough have agreed and it is done' } }),
  }),
  errors: ['unknownMember', 'tooManyRequests'],
  sample: { isDone: true },
  sampleInput: { id: 7, code: '123456' },
  async handle(ctx: ThreeNeeds, { corpId, caller, input }) {
    const by = await provedBy(ctx, caller, corpId, input.code)
    return { isDone: await agree(ctx, by, corpId, input.id) }
  },
})

export const adminThreeRefuse = adminCall({
  method: 'POST',
  path: '/api/admin/three/refuse',
  summary: { zh: '拒绝三员共同的操作', en: 'Refuse an act of the three administrators' },
  description: where,
  scope: 'admin:sync',
  point: 'three:agree',
  reach: 'own',
  directory: 'handler',
  input: { id, code },
  output: Type.Object({}),
  errors: ['tooManyRequests'],
  sample: {},
  sampleInput: { id: 7, code: '123456' },
  async handle(ctx: ThreeNeeds, { corpId, caller, input }) {
    await refuse(ctx, await provedBy(ctx, caller, corpId, input.code), corpId, input.id)
    return {}
  },
})
