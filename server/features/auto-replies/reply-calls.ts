import { type Static, type TSchema, Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import type { PageAccess } from '../../platform/http/gate.ts'
import {
  type Fields,
  optionalInteger,
  optionalStructured,
  optionalText,
  optionalTime,
  structured,
} from '../../platform/http/input.ts'
import { paging, requiredId, several } from '../../platform/http/list-input.ts'
import type { CallsAbout } from '../../platform/http/pages/calls-about.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { Owner } from './conversation-owner.ts'
import type { Edits } from './edit.ts'
import { flowFieldsOf, type NewFlow } from './flows/flow.ts'
import { type NewRule, ruleFieldsOf } from './rule.ts'
import { eventFields, flowList, flowListOf, oneRule, placeSchema } from './views.ts'

const ids = { min: 1, max: Number.MAX_SAFE_INTEGER }
const ruleId = optionalInteger('规则；空为新建', ids)
const flowId = optionalInteger('流程；空为新建', ids)
const version = optionalText('打开表单时的版本', { max: 64 })
const idSchema = Type.Object({ id: Type.Number() })

/** The inputs of a list of rules. */
export const rulesInput = <const K extends string>({ ruleKinds }: { ruleKinds: readonly K[] }) => ({
  search: optionalText('名称、关键词或回复中的文字', { max: 64 }),
  kind: several('种类', ruleKinds),
  ...paging,
})

/** The inputs of a simulator. */
export const simulatorInput = <const T extends string>({ messageTypes }: { messageTypes: readonly T[] }) => ({
  event: structured(
    '对方做了什么',
    Type.Object({ ...eventFields, type: Type.Optional(Type.Enum([...messageTypes])) }),
  ),
  at: optionalTime('什么时间，默认现在'),
  place: optionalStructured('在流程的哪一步', placeSchema),
})

/** The calls with which administrators change the rules and flows of these owners. `by` is who changes those of one of them. */
export function replyCalls<
  B extends `/web/${string}`,
  F extends Fields,
  A extends PageAccess,
  C,
  O,
  C2,
  By,
  S extends TSchema,
>(
  call: CallsAbout<B, F, A, C, O>,
  edits: Edits<C2, By, Static<S>>,
  contentSchema: S,
  { ownerOf, by }: { ownerOf(of: NoInfer<O>): Owner; by(actor: string, of: NoInfer<O>): By },
) {
  type Ctx = Core & C2
  type Content = Static<S> & object
  const fields = ruleFieldsOf(contentSchema)
  const byOf = ({ visitor, of }: { visitor: unknown; of: O }) => by((visitor as Visitor).actor, of)
  return [
    call({
      method: 'GET',
      path: '/replies/rule',
      right: 'read',
      input: { id: requiredId('规则') },
      output: Type.Object({ ...fields, id: Type.Number(), version: Type.String() }),
      async handle(ctx: Core, { input, of }) {
        return (await oneRule<Content>(ctx.db, ownerOf(of), input.id)) as never
      },
    }),
    call({
      method: 'POST',
      path: '/replies/rules/save',
      right: 'content',
      input: { id: ruleId, version, rule: structured('规则', Type.Object(fields)) },
      output: idSchema,
      async handle(ctx: Ctx, given) {
        const { rule, ...form } = given.input
        return { id: await putRule(ctx, edits, byOf(given), form, rule as NewRule<Content>) }
      },
    }),
    call({
      method: 'POST',
      path: '/replies/rules/remove',
      right: 'content',
      input: { id: requiredId('规则') },
      output: idSchema,
      async handle(ctx: Ctx, given) {
        const { id } = given.input
        await edits.removeRule(ctx, byOf(given), id)
        return { id }
      },
    }),
    call({
      method: 'GET',
      path: '/replies/flows',
      right: 'read',
      output: Type.Object(flowListOf(contentSchema)),
      async handle(ctx: Core, { of }) {
        return (await flowList<Content>(ctx.db, ownerOf(of))) as never
      },
    }),
    call({
      method: 'POST',
      path: '/replies/flows/save',
      right: 'content',
      input: { id: flowId, version, flow: structured('流程', Type.Object(flowFieldsOf(contentSchema))) },
      output: idSchema,
      async handle(ctx: Ctx, given) {
        const { flow, ...form } = given.input
        return { id: await putFlow(ctx, edits, byOf(given), form, flow as NewFlow<Content>) }
      },
    }),
    call({
      method: 'POST',
      path: '/replies/flows/remove',
      right: 'content',
      input: { id: requiredId('流程') },
      output: idSchema,
      async handle(ctx: Ctx, given) {
        const { id } = given.input
        await edits.removeFlow(ctx, byOf(given), id)
        return { id }
      },
    }),
  ] as const
}

/** The version that was filled; without an id it is a new one. */
type Form = { id: number | undefined; version: string | undefined }

async function putRule<C, By, Content>(
  ctx: C & Core,
  edits: Edits<C, By, Content>,
  by: By,
  { id, version }: Form,
  rule: NewRule<Content>,
): Promise<number> {
  if (id === undefined) return (await edits.addRules(ctx, by, [rule]))[0] as number
  await edits.setRule(ctx, by, id, rule, version)
  return id
}

async function putFlow<C, By, Content>(
  ctx: C & Core,
  edits: Edits<C, By, Content>,
  by: By,
  { id, version }: Form,
  flow: NewFlow<Content>,
): Promise<number> {
  if (id === undefined) return edits.addFlow(ctx, by, flow)
  await edits.setFlow(ctx, by, id, flow, version)
  return id
}
