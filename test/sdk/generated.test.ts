import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { generatedFiles, isStream } from '../../scripts/sdk/generate.ts'
import { errorClasses } from '../../sdk/server/generated/errors.ts'
import { createClient } from '../../sdk/server/index.ts'
import { documentedEvents, endpoints } from '../../server/features.ts'
import { codes } from '../../server/platform/http/errors.ts'

const sdk = resolve(import.meta.dirname, '../../sdk')

const mend = 'run: node scripts/generate-sdk.ts'
const filesOf = (folder: string) =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(file => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]),
  )

it('has its types and its table of calls from the declarations', () => {
  expect(filesOf(join(sdk, 'server/generated')), mend).toEqual(generatedFiles(endpoints, documentedEvents))
})

it('has a function for every call, and a class for every code', () => {
  const wisp = createClient({ url: 'http://127.0.0.1:1', devId: 'a', devSecret: 'b' })
  const functionAt = (path: string) =>
    path
      .split('/')
      .slice(2)
      .reduce((found: unknown, part) => {
        const name = part.charAt(0).toLowerCase() + part.slice(1)
        return (found as Record<string, unknown>)[name]
      }, wisp)
  const missing = endpoints.filter(one => !isStream(one) && typeof functionAt(one.path) !== 'function')
  expect(missing.map(one => one.path)).toEqual([])
  expect(Object.keys(errorClasses)).toEqual(Object.values(codes).map(one => one.code))
})
