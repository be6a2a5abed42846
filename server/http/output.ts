import build from 'fast-json-stringify'
import { type Static, type TSchema, Type } from 'typebox'

/**
 * An answer that is more than an object: `wire` is the ready body (wire.ts); `envelope` are the bytes of the whole answer, kept
 * per `etag`; `file` are bytes with their own type.
 */
export type Answer =
  | { wire: string }
  | { envelope: Buffer; etag: string }
  | { file: Buffer; type: string; maxAgeSeconds: number }

export class ReadyAnswer {
  readonly answer: Answer
  constructor(answer: Answer) {
    this.answer = answer
  }
}

/** Marks an answer as ready, so that it is sent as it is. */
export function ready(answer: Answer): ReadyAnswer {
  return new ReadyAnswer(answer)
}

/** A moment: a Date in the answer, ISO text in UTC on the wire. */
export const time = Type.Unsafe<Date>({ type: 'string', format: 'date-time' })

/** Bytes with a type of their own, which no schema describes. */
export const fileSchema = (description: string) =>
  Type.Unsafe<Buffer>(Type.String({ contentMediaType: 'application/octet-stream', description }))

/** What a handler may answer for a schema: such a value, which is only read, or ready bytes of one. */
export type Answered<S extends TSchema> = Loose<Static<S>> | ReadyAnswer

type Loose<T> = T extends Date
  ? T
  : T extends object
    ? { readonly [K in keyof T]: Loose<T[K]> | (object extends Pick<T, K> ? undefined : never) }
    : T

/**
 * Writes an answer as JSON: what its schema declares, and nothing else. Throws where a required part is missing or no
 * choice fits. Compiled when it is first needed, which keeps the start short.
 */
export function writerOf(schema: TSchema): (answer: unknown) => string {
  let write: ((answer: unknown) => string) | undefined
  return answer => {
    write ??= build(schema)
    return write(answer)
  }
}
