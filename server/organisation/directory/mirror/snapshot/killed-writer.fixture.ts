import { once } from 'node:events'
import { createSeal } from '../../../../platform/security/seal.ts'
import { writeSealedFile } from '../../../../platform/security/sealed-file.ts'
import { openFolder } from './folder.ts'
import { purpose } from './write-snapshot.ts'

/** Writes half of a corp's snapshot and waits, for a test that kills this process: `node … <folder> <corpId>`. */
const [, , dir = '', corpId = ''] = process.argv
await openFolder(dir, 'killed').replace(corpId, async path => {
  const file = await writeSealedFile(path, createSeal('a key for tests only, 32 characters'), purpose)
  for (let n = 0; n < 4; n++) await file.write(Buffer.alloc(4096))
  process.send?.('writing')
  await once(process, 'message')
})
