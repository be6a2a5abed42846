import type { Dayjs } from 'dayjs'
import type { CallInput } from '../../ui/data/api.ts'
import { fenOf } from '../../ui/values/money.ts'

/** The values as the form holds them. */
export type DeveloperForm = {
  name: string
  scopes: string[]
  /** The last days of scopes that end. */
  scopeDays: Record<string, Dayjs | null | undefined>
  range: 'all' | 'some'
  departments: number[]
  tags: number[]
  groups: number[]
  ips: string
  accounts: string[]
  listStyle: 'object' | 'array'
  packets: 'off' | 'allowed' | 'required'
  newDevices: boolean
  strictInputs: boolean
  ownAgents: boolean
  wholeInbox: boolean
  /** Calls of vendors that are passed on. */
  upstreamPaths: string[]
  /** What it may give back by the API, in yuan as people write it. */
  refundEach: string
  refundDay: string
  /** What its SMS may cost in a month, in yuan as people write it. */
  smsBudget: string
}

/** The values as the server expects them. */
export function toInput(form: DeveloperForm): CallInput<'/web/developers/add'> {
  const {
    name,
    scopes,
    scopeDays = {},
    range,
    departments = [],
    tags = [],
    groups = [],
    ips = '',
    accounts = [],
    listStyle,
    packets,
    newDevices,
    strictInputs,
    ownAgents,
    wholeInbox,
    upstreamPaths = [],
    refundEach = '',
    refundDay = '',
    smsBudget = '',
  } = form
  return {
    name,
    scopes,
    scopeDays: Object.fromEntries(
      scopes.flatMap(scope => {
        const day = scopeDays[scope]?.format('YYYY-MM-DD')
        return day ? [[scope, day]] : []
      }),
    ),
    ...(range === 'some' ? { dataScope: { departments, tags, groups } } : {}),
    allowedIps: ips.split(/[\s,;，；]+/).filter(Boolean),
    accounts,
    listStyle,
    packets,
    newDevices: newDevices ? '1' : '0',
    strictInputs: strictInputs ? '1' : '0',
    ownAgents: ownAgents ? '1' : '0',
    wholeInbox: wholeInbox ? '1' : '0',
    upstreamPaths,
    refundLimits: { each: fenOf(refundEach) ?? 0, day: fenOf(refundDay) ?? 0 },
    smsBudget: fenOf(smsBudget) ?? 0,
  }
}
