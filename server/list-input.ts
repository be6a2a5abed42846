import { ApiError } from './errors.ts'
import { type Field, optionalInteger, optionalText } from './input.ts'

/** Inputs that the console's lists share. */
export const paging = {
  pageNo: optionalInteger('页码，从 1 起', { min: 1, max: 1_000_000 }),
  pageSize: optionalInteger('每页条数', { min: 1, max: 200 }),
}

export type Paging = { pageNo: number | undefined; pageSize: number | undefined }

export function pageOf({ pageNo = 1, pageSize = 20 }: Paging): { limit: number; offset: number } {
  return { limit: pageSize, offset: (pageNo - 1) * pageSize }
}

/** The number of a row. */
export function requiredId(description: string): Field<number> {
  const field = optionalInteger(description, { min: 1, max: Number.MAX_SAFE_INTEGER })
  return { ...(field as Field<number>), required: true }
}

export const sorting = optionalText('排序字段，前加 - 为降序', { max: 32 })

/** Throws 1000. */
export function orderOf<const T extends string>(
  sort: string | undefined,
  fields: readonly T[],
  standard: T | `-${T}`,
): { by: T; descending: boolean } {
  const given = sort ?? standard
  const by = fields.find(one => one === given.replace(/^-/, ''))
  if (!by)
    throw new ApiError('badParameter', {
      zh: `sort 应为 ${fields.join('、')} 之一，前加 - 为降序`,
      en: `sort should be one of ${fields.join(', ')}, with - in front for descending order`,
    })
  return { by, descending: given.startsWith('-') }
}
