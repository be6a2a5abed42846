import { Cron } from 'croner'

const fields = [
  { name: 'minute', span: '0 to 59' },
  { name: 'hour', span: '0 to 23' },
  { name: 'day of the month', span: '1 to 31' },
  { name: 'month', span: '1 to 12' },
  { name: 'day of the week', span: '0 to 7' },
]

const parse = (line: string, timezone = 'UTC') => new Cron(line, { mode: '5-part', timezone })

/** The first time of the cron line on the clocks of `timeZone` after this one. Throws when the line is wrong or its time never comes. */
export function nextTime(line: string, after: Date, timeZone: string): Date {
  const next = parse(line, timeZone).nextRun(after)
  if (!next) throw new Error(`the time of the cron line ${line} never comes`)
  return next
}

/** What is wrong with a cron line of five fields; undefined when it is right and its time comes. */
export function cronProblem(line: string): string | undefined {
  const parts = line.trim().split(/\s+/)
  if (parts.length !== fields.length)
    return 'needs five fields: minute, hour, day of the month, month, day of the week, such as "30 2 * * *"'
  const wrong = parts.findIndex((part, index) => !isField(part, index))
  if (wrong >= 0) {
    const { name, span } = fields[wrong]!
    return `has ${JSON.stringify(parts[wrong])} as ${name}, which is ${span}`
  }
  return parse(line).nextRun(new Date(0)) ? undefined : 'names a day that never comes'
}

function isField(text: string, index: number): boolean {
  try {
    parse(fields.map((_, n) => (n === index ? text : '*')).join(' '))
    return true
  } catch {
    return false
  }
}
