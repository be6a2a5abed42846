import { headBytes } from '../../../platform/security/sealed-frames.ts'
import { BackupError } from '../backup-error.ts'
import type { Source } from '../source.ts'

export type StoredFile = { name: string; size: number; at: Date }

/** Where backups are kept. Its functions throw BackupError for whatever an administrator can understand and mend. */
export type BackupPlace = {
  kind: 'folder' | 's3'
  /** Tells it from every other place, and people where it is. */
  address: string
  /** There is nothing under the name before all of it is there; what fails leaves nothing. */
  put(name: string, bytes: AsyncIterable<Buffer>, signal?: AbortSignal): Promise<{ size: number }>
  /** Files whose names are those of backups. */
  list(signal?: AbortSignal): Promise<StoredFile[]>
  /** The first bytes of a file; undefined when it is not there. */
  start(name: string): Promise<Buffer | undefined>
  source(name: string, signal?: AbortSignal): Source
  remove(name: string): Promise<void>
  /** Removes what a killed run left half-written under these names. */
  tidy(names: ReadonlySet<string>): Promise<void>
  /** Writes, lists, reads and deletes a small file. */
  tryOut(): Promise<void>
  close(): Promise<void>
}

/** `id` is that of the run, so that no two runs have one name. */
export function backupName(at: Date, id: number): string {
  return `wisp-${at.toISOString().replace(/[:-]|\.\d{3}/g, '')}-${id}.backup`
}

export function isBackupName(name: string): boolean {
  return /^wisp-\d{8}T\d{6}Z-\d{1,16}\.backup$/.test(name)
}

/** So much of a file says whether it is the one that a run wrote. */
export const startBytes = headBytes
export const trialContent = Buffer.from('wisp\n')

export function differs(where: string): BackupError {
  return new BackupError(`${where} 读出的内容与写入的不同`, `${where}: what was read is not what was written`)
}
