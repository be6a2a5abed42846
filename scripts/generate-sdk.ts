import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { endpoints } from '../server/features.ts'
import { generatedFiles } from './sdk/generate.ts'

/** Writes what the SDK has from the declarations of the calls. */
const target = resolve(import.meta.dirname, '../sdk/server/generated')
mkdirSync(target, { recursive: true })
for (const [name, text] of generatedFiles(endpoints)) writeFileSync(join(target, name), text)
