import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { allFeatures } from '../server/features.ts'
import { offeredBy } from '../server/platform/manifest/offered.ts'
import { retentionPage } from './retention-page.ts'

/** Writes into docs/retention.md what the features declare. */
const path = resolve(import.meta.dirname, '../docs/retention.md')
const { retention } = offeredBy(allFeatures, () => undefined)
writeFileSync(path, retentionPage(readFileSync(path, 'utf8'), retention))
