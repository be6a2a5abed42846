import type { Language, Words } from '../../words.ts'

declare module 'typebox' {
  interface TSchemaOptions {
    /** What the documents of the API say of a value. Its calls have no `description`, which would be in one language only. */
    about?: Words
  }
}

/** The schema as the documents of one language have it, with `about` as its description. */
export function schemaIn(language: Language, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(one => schemaIn(language, one))
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, one]) =>
      key === 'about' && isWords(one) ? ['description', one[language]] : [key, schemaIn(language, one)],
    ),
  )
}

/** A property of an object may have the name `about` too. */
function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value
}
