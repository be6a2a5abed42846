/**
 * A suspended corp lets only ends through. The queue holds back the corp's tasks, except those of streams that declare
 * `goesOn`, and gives back tasks under way. A corp that is being deleted is unknown to `corps` from the first transaction on.
 * Its rows are deleted in batches that count themselves under the task's lease (corp-lifecycle/removal/). The migrated catalog,
 * not a list, says which rows those are.
 */

import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { PushRefused } from '../../../platform/http/upstream-push.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Words } from '../../../platform/words.ts'
import type { Closure } from './closure.ts'
import { holdClosure } from './store.ts'

type Needs = { corps: { closureOf(corpId: string): Closure | undefined } }

export function isOpen({ corps }: Needs, corpId: string): boolean {
  return corps.closureOf(corpId) === undefined
}

/**
 * Throws 1009, with the reason, for a corp that is suspended or being deleted. Every way in asks this: the gates, signing in, and what
 * begins elsewhere (features/check-on.ts). What ends is let through, such as signing out, polls of orders and WeChat Pay's notifications.
 */
export function checkOpen({ corps }: Needs, corpId: string, status?: number): void {
  const closure = corps.closureOf(corpId)
  if (closure) throw closed(closure, status)
}

/** Like `checkOpen`, for signing in: who is one of the three administrators is known at its end, and they alone come into a restored corp. */
export function checkTakesSignIns({ corps }: Needs, corpId: string, status?: number): void {
  const closure = corps.closureOf(corpId)
  if (closure && closure.kind !== 'restored') throw closed(closure, status)
}

/** Pushes are stored while the corp is suspended, and refused when it is being deleted. Throws PushRefused. */
export function checkTakesPushes({ corps }: Needs, corpId: string): void {
  if (corps.closureOf(corpId)?.kind === 'removing') throw new PushRefused(404, 'the corp is being deleted')
}

/** Like `checkOpen`, for what must not begin beside the moment in which the corp is suspended: until the transaction ends, it cannot be. */
export async function checkStaysOpen(tx: Db, corpId: string): Promise<void> {
  const closure = await holdClosure(tx, corpId)
  if (closure) throw closed(closure)
}

export function closed(closure: Closure, status = 200): ApiError {
  const { kind, reason } = closure
  if (kind === 'removing')
    return new ApiError(
      'forbidden',
      { zh: '本企业正在删除，不再提供服务', en: 'this corp is being deleted and is not served any more' },
      { status },
    )
  if (kind === 'restored')
    return new ApiError(
      'forbidden',
      {
        zh: '本企业刚从备份恢复，三员中的两位确认之前，只有三员可以使用',
        en: 'this corp was restored from a backup: until two of the three administrators confirm it, they alone may use it',
      },
      { status },
    )
  return new ApiError(
    'forbidden',
    {
      zh: told`本企业已暂停服务：${own(reason)}`,
      en: told`this corp is suspended: ${own(reason)}`,
    },
    { status },
  )
}

/** The same for pages and logs that have words of their own around it. */
export function whyClosed(closure: Closure): Words {
  const { zh, en } = closed(closure).detail as Words
  return { zh, en }
}

/** Returns the refusal of an installation that was restored from a backup and waits for confirmation. */
export function installationClosed(status = 200): ApiError {
  return new ApiError(
    'forbidden',
    {
      zh: '平台刚从备份恢复，三员中的两位确认之前，只有三员可以使用',
      en: 'the installation was restored from a backup: until two of the three administrators confirm it, they alone may use it',
    },
    { status },
  )
}
