import { Liquid, type LiquidOptions } from 'liquidjs'
import { formatCount, formatDay, formatMoney, formatTime } from '../../../platform/format.ts'
import { usualZone } from '../../../platform/time-zone.ts'

/**
 * The language of templates: values and `if`, and the filters below. liquidjs reads files by `include`, `render` and `layout`, leaves
 * out escaping by `raw`, and repeats by `for`: a template has none of these, so its length bounds what it costs.
 */
const tags = ['if', 'comment']
const ownFilters = ['default', 'truncate', 'upcase', 'downcase']

export const templateAtMost = 20_000
const outputAtMost = 1_000_000

function createEngine(more: Pick<LiquidOptions, 'outputEscape'> = {}): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    parseLimit: templateAtMost,
    memoryLimit: outputAtMost,
    ...more,
  })
  for (const name of Object.keys(engine.tags)) if (!tags.includes(name)) delete engine.tags[name]
  for (const name of Object.keys(engine.filters)) if (!ownFilters.includes(name)) delete engine.filters[name]
  engine.registerFilter('number', (value: unknown) => formatCount(numberIn(value, 'number')))
  engine.registerFilter('money', (value: unknown) => formatMoney(numberIn(value, 'money')))
  engine.registerFilter('date', function (value: unknown) {
    const at = timeIn(value, 'date')
    // A day is the same day in every zone.
    return isoDay.test(String(value)) ? String(value) : formatDay(at, zoneOf(this.context.globals))
  })
  engine.registerFilter('time', function (value: unknown) {
    return formatTime(timeIn(value, 'time'), zoneOf(this.context.globals)).slice(0, 16)
  })
  return engine
}

/** Names of all filters, for those who are told that there is no other. */
export const filterNames = [...ownFilters, 'number', 'money', 'date', 'time']
export const engine = createEngine()

/** For addresses, in which a value must not begin a parameter or a path of its own. */
export const addressEngine = createEngine({ outputEscape: value => encodeURIComponent(String(value ?? '')) })

const zoneOf = (globals: object) => (globals as { zone?: string }).zone ?? usualZone

/** What a filter cannot take, in words that name the filter. */
export class WrongValue extends Error {
  readonly filter: string
  constructor(filter: string) {
    super(filter)
    this.filter = filter
  }
}

function numberIn(value: unknown, filter: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new WrongValue(filter)
  return number
}

const isoDay = /^\d{4}-\d\d-\d\d$/
/** An ISO 8601 time with its zone, or a day. */
const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/

/** JavaScript takes the 30th of February for the 2nd of March. */
const isInCalendar = (value: string) => {
  const day = value.slice(0, 10)
  const at = new Date(day)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

function timeIn(value: unknown, filter: string): Date {
  const at =
    typeof value === 'string' && isoTime.test(value) && isInCalendar(value) ? new Date(value) : undefined
  if (!at || Number.isNaN(at.getTime())) throw new WrongValue(filter)
  return at
}
