import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { allFeatures } from '../server/features.ts'
import { offeredBy } from '../server/platform/manifest/offered.ts'
import { retentionPage, retentionPages } from './retention-page.ts'

/** Writes into the pages about retention what the features declare. */
const { retention } = offeredBy(allFeatures, () => undefined)
for (const language of ['en', 'zh'] as const) {
  const path = resolve(import.meta.dirname, '..', retentionPages[language].file)
  writeFileSync(path, retentionPage(language, readFileSync(path, 'utf8'), retention))
}
