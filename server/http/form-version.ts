import { createHash } from 'node:crypto'
import { ApiError } from './errors.ts'

/** Moves with each change of a row, so that a form that was filled from another state is told from one that was not. */
export function versionOf(row: object): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('base64url').slice(0, 22)
}

/** In the transaction that changes the row, which is locked. `expected` undefined: whoever asks saw no form. Throws 1000 with HTTP 409. */
export function checkVersion(row: object, expected: string | undefined): void {
  if (expected !== undefined && expected !== versionOf(row))
    throw new ApiError(
      'badParameter',
      {
        zh: '内容已被他人修改，请刷新后再改；您的修改没有保存',
        en: 'somebody else has changed this, so your change was not saved: reload and redo the change',
      },
      { status: 409 },
    )
}
