import { Type } from 'typebox'
import { onPage, paging } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { keptData, type RegisterNeeds, registerOf } from '../register.ts'
import { registerShape, registerView, timeOrNull } from './shapes.ts'

const words = Type.Object({ zh: Type.String(), en: Type.String() })

/** Which developer and app gets which fields, and how often. */
export const personalRegister = pageCall({
  method: 'GET',
  path: '/web/personal/register',
  access: administrator('super'),
  point: 'person:read',
  input: paging,
  output: Type.Object({ list: Type.Array(registerShape), total: Type.Integer(), countedAt: timeOrNull }),
  async handle(ctx: RegisterNeeds, { corpId, input }) {
    const { rows, countedAt } = await registerOf(ctx, corpId)
    return { list: onPage(rows, input).map(registerView), total: rows.length, countedAt }
  },
})

/** What wisp keeps of people, as its rooms declare. */
export const personalKept = pageCall({
  method: 'GET',
  path: '/web/personal/kept',
  access: administrator('super'),
  point: 'person:read',
  input: paging,
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        room: Type.String(),
        table: Type.String(),
        what: words,
        why: words,
        columns: Type.Array(Type.String()),
        given: Type.Array(words),
        kept: words,
        erased: words,
      }),
    ),
    total: Type.Integer(),
  }),
  async handle(ctx: Pick<RegisterNeeds, 'offered'>, { input }) {
    const rows = keptData(ctx)
    return { list: onPage(rows, input), total: rows.length }
  },
})
