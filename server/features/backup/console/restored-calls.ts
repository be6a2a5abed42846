import { Type } from 'typebox'
import { ownerOf } from '../../../callers/sign-in/factor/factor-owner.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Three } from '../../../organisation/three/three.ts'
import type { Core } from '../../../platform/core.ts'
import { optionalText } from '../../../platform/http/input.ts'
import { pageCall, self } from '../../../platform/http/page-call.ts'
import { checkIsThree } from '../../break-glass/console/check-three.ts'
import { confirmRestored } from '../restored/confirm.ts'

type Needs = Core & { corps: Corps; three: Three }

/** A person's own call, since what was restored has no rule of its own by which to know anybody else. */
export const confirmRestoredCall = pageCall({
  method: 'POST',
  path: '/web/three/restored/confirm',
  access: self,
  input: { of: optionalText('企业；不写为整个平台', { max: 64 }) },
  output: Type.Object({
    /** This was the second of the three. */
    isOpen: Type.Boolean(),
  }),
  async handle(ctx: Needs, { input, visitor }) {
    const corpId = input.of || undefined
    checkIsThree(ctx.three, visitor, corpId)
    return { isOpen: await confirmRestored(ctx, corpId, ownerOf(visitor)) }
  },
})
