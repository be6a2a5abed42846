import { createHash } from 'node:crypto'
import { ApiError } from './errors.ts'

/** Changes with every change of a row, so that a save from an outdated form is detected. */
export function versionOf(row: object): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('base64url').slice(0, 22)
}

/**
 * Must run in the transaction that changes the row, with the row locked. `expected` is undefined when the caller
 * filled no form. Throws 1000 with HTTP 409.
 */
export function checkVersion(row: object, expected: string | undefined): void {
  if (expected !== undefined && expected !== versionOf(row))
    throw new ApiError(
      'badParameter',
      {
        zh: '内容已被他人修改，请刷新后再改；您的修改没有保存',
        en: 'another administrator has changed this in the meantime, so your change was not saved: reload and redo the change',
      },
      { status: 409 },
    )
}
