import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'
import { flushFolder } from './flush-folder.ts'
import { giveToOwnerOf } from './owner.ts'

export function keyFile(dataDir: string): string {
  return join(dataDir, 'secret.key')
}

/**
 * The key is written under a temporary name just before the cluster is created and renamed once the cluster exists. So no
 * crash can leave a key without its database or a database without its key.
 */
export function prepareKey(dataDir: string): void {
  const path = preparedKey(dataDir)
  writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true })
  giveToOwnerOf(dataDir, path)
}

export function settleKey(dataDir: string): void {
  const prepared = preparedKey(dataDir)
  if (!existsSync(prepared) || existsSync(keyFile(dataDir))) return
  renameSync(prepared, keyFile(dataDir))
  flushFolder(dataDir)
}

function preparedKey(dataDir: string): string {
  return `${keyFile(dataDir)}.new`
}

/** The key of an existing database. Throws EmbeddedError when it is lost or damaged. */
export function readKey(dataDir: string): string {
  const path = keyFile(dataDir)
  if (!existsSync(path)) throw keyLost(path)
  const key = readFileSync(path, 'utf8').trim()
  if (key.length < 32) throw keyDamaged(path)
  return key
}

/** Creating an empty database beside the key of another one would hide the loss of that one. */
export function databaseLost(dataDir: string, cluster: string): EmbeddedError {
  const key = keyFile(dataDir)
  return new EmbeddedError(
    `密钥 ${key} 还在，它的内嵌数据库 ${cluster} 却不见了，因此不会另建一个空的。请把数据库目录放回原处，或用 wisp restore 从备份恢复；确实要从头开始时，先把 ${key} 移走。`,
    `The key ${key} is there but its embedded database ${cluster} is not, so no empty one is made. Put the database's folder back, or restore a backup with wisp restore; to start with an empty one, move ${key} away first.`,
  )
}

export function foreignKey(dataDir: string, fingerprint: string, expected: string): EmbeddedError {
  const path = keyFile(dataDir)
  return new EmbeddedError(
    `密钥文件 ${path}（指纹 ${fingerprint}）不是这个内嵌数据库的（应为 ${expected}）。请放回原来的文件，或把 WISP_SECRET_KEY 设为其内容。`,
    `The key file ${path} (fingerprint ${fingerprint}) is not that of this embedded database (expected ${expected}). Put the original back or set WISP_SECRET_KEY to what it said.`,
  )
}

function keyLost(path: string): EmbeddedError {
  return new EmbeddedError(
    `内嵌数据库的密钥 ${path} 不见了，库里的密钥没有它打不开，因此不会另造一个。请把它放回原处（应与备份一起保存），或把 WISP_SECRET_KEY 设为其内容；都没有时，移走数据目录从头开始。`,
    `The key ${path} of the embedded database is gone. Nothing sealed in the database opens without it, so no new one is made. Put it back (it is to be kept with the backups) or set WISP_SECRET_KEY to what it said; without either, move the data directory away and start with an empty one.`,
  )
}

function keyDamaged(path: string): EmbeddedError {
  return new EmbeddedError(
    `密钥文件 ${path} 是空的或不完整（少于 32 个字符）。请从备份放回原来的文件，或把 WISP_SECRET_KEY 设为其内容。`,
    `The key file ${path} is empty or incomplete (fewer than 32 characters). Put the original back or set WISP_SECRET_KEY to what it said.`,
  )
}
