import { formParts } from '../../platform/http/bodies/multipart.ts'
import type { GivenName } from './given-name.ts'

const valueAtMost = 128

const notPassed = { zh: '没有发给上游', en: 'nothing was sent to the vendor' } as const

/**
 * The names of a multipart form, with the values of those that are no files and short. Throws 1000 for what is no form, and for what
 * a vendor may read otherwise than wisp (`formParts`).
 */
export async function formFields(type: string, bytes: Buffer): Promise<(GivenName & { isFile: boolean })[]> {
  const parts = await formParts(type, bytes, notPassed)
  return parts.map(({ name, fileName, bytes: value }) => ({
    name,
    value: value.length <= valueAtMost ? value.toString('utf8') : undefined,
    isFile: fileName !== undefined,
  }))
}
