import { Type } from 'typebox'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { keptData, type RegisterNeeds, registerOf } from '../register.ts'
import { registerShape, registerView } from './shapes.ts'

const words = Type.Object({ zh: Type.String(), en: Type.String() })

/** Which developer and app gets which fields, and how often. */
export const personalRegister = pageCall({
  method: 'GET',
  path: '/web/personal/register',
  access: administrator('super'),
  point: 'person:read',
  input: {},
  output: Type.Object({ list: Type.Array(registerShape) }),
  async handle(ctx: RegisterNeeds, { corpId }) {
    return { list: (await registerOf(ctx, corpId)).map(registerView) }
  },
})

/** What wisp keeps of people, as its rooms declare. */
export const personalKept = pageCall({
  method: 'GET',
  path: '/web/personal/kept',
  access: administrator('super'),
  point: 'person:read',
  input: {},
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
  }),
  async handle(ctx: Pick<RegisterNeeds, 'offered'>) {
    return { list: keptData(ctx) }
  },
})
