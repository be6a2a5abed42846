/**
 * A stored file is referred to in the transaction that names it (`referToFile`). The nightly prune deletes files that no
 * declared column names, and waits for a transaction that is about to name one.
 */

import { createHash } from 'node:crypto'
import type { Core } from '../core.ts'
import { ApiError } from '../http/errors.ts'
import { own, told } from '../http/told.ts'
import { ownTurn } from '../operation/own-turn.ts'
import type { Db } from '../storage/db.ts'
import type { Words } from '../words.ts'
import { type FileType, recognise } from './recognise.ts'
import * as store from './store.ts'

type Use = { readonly name: Words; readonly types: readonly FileType[]; readonly bytesAtMost: number }

const megabyte = 1024 * 1024

/** What a file may be for. The limits are WeChat's (docs/upstream/official-media.md), except for icons, whose limit is our own. */
export const fileUses = {
  icon: {
    name: { zh: '图标', en: 'the icon' },
    types: ['image/png', 'image/jpeg', 'image/webp'],
    bytesAtMost: megabyte,
  },
  image: {
    name: { zh: '图片', en: 'the picture' },
    types: ['image/png', 'image/jpeg', 'image/gif'],
    bytesAtMost: 10 * megabyte,
  },
  articleImage: {
    name: { zh: '正文图片', en: 'the picture in the article' },
    types: ['image/png', 'image/jpeg'],
    bytesAtMost: megabyte - 1,
  },
  thumb: { name: { zh: '缩略图', en: 'the thumbnail' }, types: ['image/jpeg'], bytesAtMost: 64 * 1024 },
  voice: {
    name: { zh: '语音', en: 'the voice message' },
    types: ['audio/amr', 'audio/mpeg'],
    bytesAtMost: 2 * megabyte,
  },
  video: { name: { zh: '视频', en: 'the video' }, types: ['video/mp4'], bytesAtMost: 10 * megabyte },
} as const satisfies Record<string, Use>
export type FileUse = keyof typeof fileUses
export const fileUseNames = Object.keys(fileUses) as FileUse[]

/** The largest file of any use, in bytes. */
export const fileBytesAtMost = 10 * megabyte

const typeNames: Record<FileType, string> = {
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'image/gif': 'GIF',
  'image/webp': 'WebP',
  'audio/amr': 'AMR',
  'audio/mpeg': 'MP3',
  'video/mp4': 'MP4',
}

export type FileInfo = { hash: string; type: FileType; size: number }

/** Stores a file under the hash of its content; the same one again is stored once. Throws 1000. */
export async function storeFile(
  ctx: Pick<Core, 'db' | 'now'>,
  corpId: string,
  use: FileUse,
  bytes: Buffer,
): Promise<FileInfo> {
  const type = recognise(bytes)
  const file = { type, size: bytes.length }
  checkUse(use, file)
  const hash = createHash('sha256').update(bytes).digest('hex')
  const wanted_at = new Date(ctx.now())
  await store.putFile(ctx.db, { corp_id: corpId, hash, type: file.type, bytes, wanted_at })
  return { hash, ...file }
}

/**
 * Refers to a stored file, in the transaction that writes its hash: the file stays from now on, as long as the row does that
 * was declared among the feature's `files`. Throws 1000 for a file that is not there or is none for this use.
 */
export async function referToFile(
  ctx: Pick<Core, 'now'>,
  tx: Db,
  corpId: string,
  use: FileUse,
  hash: string,
): Promise<FileInfo> {
  const found = await store.wantFile(tx, corpId, hash, new Date(ctx.now()))
  if (!found) throw missingFile(use)
  checkUse(use, found)
  return { hash, ...found }
}

const hashedAtOnce = 1_000_000

/**
 * The name under which a private file is stored. It is made with a key, so that nobody finds out by `showFile` whether the corp has a file
 * with a certain content: the room that stores it decides who reads it.
 */
export async function privateHash(ctx: Pick<Core, 'seal'>, bytes: Buffer): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += hashedAtOnce) {
    hash.update(bytes.subarray(at, at + hashedAtOnce))
    await ownTurn()
  }
  return ctx.seal.sign('stored_file.hash', hash.digest('hex'))
}

/** Stores a private file, in the transaction that writes its hash; the same one again is stored once. */
export async function storePrivately(
  ctx: Pick<Core, 'now'>,
  tx: Db,
  corpId: string,
  { hash, type, bytes }: { hash: string; type: string; bytes: Buffer },
): Promise<void> {
  const at = new Date(ctx.now())
  if (await store.wantFile(tx, corpId, hash, at)) return
  await store.putFile(tx, { corp_id: corpId, hash, type, bytes, wanted_at: at })
}

/** The file's bytes. Throws 1000 for a file that is not there or is none for this use. */
export async function readFileFor(
  ctx: Pick<Core, 'db'>,
  corpId: string,
  use: FileUse,
  hash: string,
): Promise<{ type: FileType; bytes: Buffer }> {
  const found = await readFile(ctx, corpId, hash)
  if (!found) throw missingFile(use)
  checkUse(use, { type: found.type, size: found.bytes.length })
  return found
}

function missingFile(use: FileUse): ApiError {
  return new ApiError('badParameter', {
    zh: `${fileUses[use].name.zh}的文件不存在，请重新上传`,
    en: `the file of ${fileUses[use].name.en} does not exist: upload it again`,
  })
}

/** The file's bytes; undefined when the corp has none with this hash. */
export async function readFile(
  ctx: Pick<Core, 'db'>,
  corpId: string,
  hash: string,
): Promise<{ type: FileType; bytes: Buffer } | undefined> {
  return store.findFile(ctx.db, corpId, hash)
}

function checkUse(
  use: FileUse,
  file: { type: FileType | undefined; size: number },
): asserts file is { type: FileType; size: number } {
  const { name, types, bytesAtMost }: Use = fileUses[use]
  const { type, size } = file
  if (type === undefined || !types.includes(type)) {
    const wanted = types.map(one => typeNames[one])
    throw new ApiError('badParameter', {
      zh: told`${own(name.zh)}应为 ${own(wanted.join('、'))} 文件（按内容识别）`,
      en: told`${own(name.en)} should be a file of type ${own(wanted.join(', '))}, recognised by its content`,
    })
  }
  if (size > bytesAtMost)
    throw new ApiError('badParameter', {
      zh: told`${own(name.zh)}有 ${own(size)} 字节，最多 ${own(bytesAtMost)} 字节`,
      en: told`${own(name.en)} has ${own(size)} bytes, at most ${own(bytesAtMost)} are allowed`,
    })
}
