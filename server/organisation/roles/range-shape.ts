import { type Static, Type } from 'typebox'
import type { Range } from '../../platform/http/admin/grant.ts'

const id = Type.String({ maxLength: 64 })
export const rangeShape = Type.Object(
  {
    kind: Type.Enum(['corp', 'departments', 'apps']),
    departmentIds: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 4_294_967_295 }), { maxItems: 200 }),
    ),
    appIds: Type.Optional(Type.Array(id, { maxItems: 200 })),
    devIds: Type.Optional(Type.Array(id, { maxItems: 200 })),
  },
  { additionalProperties: false },
)

export function rangeOf(given: Static<typeof rangeShape>): Range {
  const { kind, departmentIds = [], appIds = [], devIds = [] } = given
  if (kind === 'corp') return { kind }
  return kind === 'departments' ? { kind, departmentIds } : { kind, appIds, devIds }
}
