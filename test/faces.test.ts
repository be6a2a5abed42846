import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TSchema } from 'typebox'
import { expect, it } from 'vitest'
import { commands } from '../server/cli/commands.ts'
import { adminCalls, allFeatures, pageCalls } from '../server/features.ts'
import type { Fields } from '../server/platform/http/input.ts'

/**
 * What users know of each page call, call of management, command and section of the settings file. A face that is listed in `test/faces/`
 * stays as it is listed; a new one need not be listed. After an intended change: `UPDATE_FACES=1 npx vitest run test/faces.test.ts`.
 */
const folder = join(import.meta.dirname, 'faces')

/** A schema as it is written in the list. What only documents say is left out unless `withWords`. */
function shapeOf(schema: TSchema, withWords: boolean): unknown {
  const seen = ['about', 'examples', 'default', 'maxLength', 'maxItems', 'minItems', 'minLength']
  const left = (name: string) => !withWords && seen.includes(name)
  return JSON.parse(JSON.stringify(schema), (name, value) => (left(name) ? undefined : value))
}

const inputsOf = (fields: Fields, withWords: boolean) =>
  Object.entries(fields)
    .map(([name, { schema, required }]) => [
      required ? name : `${name}?`,
      withWords ? schema : shapeOf(schema, false),
    ])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))

const faces: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  pages: Object.fromEntries(
    pageCalls.map(({ method, path, access, input, output, ...more }) => [
      `${method} ${path}`,
      {
        access,
        directory: more.directory,
        outgoing: more.outgoing,
        bodyAtMost: more.bodyAtMost,
        unattended: more.unattended,
        whileSuspended: more.whileSuspended,
        input: inputsOf(input, false),
        output: digestOf(shapeOf(output, false)),
      },
    ]),
  ),
  management: Object.fromEntries(
    adminCalls.map(({ method, path, summary, description, scope, reach, input, output, errors, ...more }) => [
      `${method} ${path}`,
      {
        summary,
        description,
        scope,
        reach,
        input: inputsOf(input, true),
        output,
        directory: more.directory,
        outgoing: more.outgoing,
        errors: [...errors].sort(),
        sample: more.sample,
        sampleInput: more.sampleInput,
      },
    ]),
  ),
  commands: Object.fromEntries(
    commands.map(({ path, summary, details, parts }) => [
      path,
      {
        summary,
        details,
        parts: Object.values(parts)
          .map(({ flags, description, kind, allowsDash, allowsAddress }) => ({
            flags,
            description,
            kind,
            allowsDash,
            allowsAddress,
          }))
          .sort((a, b) => (a.flags < b.flags ? -1 : 1)),
      },
    ]),
  ),
  settings: Object.fromEntries(
    allFeatures.flatMap(one =>
      Object.entries(one.settings ?? {}).map(([name, { key, isLarge, byPeople, refersTo, shape, add }]) => [
        name,
        {
          key,
          isLarge,
          byPeople,
          refersTo,
          add: typeof add === 'object' ? add : add && 'by the file',
          shape: shape({ offered: { optional: new Map() } } as never),
        },
      ]),
    ),
  ),
}

/** In one order, because the order of a declaration is nobody's concern. */
function sorted(name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return name === 'required' ? value.toSorted() : value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Pages are compiled against the shapes of their answers, which are long: the list only says that one is another. */
function digestOf(shape: unknown): string {
  const text = JSON.stringify(shape, sorted)
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}

const linesOf = (all: Readonly<Record<string, unknown>>) =>
  Object.entries(all).map(([name, face]) => `${name}\t${JSON.stringify(face, sorted)}`)

it.each(Object.keys(faces))('%s are those that users know', kind => {
  const file = join(folder, `${kind}.txt`)
  const now = new Map(linesOf(faces[kind] ?? {}).map(line => line.split('\t', 2) as [string, string]))
  if (process.env['UPDATE_FACES']) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      file,
      [...now]
        .sort()
        .map(([name, face]) => `${name}\t${face}\n`)
        .join(''),
    )
  }
  const known = readFileSync(file, 'utf8').trimEnd().split('\n')
  for (const line of known) {
    const [name = '', face = ''] = line.split('\t', 2)
    expect(JSON.parse(now.get(name) ?? '{}'), name).toEqual(JSON.parse(face))
  }
})
