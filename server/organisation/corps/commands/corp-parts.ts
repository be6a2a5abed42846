import { UsageError } from '../../../platform/command/command.ts'
import { text } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { Corps } from '../corps.ts'

export const corpPart = text('--corp <corpId>', {
  zh: '哪个企业；只有一个企业时可省略',
  en: 'which corp; can be left out if there is only one',
})
export const agentIds = { min: 1, max: 2_147_483_647 }

/** Returns the named corp, or the only one. @throws ApiError 1000 if there is none; UsageError if there are several and none is named. */
export function corpOf(ctx: Core & { corps: Corps }, given: string | undefined): string {
  if (given) return ctx.corps.get(given).corpId
  const corps = ctx.corps.all()
  if (corps.length === 0)
    throw new ApiError('badParameter', {
      zh: '还没有企业，请先执行 wisp corp add',
      en: 'there is no corp yet: run wisp corp add first',
    })
  if (corps.length > 1)
    throw new UsageError({
      zh: `有多个企业，请用 --corp 指定: ${corps.map(corp => corp.corpId).join('、')}`,
      en: `there are several corps, name one by --corp: ${corps.map(corp => corp.corpId).join(', ')}`,
    })
  return corps[0]!.corpId
}
