const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const dayNames = 'sun mon tue wed thu fri sat'.split(' ')
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

type Field = { name: string; from: number; to: number; names?: readonly string[] }

const fields: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: monthNames },
  { name: 'day of the week', from: 0, to: 7, names: dayNames },
]

/** What is wrong with a cron line of five fields; undefined when it is right and its time comes. */
export function cronProblem(line: string): string | undefined {
  const parts = line.trim().split(/\s+/)
  if (parts.length !== fields.length || line.trim() === '')
    return 'needs five fields: minute, hour, day of the month, month, day of the week, such as "30 2 * * *"'
  const wrong = fields.findIndex((field, index) => !isField(parts[index] ?? '', field))
  if (wrong >= 0) {
    const { name, from, to } = fields[wrong]!
    return `has ${JSON.stringify(parts[wrong])} as ${name}, which is ${from} to ${to}`
  }
  const [, , day = '*', month = '*', weekday = '*'] = parts
  return weekday === '*' && !comes(day, month) ? 'names a day that never comes' : undefined
}

function isField(text: string, field: Field): boolean {
  return text.split(',').every(item => {
    const [range = '', step, ...rest] = item.split('/')
    if (rest.length > 0 || (step !== undefined && !(/^\d{1,2}$/.test(step) && Number(step) > 0))) return false
    if (range === '*') return true
    const ends = range.split('-').map(end => numberOf(end, field))
    const [first, last = first] = ends
    return ends.length <= 2 && first !== undefined && last !== undefined && first <= last
  })
}

function numberOf(text: string, { from, to, names }: Field): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1
  const value =
    named >= 0 ? named + (names === monthNames ? 1 : 0) : /^\d{1,2}$/.test(text) ? Number(text) : -1
  return value >= from && value <= to ? value : undefined
}

/** Whether any of the months is long enough for the first of the days. */
function comes(day: string, month: string): boolean {
  if (day.startsWith('*') || month.startsWith('*')) return true
  const monthField = fields[3]!
  const earliest = Math.min(...day.split(/[,/]/).map(item => Number(item.split('-')[0])))
  return month.split(',').some(item => {
    const [first = '', last = first] = (item.split('/')[0] ?? '').split('-')
    const [from = 1, to = from] = [numberOf(first, monthField), numberOf(last, monthField)]
    return longestMonths.slice(from - 1, to).some(days => days >= earliest)
  })
}
