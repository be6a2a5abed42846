import { DatabaseAway } from '../../../platform/storage/availability.ts'
import type { Library } from '../provider/library.ts'

/** Says to applications that it passes, instead of an error that nobody foresaw. */
export async function toldAway<T>(
  { TemporarilyUnavailable }: Library['errors'],
  work: Promise<T>,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof DatabaseAway)) throw error
    const away = new TemporarilyUnavailable('try again', { cause: error })
    throw Object.assign(away, { status: 503, statusCode: 503 })
  }
}
