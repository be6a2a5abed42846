import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type { Seal } from '../../platform/security/seal.ts'
import { unsealed } from './proof/sealed-backup.ts'

/** A backup that can be read from its beginning, as often as needed. */
export type Source = {
  /** As errors call it. */
  name: string
  open(): AsyncIterable<Buffer>
}

/** The same with its content decrypted. `isSealed`: whether what was opened was encrypted; only holders of the key write such files. */
export type PlainSource = { name: string; open(): Readable; isSealed(): boolean }

export function fileSource(file: string): Source {
  return { name: file, open: () => createReadStream(file) }
}

export function plainSource({ name, open }: Source, seal: Seal | undefined): PlainSource {
  let sealed = false
  return {
    name,
    open() {
      sealed = false
      return unsealed(name, open(), seal, () => {
        sealed = true
      })
    },
    isSealed: () => sealed,
  }
}
