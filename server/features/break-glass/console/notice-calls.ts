import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { restoredLocks } from '../../../organisation/corps/suspension/restored-store.ts'
import { placesOf } from '../../../organisation/three/places-of.ts'
import type { Three } from '../../../organisation/three/three.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalText } from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { pageCall, self } from '../../../platform/http/page-call.ts'
import { closeBreakGlass } from '../break-glass.ts'
import { shownBreakGlasses } from '../store.ts'
import { checkIsThree } from './check-three.ts'

type Needs = Core & { corps: Corps; three: Three }

const corpOrAll = Type.Union([Type.String(), Type.Null()])

export const showNotices = pageCall({
  method: 'GET',
  path: '/web/three/notices',
  access: self,
  input: {},
  output: Type.Object({
    breakGlasses: Type.Array(
      Type.Object({
        id: Type.Number(),
        /** Null for the installation. */
        corpId: corpOrAll,
        reason: Type.String(),
        openedAt: time,
        endsAt: time,
        /** Commands can still use it. */
        isOpen: Type.Boolean(),
        /** Whose second factor it reset; '' for nobody's. */
        resetOf: Type.String(),
        mayClose: Type.Boolean(),
      }),
    ),
    restored: Type.Array(
      Type.Object({
        corpId: corpOrAll,
        restoredAt: time,
        /** Which of the three has confirmed; '' while none has. */
        firstBy: Type.String(),
        mayConfirm: Type.Boolean(),
      }),
    ),
  }),
  async handle(ctx: Needs, { visitor }) {
    const places = placesOf(
      ctx.three,
      visitor,
      ctx.corps.all().map(one => one.corpId),
    )
    if (places.length === 0) return { breakGlasses: [], restored: [] }
    const [opened, locks] = await Promise.all([
      shownBreakGlasses(
        ctx.db,
        places.map(one => one.corpId ?? null),
      ),
      restoredLocks(
        ctx.db,
        places.map(one => one.corpId ?? ''),
      ),
    ])
    const roleIn = (corpId: string | null) => places.find(one => (one.corpId ?? null) === corpId)?.role
    return {
      breakGlasses: opened.map(({ id, corpId, reason, openedAt, endsAt, endedAt, resetOf }) => ({
        ...{ id, corpId, reason, openedAt, endsAt, resetOf },
        isOpen: endedAt === null && endsAt.getTime() > ctx.now(),
        mayClose: roleIn(corpId) === 'auditor',
      })),
      restored: locks.map(({ scope, restoredAt, firstRole, firstBy }) => ({
        corpId: scope || null,
        restoredAt,
        firstBy,
        mayConfirm: roleIn(scope || null) !== firstRole,
      })),
    }
  },
})

export const closeNotice = pageCall({
  method: 'POST',
  path: '/web/three/break-glass/close',
  access: self,
  input: { id: requiredId('应急执行'), of: optionalText('企业；不写为整个平台', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor }) {
    const corpId = input.of || undefined
    if (checkIsThree(ctx.three, visitor, corpId) !== 'auditor')
      throw new ApiError('forbidden', {
        zh: '应急执行只由审计员关闭',
        en: 'only an auditor closes a break-glass',
      })
    await closeBreakGlass(ctx, visitor.actor, { id: input.id, corpId: corpId ?? null })
    return {}
  },
})
