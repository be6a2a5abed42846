import { type CommandPart, UsageError } from '../../../platform/command/command.ts'
import { list } from '../../../platform/command/parts.ts'
import type { Words } from '../../../platform/words.ts'
import { type LimitSettings, readLimits } from '../call-limits.ts'

/** `read=120000/20000000,pay=/5000`: calls a minute and a day by group; '' sets none. */
export function limits(flags: string, description: Words): CommandPart<LimitSettings | undefined> {
  const words = list(flags, description)
  return {
    ...words,
    read(raw) {
      const given = words.read(raw)?.map(word => /^(\w+)=(\d*)(?:\/(\d*))?$/.exec(word) ?? refuse(word))
      return given && readLimits(Object.fromEntries(given.map(limitOf)))
    },
  }
  function refuse(word: string): never {
    throw new UsageError({
      zh: `${flags} 应为 组=每分钟/每天，收到 ${JSON.stringify(word)}`,
      en: `${flags} takes group=a minute/a day, not ${JSON.stringify(word)}`,
    })
  }
  function limitOf([, group = '', perMinute, perDay]: RegExpExecArray): [string, object] {
    return [
      group,
      { ...(perMinute && { perMinute: Number(perMinute) }), ...(perDay && { perDay: Number(perDay) }) },
    ]
  }
}
