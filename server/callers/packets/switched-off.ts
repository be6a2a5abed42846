import type { Core } from '../../platform/core.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import { developersThatRequirePackets } from './device-store.ts'

/** A developer whose calls must be encrypted could make none any more. */
export async function developersWhoNeedPackets(tx: Db, _ctx: Core, corpId: string): Promise<Words[]> {
  const names = await developersThatRequirePackets(tx, corpId)
  if (names.length === 0) return []
  return [
    {
      zh: `这些开发者的调用必须加密: ${names.join('、')}；请先改为「允许」或「关闭」`,
      en: `calls of these developers must be encrypted: ${names.join(', ')}; set them to allowed or off first`,
    },
  ]
}
