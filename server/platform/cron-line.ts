import { Cron } from 'croner'
import type { Problem } from './problem.ts'

const fields = [
  { zh: '分', en: 'minute', from: 0, to: 59 },
  { zh: '时', en: 'hour', from: 0, to: 23 },
  { zh: '日', en: 'day of the month', from: 1, to: 31 },
  { zh: '月', en: 'month', from: 1, to: 12 },
  { zh: '星期', en: 'day of the week', from: 0, to: 7 },
]

const parse = (line: string, timezone = 'UTC') => new Cron(line, { mode: '5-part', timezone })

/** The first time of the cron line on the clocks of `timeZone` after this one. Throws when the line is wrong or its time never comes. */
export function nextTime(line: string, after: Date, timeZone: string): Date {
  const next = parse(line, timeZone).nextRun(after)
  if (!next) throw new Error(`the time of the cron line ${line} never comes`)
  return next
}

/** Returns what is wrong with a cron line of five fields; undefined if it is right and its time comes. */
export function cronProblem(line: string): Problem | undefined {
  const parts = line.trim().split(/\s+/)
  if (parts.length !== fields.length)
    return {
      zh: '应有五段：分、时、日、月、星期，如 30 2 * * *',
      en: 'needs five fields: minute, hour, day of the month, month, day of the week, such as "30 2 * * *"',
    }
  const wrong = parts.findIndex((part, index) => !isField(part, index))
  if (wrong >= 0) {
    const { zh, en, from, to } = fields[wrong]!
    const given = JSON.stringify(parts[wrong])
    return {
      zh: `的“${zh}”是 ${given}，应为 ${from} 到 ${to}`,
      en: `has ${given} as ${en}, which is ${from} to ${to}`,
    }
  }
  return parse(line).nextRun(new Date(0))
    ? undefined
    : { zh: '所说的日子不存在', en: 'names a day that never comes' }
}

function isField(text: string, index: number): boolean {
  try {
    parse(fields.map((_, n) => (n === index ? text : '*')).join(' '))
    return true
  } catch {
    return false
  }
}
