import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { time } from '../../../platform/http/input.ts'
import { pageOf, paging } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { memberChangesBetween } from '../figures-store.ts'
import { userKey } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { changesSeen, memberChangeSchema } from './member-changes.ts'
import { viewerOf } from './viewer.ts'

/** The changes of members that the overview counts: who, when, and each field before and after. */
export const listMemberChanges = pageCall({
  method: 'GET',
  path: '/web/directory/changes',
  access: administrator('super'),
  point: 'sync:read',
  directory: true,
  input: {
    from: time('从此时（ISO 8601）'),
    to: time('到此时之前（ISO 8601）'),
    ...paging,
  },
  output: Type.Object({
    list: Type.Array(
      Type.Object({ ...memberChangeSchema.properties, userId: Type.String(), userName: Type.String() }),
    ),
    total: Type.Number(),
  }),
  async handle(ctx: Core & { mirrors: Mirrors }, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const { list, total } = await memberChangesBetween(ctx.db, corpId, input, pageOf(input))
    return {
      list: list.flatMap(({ userId, userName, ...event }) =>
        // Whoever may call this sees every department, so those of before tell nothing that is hidden.
        changesSeen(viewer, { id: 0, key: userKey(userId), departments: [] }, [event]).map(change => ({
          ...change,
          userId,
          userName,
        })),
      ),
      total,
    }
  },
})
