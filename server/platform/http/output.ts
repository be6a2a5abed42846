import type { ServerResponse } from 'node:http'
import build from 'fast-json-stringify'
import { type Static, type TSchema, Type } from 'typebox'

/** Whose personal data an answer gives: ids of members, and the wire names of what it gives of each. */
export type PersonalData = { memberIds: readonly number[]; fields: readonly string[] }

/**
 * An answer that is not a plain object: `wire` is the ready body (wire.ts), with `headers` of its own
 * and personal data of `people`, `envelope` holds the bytes of the whole
 * answer, cached per `etag`, and `file` is bytes with their own content type, which browsers keep for `maxAgeSeconds`; those of strangers have
 * an `attachment`, their Content-Disposition, and run nothing in a browser. `stream` writes what there is for as long as the
 * connection lasts.
 */
export type Answer =
  | { wire: string; headers?: Readonly<Record<string, string>>; people?: PersonalData }
  | { envelope: Buffer; etag: string }
  | { file: Buffer; type: string; maxAgeSeconds: number | 'not kept'; attachment?: string }
  | { stream: (raw: ServerResponse, requestId: string) => void }

export class ReadyAnswer {
  readonly answer: Answer
  constructor(answer: Answer) {
    this.answer = answer
  }
}

/** Marks an answer as ready, so that it is sent unchanged. */
export function ready(answer: Answer): ReadyAnswer {
  return new ReadyAnswer(answer)
}

/** A time: a Date in the answer, ISO text in UTC on the wire. */
export const time = Type.Unsafe<Date>({ type: 'string', format: 'date-time' })

/** Bytes with their own content type, which no schema describes. */
export const fileSchema = Type.Unsafe<Buffer>(Type.String({ contentMediaType: 'application/octet-stream' }))

/** What a handler may return for a schema: a matching value, which is only read, or ready bytes of one. */
export type HandlerAnswer<S extends TSchema> = LooseValue<Static<S>> | ReadyAnswer

type LooseValue<T> = T extends Date
  ? T
  : T extends object
    ? { readonly [K in keyof T]: LooseValue<T[K]> | (object extends Pick<T, K> ? undefined : never) }
    : T

/**
 * Writes as JSON what the schema declares, and nothing else. Throws when a required part is missing or no alternative
 * fits. Compiled at the first use, so that starting stays fast.
 */
export function writerOf(schema: TSchema): (answer: unknown) => string {
  let write: ((answer: unknown) => string) | undefined
  return answer => {
    write ??= build(schema)
    return write(answer)
  }
}
