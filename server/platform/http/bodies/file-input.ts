import { Type } from 'typebox'
import type { Words } from '../../words.ts'
import { ApiError } from '../errors.ts'
import type { Field } from '../input.ts'
import { own, told } from '../told.ts'

/** A file as it came in a form. No JSON can be mistaken for one. */
export class UploadedFile {
  readonly name: string
  readonly bytes: Buffer
  constructor(name: string, bytes: Buffer) {
    this.name = name
    this.bytes = bytes
  }
}

/**
 * Declares a file of at most `max` bytes. A call with such an input takes multipart/form-data, and other inputs as parts of the
 * form. Reading it throws ApiError 1000.
 */
export function file(about: Words, { max }: { max: number }): Field<UploadedFile, Blob, true, Words> {
  return {
    about,
    schema: Type.String({ about, contentMediaType: 'application/octet-stream', maxLength: max }),
    required: true,
    read(value, name) {
      if (!(value instanceof UploadedFile))
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 应为 multipart/form-data 中的一个文件（该部分有 filename）`,
          en: told`${own(name)} should be a file of multipart/form-data, a part with a filename`,
        })
      if (value.bytes.length > max)
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 有 ${own(value.bytes.length)} 字节，最大 ${own(max)} 字节`,
          en: told`${own(name)} has ${own(value.bytes.length)} bytes, at most ${own(max)} are allowed`,
        })
      return value
    },
    missing: () => undefined as never,
  }
}

/** Whether a call with these inputs takes a form instead of JSON. */
export function takesFile(fields: Readonly<Record<string, { schema: object }>>): boolean {
  return Object.values(fields).some(({ schema }) => 'contentMediaType' in schema)
}
