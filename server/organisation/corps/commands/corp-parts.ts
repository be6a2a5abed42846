import { type Part, UsageError } from '../../../platform/command/command.ts'
import { list, text } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type LimitSettings, readLimits } from '../call-limits.ts'
import type { Corps } from '../corps.ts'

export const corpPart = text('--corp <corpId>', '哪个企业；只有一个企业时可省略')
export const agentIds = { min: 1, max: 2_147_483_647 }

/** The named corp, or the only one there is. */
export function corpOf(ctx: Core & { corps: Corps }, given: string | undefined): string {
  if (given) return ctx.corps.get(given).corpId
  const corps = ctx.corps.all()
  if (corps.length === 0) throw new ApiError('badParameter', '还没有企业，请先执行 wisp corp add')
  if (corps.length > 1)
    throw new UsageError(`有多个企业，请用 --corp 指定: ${corps.map(corp => corp.corpId).join('、')}`)
  return corps[0]!.corpId
}

/** `read=120000/20000000,pay=/5000`: calls a minute and a day by group; '' sets none. */
export function limits(flags: string, description: string): Part<LimitSettings | undefined> {
  const words = list(flags, description)
  return {
    ...words,
    read(raw) {
      const given = words.read(raw)?.map(word => /^(\w+)=(\d*)(?:\/(\d*))?$/.exec(word) ?? refuse(word))
      return given && readLimits(Object.fromEntries(given.map(limitOf)))
    },
  }
  function refuse(word: string): never {
    throw new UsageError(`${flags} 应为 组=每分钟/每天，收到 ${JSON.stringify(word)}`)
  }
  function limitOf([, group = '', perMinute, perDay]: RegExpExecArray): [string, object] {
    return [
      group,
      { ...(perMinute && { perMinute: Number(perMinute) }), ...(perDay && { perDay: Number(perDay) }) },
    ]
  }
}
