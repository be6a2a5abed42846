import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import { countUnderWay } from './store.ts'

/** What official accounts still send when a corp switches them off. */
export async function massesUnderWay({ db }: Core, corpId: string): Promise<Words[]> {
  const count = await countUnderWay(db, corpId)
  if (count === 0) return []
  return [
    {
      zh: `${count} 条已确认的群发仍会按时发完；不需要的请先停止`,
      en: `${count} confirmed mass messages are still sent at their times; stop the ones that are not wanted first`,
    },
  ]
}
