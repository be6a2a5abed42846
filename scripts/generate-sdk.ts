import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { documentedEvents, endpoints } from '../server/features.ts'
import { generatedFiles } from './sdk/generate.ts'

/** Writes what the SDK has from the declarations of calls and events. */
const target = resolve(import.meta.dirname, '../sdk/server/generated')
mkdirSync(target, { recursive: true })
for (const [name, text] of generatedFiles(endpoints, documentedEvents))
  writeFileSync(join(target, name), text)
