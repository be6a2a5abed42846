import { Type } from 'typebox'
import { ApiError } from './errors.ts'
import {
  type Description,
  type Field,
  integer,
  optionalChoice,
  optionalInteger,
  optionalText,
} from './input.ts'
import { own, told } from './told.ts'

/** Inputs that the console's lists share. */
export const paging = {
  pageNo: optionalInteger('页码，从 1 起', { min: 1, max: 1_000_000 }),
  pageSize: optionalInteger('每页条数', { min: 1, max: 200 }),
}

export type Paging = { pageNo: number | undefined; pageSize: number | undefined }

export function pageOf({ pageNo = 1, pageSize = 20 }: Paging): { limit: number; offset: number } {
  return { limit: pageSize, offset: (pageNo - 1) * pageSize }
}

/** Selects a page of a list that is in memory. */
export function onPage<T>(rows: readonly T[], paging: Paging): T[] {
  const { limit, offset } = pageOf(paging)
  return rows.slice(offset, offset + limit)
}

/** What a filter takes: one value, or several of which one has to fit, joined by commas. */
type JoinedChoices<T extends string> = T | `${T},${string}`

/** A filter of a list by one or several of these choices. It reads as undefined where all rows are meant. Throws 1000. */
export function several<const T extends string, A extends Description>(
  about: A,
  choices: readonly T[],
): Field<readonly T[] | undefined, JoinedChoices<T>, false, A> {
  const one = optionalChoice(about, choices)
  return {
    about,
    schema: Type.String({ maxLength: choices.join(',').length }),
    required: false,
    read(value, name) {
      const parts = (typeof value === 'string' ? value.split(/[|,\s]+/) : [value]).filter(part => part !== '')
      const chosen = [...new Set(parts.map(part => one.read(part, name) as T))]
      return chosen.length > 0 ? chosen : undefined
    },
    missing: () => undefined,
  }
}

/** The numeric id of a row. */
export function requiredId(description: string): Field<number, number, true> {
  return integer(description, { min: 1, max: Number.MAX_SAFE_INTEGER })
}

export const sorting = optionalText('排序字段，前加 - 为降序', { max: 32 })

/** What a list takes to become a file: its order, and the language of its head. */
export const exporting = { sort: sorting, language: optionalChoice('列名的语言', ['zh', 'en']) }

export type Order<T extends string> = { by: T; descending: boolean; sign: 1 | -1 }

/** Reads an order: one of these fields, or `-field` for descending. Throws 1000. */
export function orderOf<const T extends string>(
  sort: string | undefined,
  fields: readonly T[],
  standard: T | `-${T}`,
): Order<T> {
  return givenOrder(sort ?? standard, fields)
}

/** Like `orderOf`, for lists that have a natural order when none is given. */
export function maybeOrderOf<const T extends string>(
  sort: string | undefined,
  fields: readonly T[],
): Order<T> | undefined {
  return sort === undefined ? undefined : givenOrder(sort, fields)
}

function givenOrder<const T extends string>(sort: string, fields: readonly T[]): Order<T> {
  const by = fields.find(one => one === sort.replace(/^-/, ''))
  if (!by)
    throw new ApiError('badParameter', {
      zh: told`sort 应为 ${own(fields.join('、'))} 之一，前加 - 为降序`,
      en: told`sort should be one of ${own(fields.join(', '))}, with - in front for descending order`,
    })
  const descending = sort.startsWith('-')
  return { by, descending, sign: descending ? -1 : 1 }
}
